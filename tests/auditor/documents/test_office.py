# SPDX-License-Identifier: Apache-2.0
"""Office and OpenDocument files are read in order; bombs, locks and broken ones end at a bound, with the reason."""

import random
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.documents import Extracted, Unread
from auditor.documents import archive as archive_module
from tests.auditor.documents.material import docx, paragraph, read, xlsx, zipped


def test_words_split_over_runs_are_whole_again() -> None:
    data = docx(paragraph("write to ann@exam", "ple.org"), "<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r></w:p>")
    assert read("archive", data) == Extracted("write to ann@example.org\na\tb\n")


def test_tables_notes_headers_deleted_text_and_authors() -> None:
    cell = "<w:tc>{}{}</w:tc>"
    row = "<w:tbl><w:tr>" + cell.format(paragraph("Name"), "") + cell.format(paragraph("Ann"), paragraph("Berg"))
    deleted = "<w:p><w:del><w:r><w:delText>was secret</w:delText></w:r></w:del></w:p>"
    extra = {"header1": f"<h>{paragraph('Confidential')}</h>", "comments": f"<c>{paragraph('Ask Bo')}</c>"}
    named = {f"word/{name}.xml": content for name, content in extra.items()}
    body = f"<d>{row}</w:tr></w:tbl>{deleted}</d>".replace("w:", "")
    core = "<core><creator>Maria Lind</creator><revision>4</revision></core>"
    plain = {name: content.replace("w:", "") for name, content in named.items()}
    found = read("archive", zipped({**plain, "docProps/core.xml": core, "word/document.xml": body}))
    assert found.unread is None
    assert found.text.startswith("Name \tAnn Berg \t\nwas secret\n")
    assert "[header1]\nConfidential\n" in found.text
    assert "[comments]\nAsk Bo\n" in found.text
    assert found.text.endswith("[properties]\nMaria Lind\n")


def test_slides_come_in_the_order_of_their_numbers() -> None:
    slide = '<s xmlns:a="urn:a"><a:p><a:r><a:t>{}</a:t></a:r></a:p></s>'
    members = {f"ppt/slides/slide{number}.xml": slide.format(f"slide no {number}") for number in (10, 2, 1)}
    text = read("archive", zipped(members)).text
    assert text == "\n[slide1]\nslide no 1\n\n[slide2]\nslide no 2\n\n[slide10]\nslide no 10\n"


def test_a_sheet_keeps_its_columns() -> None:
    rows = (
        '<row><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>'
        '<row><c r="A2" t="inlineStr"><is><t>Ann</t></is></c><c r="B2"><v>7.5</v></c>'
        '<c r="C2" t="str"><v>a@x.org</v></c></row>'
        '<row><c r="C3" t="s"><v>9</v></c><c><v>4</v></c></row>'
    )
    found = read("archive", xlsx(rows, ("Name", "E-mail")))
    assert found == Extracted("\n[sheet: Staff]\nName\t\tE-mail\nAnn\t7.5\ta@x.org\n\t\t\t4\n")


def test_open_document_text_and_sheets() -> None:
    names = 'xmlns:text="urn:t" xmlns:table="urn:b"'
    cells = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    table = f'<table:table table:name="Pay"><table:table-row>{cells.format("Ann")}{cells.format("7")}</table:table-row>'
    prose = "<text:h>Title</text:h><text:p>one<text:s/>two<text:span> three</text:span></text:p>"
    found = read("archive", zipped({"content.xml": f"<o {names}>{prose}{table}</table:table></o>"}))
    assert found == Extracted("Title\none two three\n\n[sheet: Pay]\nAnn \t7 \t\n")


def test_a_bomb_ends_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "UNFOLDED_LIMIT", 1_000_000)
    bomb = zipped({"word/document.xml": f"<d><p><t>found</t></p>{' ' * 3_000_000}</d>"})
    assert len(bomb) < 5_000
    assert read("archive", bomb) == Extracted("found\n", Unread.TRUNCATED)


def test_entities_are_refused() -> None:
    laughs = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><d><t>&b;</t></d>'
    assert read("archive", zipped({"word/document.xml": laughs})) == Extracted("", Unread.BROKEN)
    loads = '<!DOCTYPE d SYSTEM "file:///etc/hostname"><d><t>x</t></d>'
    assert read("archive", zipped({"word/document.xml": loads})) == Extracted("", Unread.BROKEN)


def test_locked_unknown_and_crowded_archives_are_named() -> None:
    plain = docx(paragraph("x"))
    flags = bytearray(plain)
    flags[plain.index(b"PK\x01\x02") + 8] |= 1
    assert read("archive", bytes(flags)).unread is Unread.ENCRYPTED
    assert read("archive", zipped({"picture.raw": b"\0"})).unread is Unread.UNKNOWN
    assert read("archive", zipped({"content.xml": "<a/>"}, zipfile.ZIP_BZIP2)).unread is Unread.UNKNOWN
    assert read("archive", b"PK\x03\x04" + b"PK\x01\x02" * 5_001).unread is Unread.TOO_LARGE


def test_what_was_read_before_the_break_counts() -> None:
    assert read("archive", zipped({"word/document.xml": "<d><p><t>so far</t></p><oops"})) == Extracted(
        "so far\n", Unread.BROKEN
    )


@settings(max_examples=60)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 30))
def test_any_damage_ends_with_a_reason_or_a_text(seed: int, count: int) -> None:
    chance = random.Random(seed)
    whole = xlsx('<row><c r="A1" t="s"><v>0</v></c></row>', ("text",))
    damaged = bytearray(whole)
    for _ in range(count):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    found = read("archive", bytes(damaged))
    assert found.unread is None or isinstance(found.unread, Unread)
