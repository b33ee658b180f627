# SPDX-License-Identifier: Apache-2.0
"""PDF, read by pypdf (https://pypdf.readthedocs.io), whose own bounds on what streams unfold to stay in force.

Imported where documents are read only: pypdf takes its time to load.
"""

from io import BytesIO
from typing import Final

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

from auditor.documents.extracted import Collector, Stop, Unread

PAGES_LIMIT: Final = 5_000


def read_pdf(data: bytes, into: Collector) -> None:
    """The text of all pages, each below its number, then what stands in the fields of its form."""
    reader = _opened(data)
    pages = len(reader.pages)
    broken, silent = False, True
    for number in range(min(pages, PAGES_LIMIT)):
        text = _page(reader, number)
        broken, silent = broken or text is None, silent and not text
        if text:
            into.add(f"[page {number + 1}]\n{text}\n")
    _form(reader, into)
    if broken or pages > PAGES_LIMIT or silent:
        raise Stop(Unread.BROKEN if broken else Unread.NO_TEXT if silent else Unread.TRUNCATED)


def _opened(data: bytes) -> PdfReader:
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Stop(Unread.ENCRYPTED)
    except (FileNotDecryptedError, DependencyError) as failure:
        raise Stop(Unread.ENCRYPTED) from failure
    return reader


def _page(reader: PdfReader, number: int) -> str | None:
    """A page's text; None where it is broken, whatever it raises: the next one may be whole."""
    try:
        return reader.pages[number].extract_text()
    except Exception:
        return None


def _form(reader: PdfReader, into: Collector) -> None:
    try:
        fields = reader.get_form_text_fields()
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError):
        return
    filled = [f"{name}: {value}\n" for name, value in fields.items() if value]
    if filled:
        into.add("[form]\n" + "".join(filled))
