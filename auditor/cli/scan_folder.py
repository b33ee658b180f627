# SPDX-License-Identifier: Apache-2.0
"""What data is in the files of a folder: text, documents, and what pictures carry beside their pixels."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from auditor.cli import output
from auditor.cli.sources import documents
from auditor.errors import InputError

if TYPE_CHECKING:
    from auditor.calls import Match
    from auditor.detectors import Scanner


class Searched(NamedTuple):
    """One file with what was found, and what of it could not be read."""

    name: str
    text: str
    matches: "tuple[Match, ...]"
    unread: str


def scan_folder(scanner: "Scanner", folder: Path, json: bool) -> None:
    """Search every file below a folder and show what is in them, masked; what could not be read is named."""
    files = list(documents([folder]))
    with output.count_progress("Searching files") as progress:
        searched = list(_searched(scanner, files, progress))
    if json:
        for one in searched:
            output.json_lines({"file": one.name, **shown(match)} for match in one.matches)
    elif any(one.matches for one in searched):
        output.table(
            ("file", "line", "type", "subtype", "score", "masked"),
            (row for one in searched for row in _rows(one)),
            right=("line", "score"),
        )
    for one in searched:
        if one.unread:
            output.note(f"{one.name} was not read{' to its end' if one.text else ''} ({one.unread.replace('_', ' ')}).")
    found = sum(bool(one.matches) for one in searched)
    output.note(f"{len(searched)} files searched, data in {found} of them.")


def shown(match: "Match") -> dict[str, object]:
    """A match with every field of the contract, absent ones as null."""
    return {name: getattr(match, name) for name in ("start", "end", "type", "subtype", "score", "masked")}


def _searched(
    scanner: "Scanner", files: Sequence[tuple[str, Path]], progress: Callable[[int, int | None], None]
) -> Iterator[Searched]:
    from auditor.documents import extract, image_metadata

    for done, (name, path) in enumerate(files, 1):
        try:
            data = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror}.") from error
        beside = image_metadata(data)
        found = extract(data, name=path.name)
        text = beside or found.text
        yield Searched(name, text, scanner.scan(text), found.unread or "")
        progress(done, len(files))


def _rows(one: Searched) -> Iterator[tuple[str, ...]]:
    for match in one.matches:
        line = one.text.count("\n", 0, match.start) + 1
        yield one.name, str(line), match.type, match.subtype or "", f"{match.score:.2f}", match.masked
