# SPDX-License-Identifier: Apache-2.0
"""Documents made here, byte by byte or by their own libraries, and readers without a process apart."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

from pypdf import PdfReader, PdfWriter

from auditor.documents.extracted import Extracted
from auditor.documents.isolation import END, REASONS, SIZE, Kind
from auditor.documents.worker import serve_one

W = '<w:document xmlns:w="urn:w"><w:body>{}</w:body></w:document>'


def zipped(members: Mapping[str, str | bytes], folding: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", folding) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def paragraph(*runs: str) -> str:
    return "<w:p>" + "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs) + "</w:p>"


def docx(*paragraphs: str, **more: str) -> bytes:
    named = {f"word/{name}.xml": content for name, content in more.items()}
    return zipped({"word/document.xml": W.format("".join(paragraphs)), **named})


def xlsx(rows: str, shared: tuple[str, ...] = (), title: str = "Staff") -> bytes:
    r = 'xmlns:r="urn:r"'
    return zipped(
        {
            "xl/workbook.xml": f'<workbook {r}><sheets><sheet name="{title}" r:id="rId7"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<R><Relationship Id="rId7" Target="worksheets/sheet1.xml"/></R>',
            "xl/sharedStrings.xml": "<sst>" + "".join(f"<si><t>{one}</t></si>" for one in shared) + "</sst>",
            "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{rows}</sheetData></worksheet>",
        }
    )


def pdf(*pages: str) -> bytes:
    """A PDF with one line of text a page (ISO 32000-1 §7.5)."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, text in enumerate(pages):
        fonts = "/Resources << /Font << /F1 3 0 R >> >> /MediaBox [0 0 300 300]"
        objects.append(f"<< /Type /Page /Parent 2 0 R {fonts} /Contents {5 + 2 * number} 0 R >>")
        drawn = f"BT /F1 12 Tf 20 200 Td ({text}) Tj ET"
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    made, places = "%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    end = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(made)}\n%%EOF\n"
    return (made + start + end).encode()


def locked(data: bytes) -> bytes:
    """The PDF under a password."""
    writer = PdfWriter(PdfReader(BytesIO(data)))
    writer.encrypt("a password", algorithm="RC4-128")
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def read(kind: Kind, data: bytes) -> Extracted:
    """What the worker tells of a document, without a process."""
    told = BytesIO()
    serve_one(kind, data, told)
    told.seek(0)
    pieces = []
    while (size := SIZE.unpack(told.read(SIZE.size))[0]) != END:
        pieces.append(told.read(size).decode())
    return Extracted("".join(pieces), REASONS[told.read(1)[0]])
