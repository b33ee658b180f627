# SPDX-License-Identifier: Apache-2.0
"""Exports of calls to a file: facts as the lists show them, never content. Whole files appear, or none.

What is exported is a filter, or ranges of rows of a listing (a selection), read a page at a time.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from auditor.archive import PAGE, Archive, Filter, Sort
from auditor.calls import Call
from auditor.errors import EnvironmentFailure
from auditor.exports import har, ocsf, otel
from auditor.exports.call_json import call_json
from auditor.exports.tables import calls_csv
from ui.background import Job

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


def inert(text: str) -> str:
    """A cell's text, with an apostrophe before what would run."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def _jsonl(calls: Iterable[Call]) -> Iterator[bytes]:
    return (call_json(call) + b"\n" for call in calls)


def _har(calls: Iterable[Call]) -> Iterator[bytes]:
    return har.har((call, None) for call in calls)


def _ocsf(calls: Iterable[Call]) -> Iterator[bytes]:
    return (_json(ocsf.call_event(call)) + b"\n" for call in calls)


def _otel(calls: Iterable[Call]) -> Iterator[bytes]:
    return (_json(otel.call_record(call, None)) + b"\n" for call in calls)


_json = msgspec.json.Encoder().encode

FORMATS = (
    Format("csv", "CSV", "csv", "A table for spreadsheets, a line a call.", calls_csv),
    Format("jsonl", "JSON lines", "jsonl", "One object a call, named as OpenTelemetry does.", _jsonl),
    Format("har", "HAR", "har", "An HTTP archive of addresses, times and sizes, without bodies.", _har),
    Format("ocsf", "OCSF", "ocsf.jsonl", "Events of the Open Cybersecurity Schema Framework, for SIEMs.", _ocsf),
    Format("otel", "OTel", "otel.jsonl", "Records of OpenTelemetry's GenAI conventions.", _otel),
)
"""The forms of `auditor export`, without content; exports with content are made there, with a reason."""
