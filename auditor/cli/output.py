# SPDX-License-Identifier: Apache-2.0
"""Where words go: results to stdout, messages and progress to stderr, so that stdout can be piped.

Text of the traffic never reaches a terminal with its control characters: they could move the cursor, rename the
window or answer for the user. rich is imported when a table or a progress bar is drawn, never for JSON.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

_UNBOUND = 200
"""Columns of a table that goes into a file or a pipe."""
_BETWEEN = 3
"""Spaces between two columns; at each end there is one."""
_encode = msgspec.json.Encoder().encode
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def json_line(value: Any) -> None:
    """Prints one value as a line of NDJSON."""
    raw_line(_encode(value))


def raw_line(encoded: bytes) -> None:
    """Prints a line that is encoded already."""
    sys.stdout.buffer.write(encoded + b"\n")


def pieces(written: Iterable[bytes], path: Path | None) -> int:
    """Writes pieces to standard output, or to a private file that is whole or not there; how many bytes."""
    from auditor.store import files

    if path is not None:
        return files.write_pieces(path, written)
    return sum(sys.stdout.buffer.write(piece) for piece in written)


def json_lines(values: Iterable[Any]) -> None:
    """Prints each value as a line of NDJSON as it comes."""
    for value in values:
        json_line(value)


def line(text: str = "") -> None:
    """Prints a line of a result."""
    print(plain(text))  # noqa: T201


def note(text: str) -> None:
    """Tells the user something that is no result."""
    print(plain(text), file=sys.stderr)  # noqa: T201


def plain(text: str) -> str:
    """Text with control characters and direction overrides made visible; tabs and line ends stay."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)


def moment(time: datetime) -> str:
    """A time as tables show it, to the second."""
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[str] = ()) -> None:
    """Draws a table; columns named in `right` are aligned there. Where a terminal is too narrow for the words of the
    headings, each row is a paragraph of names and values instead."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else _UNBOUND)
    if _narrowest(headings) > console.width:
        for number, row in enumerate(rows):
            if number:
                line()
            facts(zip(headings, row, strict=True))
        return
    drawn = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        drawn.add_column(heading, justify="right" if heading in right else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(plain(cell)) for cell in row))
    console.print(drawn)


def _narrowest(headings: Sequence[str]) -> int:
    """The width of a table whose headings are broken between words at most."""
    return sum(max(map(len, heading.split())) + _BETWEEN for heading in headings) - 1


def facts(pairs: Iterable[tuple[str, str]]) -> None:
    """Prints names and values in two columns."""
    rows = [(name, plain(value)) for name, value in pairs]
    width = max((len(name) for name, _ in rows), default=0)
    for name, value in rows:
        print(f"{name:{width}}  {value}")  # noqa: T201


@contextmanager
def byte_progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar over bytes on stderr, told how many more are done; silent where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda more: bar.advance(task, more)


@contextmanager
def count_progress(what: str) -> Iterator[Callable[[int, int | None], None]]:
    """A progress bar over records on stderr, told (done, of how many); silent where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
