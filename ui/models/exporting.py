# SPDX-License-Identifier: Apache-2.0
"""Exports of calls to a file: facts as the lists show them, never content. Whole files appear, or none.

What is exported is a filter, or ranges of rows of a listing (a selection), read a page at a time.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.archive import PAGE, Archive, Filter, Sort
from auditor.calls import Call
from auditor.errors import EnvironmentFailure
from auditor.exports.call_json import call_json
from ui.background import Job
from ui.models.columns import COLUMNS, row_of

type Ranges = Sequence[tuple[int, int]]
"""Row numbers, first and last included."""

type Lines = Callable[[Iterable[Call]], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which calls: those of a filter in an order, or only some rows of them."""

    filter: Filter
    sort: Sort
    rows: Ranges | None = None

    def count(self, listed: int) -> int:
        """How many they are, of so many that are listed."""
        return listed if self.rows is None else sum(last - first + 1 for first, last in self.rows)


@dataclass(frozen=True, slots=True)
class Format:
    """A form of file."""

    key: str
    name: str
    suffix: str
    meaning: str
    lines: Lines


def calls_of(archive: Archive, wanted: Wanted, job: Job) -> Iterator[Call]:
    """The calls, a page in memory at a time; the job is told how far it is."""
    listing = archive.listing(wanted.filter, wanted.sort)
    total = listing.count
    ranges = [(0, total - 1)] if wanted.rows is None else list(wanted.rows)
    whole, done = sum(last - first + 1 for first, last in ranges), 0
    for first, last in ranges:
        for offset in range(first, last + 1, PAGE):
            page = listing.page(offset, min(PAGE, last - offset + 1))
            yield from page
            done += len(page)
            job.report(done, whole)


def export(archive: Archive, job: Job, wanted: Wanted, form: Format, path: Path) -> int:
    """Write the file; how many calls it holds. Raises `EnvironmentFailure`; then the file is as it was before."""
    count = 0

    def counted() -> Iterator[Call]:
        nonlocal count
        for call in calls_of(archive, wanted, job):
            count += 1
            yield call

    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("wb") as file:
            file.writelines(form.lines(counted()))
        beside.replace(path)
    except OSError as error:
        raise EnvironmentFailure(f"{path} could not be written: {error.strerror}.", "Check space and rights.") from None
    finally:
        beside.unlink(missing_ok=True)
    return count


def csv_lines(calls: Iterable[Call]) -> Iterator[bytes]:
    """CSV with every column the list can show. Cells that a spreadsheet would run as a formula are made inert.

    See OWASP, "CSV Injection".
    """
    yield _line(column.title for column in COLUMNS)
    for call in calls:
        yield _line(inert(text) for text in row_of(call).texts)


def json_lines(calls: Iterable[Call]) -> Iterator[bytes]:
    """One call a line, as `auditor calls --json` prints it."""
    for call in calls:
        yield call_json(call) + b"\n"


def _line(cells: Iterable[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue().encode()


def inert(text: str) -> str:
    """A cell's text, with an apostrophe before what would run."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


FORMATS = (
    Format("csv", "CSV", "csv", "A table for spreadsheets: every column the list can show.", csv_lines),
    Format("jsonl", "JSON lines", "jsonl", "One object a call, named as OpenTelemetry does.", json_lines),
)
