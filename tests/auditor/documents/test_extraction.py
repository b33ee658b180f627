# SPDX-License-Identifier: Apache-2.0
"""The front door: a document's own bytes tell its kind; what hangs is ended, and the next one is read."""

from io import BytesIO

import pytest

from auditor.documents import Extracted, Unread, extract, extraction, isolation, place_in
from auditor.documents.extracted import Collector, Stop
from auditor.documents.worker import Sender
from tests.auditor.documents.material import docx, paragraph, pdf, xlsx


@pytest.fixture(autouse=True)
def _forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "_memory", extraction._Memory())


def test_bytes_count_for_more_than_the_type_they_are_given() -> None:
    assert extract(pdf("hello"), "image/png", "a.txt").text == "[page 1]\nhello\n"
    assert extract(docx(paragraph("hello")), "application/octet-stream").text == "hello\n"
    assert "7" in extract(xlsx('<row><c r="A1"><v>7</v></c></row>'), None, "a.xlsx").text


def test_pages_are_read_as_people_see_them() -> None:
    page = b"<!DOCTYPE html><style>p{}</style><p>ann<b>@example</b>.org<p><a href='mailto:bo@x.org'>Bo</a>&eacute;"
    assert extract(page).text == "\n\nann@example.org\n mailto:bo@x.org Bo\u00e9"


@pytest.mark.parametrize(
    ("data", "mime_type", "name", "text"),
    [
        (b"name,mail\nAnn,a@x.org\n", "text/csv", None, "name,mail\nAnn,a@x.org\n"),
        ("Grüße".encode("cp1252"), None, "a.txt", "Grüße"),
        (b"\xff\xfe" + "Grüße".encode("utf-16-le"), None, None, "Grüße"),
        (b"\xef\xbb\xbfa", "application/json; charset=utf-8", None, "a"),
        (b"no type, no name", "application/octet-stream", None, "no type, no name"),
        (b"", None, None, ""),
    ],
)
def test_plain_texts(data: bytes, mime_type: str | None, name: str | None, text: str) -> None:
    assert extract(data, mime_type, name) == Extracted(text)


def test_what_nobody_reads_is_said() -> None:
    assert extract(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword").unread is Unread.UNKNOWN
    assert extract(bytes(range(256))).unread is Unread.UNKNOWN
    assert extract(b"%PDF-1.7 and no more").unread is Unread.BROKEN


def test_bounds_cut_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    assert extract(b"a" * 1_000_100, "text/plain") == Extracted("a" * 1_000_000, Unread.TRUNCATED)
    page = b"<html>" + (b"<p>" + b"words " * 100) * 2_000
    found = extract(page)
    assert (len(found.text), found.unread) == (1_000_000, Unread.TRUNCATED)
    monkeypatch.setattr(extraction, "DATA_LIMIT", 10)
    assert extract(b"a" * 11) == Extracted("", Unread.TOO_LARGE)


def test_a_document_out_of_time_is_ended_and_the_next_is_read() -> None:
    with pytest.raises(Stop) as stopped:
        isolation.read_apart("html", b"<p>x</p>" * 3_000_000, Collector(), seconds=0.01)
    assert stopped.value.reason is Unread.TIMEOUT
    assert extract(b"<html><p>still here").text.strip() == "still here"


def test_a_document_sent_again_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(extraction, "read_apart", lambda kind, data, into: (asked.append(kind), into.add("text")))
    for _ in range(3):
        assert extract(b"<html>", name="a.html").text == "text"
    assert extract(b"<html>", name="b.html").text == "text"
    assert asked == ["html", "html"]


def test_the_memory_is_bounded() -> None:
    memory = extraction._Memory(limit=1_000)
    for number in range(50):
        memory.keep(bytes([number]), Extracted("x" * 200))
    assert memory._held <= 1_000
    assert memory.get(b"\x00") is None
    assert memory.get(bytes([49])) is not None


def test_a_worker_that_died_is_replaced() -> None:
    assert extract(pdf("one")).text
    process = isolation._worker._process
    assert process is not None
    process.kill()
    process.wait()
    assert extract(pdf("two")).text == "[page 1]\ntwo\n"


def test_wide_characters_pass_the_pipe_whole() -> None:
    text = "\U0001f600" * 200_000
    assert extract(f"<html>{text}".encode()).text == "\n" + text


def test_pieces_are_sent_while_they_are_read() -> None:
    sender = Sender(told := BytesIO())
    for number in range(30_000):
        sender.add(f"{number} ")
    early = len(told.getvalue())
    sender.send()
    told.seek(0)
    pieces = []
    while head := told.read(isolation.SIZE.size):
        pieces.append(told.read(isolation.SIZE.unpack(head)[0]).decode())
    assert 100_000 < early < len(told.getvalue())
    assert all(len(piece.encode()) <= isolation.PIECE_LIMIT for piece in pieces)
    assert "".join(pieces) == "".join(f"{number} " for number in range(30_000))


def test_a_character_has_its_page_or_sheet() -> None:
    text = extract(pdf("one", "two")).text
    assert [place_in(text, text.index(word)) for word in ("one", "two")] == ["page 1", "page 2"]
    text = extract(xlsx('<row><c r="A1"><v>7</v></c></row>', title="Pay [2026]")).text
    assert place_in(text, text.index("7")) == "sheet: Pay [2026]"
    assert place_in("no marks", 3) == ""
