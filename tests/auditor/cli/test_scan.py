# SPDX-License-Identifier: Apache-2.0
import io
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.auditor.cli.house import House
from tests.auditor.documents.material import locked, pdf

TEXT = "Grüße 🦊\nWrite to zoe.keller@example.org today."
ADDRESS = "zoe.keller@example.org"


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> io.BytesIO:
    buffer = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=buffer, isatty=lambda: False))
    return buffer


def give(stdin: io.BytesIO, text: str) -> None:
    stdin.write(text.encode())
    stdin.seek(0)


def test_json_gives_offsets_in_characters_and_the_value_masked(house: House, stdin: io.BytesIO) -> None:
    give(stdin, TEXT)
    (match,) = house.ok("scan", "--json", bare=True).rows
    assert match.keys() == {"start", "end", "type", "subtype", "score", "masked"}
    assert TEXT[match["start"] : match["end"]] == ADDRESS
    assert match["type"] == "EMAIL"
    assert "keller" not in match["masked"]


def test_a_file_is_shown_as_a_table_without_the_value(house: House, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text(TEXT)
    ran = house.ok("scan", tmp_path / "letter", bare=True)
    assert "EMAIL" in ran.out
    assert " 2 " in ran.out
    assert ADDRESS not in ran.out


def test_a_document_is_scanned_page_by_page(house: House, tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_bytes(pdf("first", f"mail {ADDRESS}"))
    ran = house.ok("scan", tmp_path / "letter.pdf", bare=True)
    assert "page 2" in ran.out
    assert "EMAIL" in ran.out
    assert ADDRESS not in ran.out
    (match,) = house.ok("scan", "--json", tmp_path / "letter.pdf", bare=True).rows
    assert (match["start"], match["end"]) == (29, 29 + len(ADDRESS))


def test_a_document_that_cannot_be_read_is_wrong_usage(house: House, tmp_path: Path) -> None:
    (tmp_path / "locked.pdf").write_bytes(locked(pdf("x")))
    ran = house.run("scan", tmp_path / "locked.pdf", bare=True)
    assert ran.code == 2
    assert "(encrypted)" in ran.sentence


def test_nothing_found_is_said_beside_the_results(house: House, stdin: io.BytesIO) -> None:
    give(stdin, "Good morning.")
    ran = house.ok("scan", bare=True)
    assert (ran.out, ran.err) == ("", "Nothing found.\n")


def test_batch_answers_each_line_with_one(house: House, stdin: io.BytesIO) -> None:
    give(stdin, f'"nothing"\n{json.dumps(TEXT)}\n""\n')
    first, second, third = house.ok("scan", "--batch", bare=True).rows
    assert (first, third) == ([], [])
    assert [match["type"] for match in second] == ["EMAIL"]


def test_batch_is_flushed_line_by_line() -> None:
    run = subprocess.Popen(
        [sys.executable, "-m", "auditor", "scan", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert run.stdin is not None
    assert run.stdout is not None
    for text in (TEXT, "nothing"):
        run.stdin.write(json.dumps(text) + "\n")
        run.stdin.flush()
        assert len(json.loads(run.stdout.readline())) == (text == TEXT)
    run.stdin.close()
    run.stdout.close()
    assert run.wait(timeout=30) == 0


@pytest.mark.parametrize("bad", ["canary-7f3k", "[1]", "{}"])
def test_a_batch_line_that_is_no_string_ends_with_2(house: House, stdin: io.BytesIO, bad: str) -> None:
    give(stdin, f'"ok"\n{bad}\n')
    ran = house.run("scan", "--batch", bare=True)
    assert ran.code == 2
    assert ran.out == "[]\n"
    assert ran.sentence.startswith("Line 2 is no JSON string.")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00canary"])
def test_what_is_no_text_ends_with_2(house: House, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "letter"
    if content is not None:
        path.write_bytes(content)
    ran = house.run("scan", path, bare=True)
    assert ran.code == 2
    assert str(path) in ran.sentence
    assert "canary" not in ran.err


def test_a_folder_is_searched_file_by_file(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "post"
    (folder / "in" / ".git").mkdir(parents=True)
    (folder / "in" / "letter.txt").write_text(TEXT)
    (folder / "in" / ".git" / "config").write_text(ADDRESS)
    (folder / "picture.jpg").write_bytes(b"\xff\xd8\xff\xfe\x00\x18" + ADDRESS.encode() + b"\xff\xda\x00\x02")
    (folder / "locked.pdf").write_bytes(locked(pdf("x")))
    ran = house.ok("scan", "--json", folder, bare=True)
    assert {(row["file"], row["type"]) for row in ran.rows} == {
        ("post/in/letter.txt", "EMAIL"),
        ("post/picture.jpg", "EMAIL"),
    }
    assert "post/locked.pdf was not read (encrypted)." in ran.err
    table = house.ok("scan", folder, bare=True)
    assert "post/in/letter.txt" in table.out
    assert ADDRESS not in table.out
    assert "4 files searched, data in 2 of them." not in table.err
    assert "3 files searched, data in 2 of them." in table.err
