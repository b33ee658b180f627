# SPDX-License-Identifier: Apache-2.0
"""Exports of calls to a file: facts as the lists show them, or with content for a reason. Whole files appear, or none.

What is exported is a filter, or ranges of rows of a listing (a selection), read a page at a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from auditor.archive import PAGE, Archive, Filter, Sort
from auditor.calls import Call
from auditor.errors import EnvironmentFailure
from auditor.exports.calls import Reading, pieces
from auditor.exports.formats import HOLD_CONTENT, HOLD_MASKED, Format
from auditor.store import Identity
from ui.background import Job

type Ranges = Sequence[tuple[int, int]]
"""Row numbers, first and last included."""


class Depth(StrEnum):
    """How much of the calls is written."""

    FACTS = "facts"
    MASKED = "masked"
    UNMASKED = "unmasked"


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
class Form:
    """A form of file, as people choose it."""

    key: Format
    name: str
    suffix: str
    meaning: str

    def holds(self, depth: Depth) -> bool:
        """Whether it has a place for so much."""
        known = {Depth.FACTS: frozenset(Format), Depth.MASKED: HOLD_MASKED, Depth.UNMASKED: HOLD_CONTENT}
        return self.key in known[depth]


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: the form and the file, how much of the calls, and the reason where that is content."""

    form: Form
    path: Path
    depth: Depth = Depth.FACTS
    reason: str = ""

    def reading(self, archive: Archive, second: Identity | None) -> Reading:
        """How the calls are to be read."""
        said = self.depth is not Depth.FACTS
        return Reading(archive, self.reason if said else None, self.depth is Depth.UNMASKED, second)


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


def export(archive: Archive, job: Job, wanted: Wanted, order: Order, second: Identity | None = None) -> int:
    """Write the file; how many calls it holds. Accesses to content are recorded before anything is opened, signed by a
    `second` person where the store asks for one.

    Raises `EnvironmentFailure`, and what `Archive.content` raises; then the file is as it was before.
    """
    count, path = 0, order.path

    def counted() -> Iterator[Call]:
        nonlocal count
        for call in calls_of(archive, wanted, job):
            count += 1
            yield call

    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("wb") as file:
            file.writelines(pieces(order.reading(archive, second), counted(), order.form.key))
        beside.replace(path)
    except OSError as error:
        raise EnvironmentFailure(f"{path} could not be written: {error.strerror}.", "Check space and rights.") from None
    finally:
        beside.unlink(missing_ok=True)
    return count


def inert(text: str) -> str:
    """A cell's text, with an apostrophe before what would run."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


FORMATS = (
    Form(Format.CSV, "CSV", "csv", "A table for spreadsheets, a line a call."),
    Form(Format.JSONL, "JSON lines", "jsonl", "One object a call, named as OpenTelemetry does."),
    Form(Format.HAR, "HAR", "har", "An HTTP archive of addresses, times and sizes; bodies only as they were captured."),
    Form(Format.OCSF, "OCSF", "ocsf.jsonl", "Events of the Open Cybersecurity Schema Framework, for SIEMs."),
    Form(Format.OTEL, "OTel", "otel.jsonl", "Records of OpenTelemetry's GenAI conventions."),
)
"""The forms of `auditor export`."""
