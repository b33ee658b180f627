# SPDX-License-Identifier: Apache-2.0
"""`auditor scan`: what data is in a text or document. Nothing is stored, and no store is needed."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from auditor.cli import output
from auditor.cli.arguments import examples
from auditor.cli.context import Context
from auditor.cli.scan_folder import scan_folder, shown
from auditor.errors import InputError

if TYPE_CHECKING:
    from auditor.calls import Match
    from auditor.detectors import Scanner

STDIN = "-"
DOCUMENTS = (b"%PDF-", b"PK\x03\x04")
"""How documents begin: PDF, and the archives of Word, Excel, PowerPoint and OpenDocument."""


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        epilog=examples(
            "auditor scan letter.txt",
            "auditor scan staff.xlsx   PDF, Word, Excel, PowerPoint, OpenDocument: their text, page by page",
            "auditor scan contracts    every file of a folder; with --json, each match names its file",
            "pbpaste | auditor scan --json",
            "auditor scan --batch < texts.ndjson   one JSON string a line in, one JSON array a line out",
        )
    )(scan)


def scan(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="[FILE|-]", help="A text, document or folder; '-', the default, reads stdin.")
    ] = STDIN,
    json: Annotated[bool, typer.Option("--json", help="One match a line as JSON; offsets in characters.")] = False,
    batch: Annotated[
        bool, typer.Option("--batch", help="One JSON string a line in, one JSON array of matches a line out.")
    ] = False,
) -> None:
    """Find personal data and secrets in texts and folders.

    Values are shown masked, nothing is stored, and no store is needed. Lines and offsets count in a document's text.
    With --config, the gateway's own dictionaries, patterns and documents are looked for as well.
    """
    scanner = scanner_of(context.obj)
    if batch:
        _batch(scanner, _raw_lines(file))
        return
    if file != STDIN and Path(file).is_dir():
        scan_folder(scanner, Path(file), json)
        return
    raw = _raw(file)
    document = raw.startswith(DOCUMENTS)
    text = _document(raw, file) if document else _text(raw, file)
    matches = scanner.scan(text)
    if json:
        for match in matches:
            output.json_line(shown(match))
    elif matches:
        _table(text, matches, document)
    else:
        output.note("Nothing found.")


def scanner_of(work: Context) -> "Scanner":
    """The detectors, with what the folder of --config calls data."""
    from auditor.detectors import Organisation, Scanner

    folder = work.options.config
    return Scanner(Organisation.of(folder) if folder else None)


def _batch(scanner: "Scanner", lines: Iterable[bytes]) -> None:
    for number, line in enumerate(lines, start=1):
        try:
            text = msgspec.json.decode(line, type=str)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise InputError(f"Line {number} is no JSON string.", "Give one text a line, quoted as JSON.") from None
        output.json_line([shown(match) for match in scanner.scan(text)])
        sys.stdout.buffer.flush()


def _table(text: str, matches: Iterable["Match"], document: bool) -> None:
    from auditor.documents import place_in

    places = ("place",) if document else ()
    rows = (
        (
            *(place_in(text, m.start) for _ in places),
            str(text.count("\n", 0, m.start) + 1),
            m.type,
            m.subtype or "",
            f"{m.score:.2f}",
            m.masked,
        )
        for m in matches
    )
    output.table((*places, "line", "type", "subtype", "score", "masked"), rows, right=("line", "score"))


def _raw(file: str) -> bytes:
    if file == STDIN:
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as e:
        raise InputError(f"{file} cannot be read: {e.strerror}.") from e


def _raw_lines(file: str) -> Iterator[bytes]:
    return iter(sys.stdin.buffer.readline, b"") if file == STDIN else iter(_raw(file).splitlines())


def _text(raw: bytes, file: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        where = "stdin" if file == STDIN else file
        raise InputError(f"{where} is no text in UTF-8.", "Convert it first, or give a text file.") from None


def _document(raw: bytes, file: str) -> str:
    from auditor.documents import extract

    found = extract(raw, name=file)
    where = "The document on stdin" if file == STDIN else file
    if found.unread and not found.text:
        reason = found.unread.replace("_", " ")
        raise InputError(f"{where} holds no text that could be read ({reason}).", "Give it unlocked, or its text.")
    if found.unread:
        output.note(f"{where} was not read to its end ({found.unread.replace('_', ' ')}).")
    return found.text
