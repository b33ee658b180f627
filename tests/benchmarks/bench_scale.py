# SPDX-License-Identifier: Apache-2.0
"""Measure 11 of the store's design: a page and the dashboard with ten times as many calls, and without roll-ups.

    python -m tests.benchmarks scale          with AUDITOR_BENCH_CALLS=10000000 for ten million (1,000,000)

A page is the next one of a list that is scrolled; the dashboard a histogram and the sums of all calls. "Raw" is what
the same figures cost where every call is read: one statement that groups them by hour and outcome, and sums.
"""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from sqlalchemy import func, select

from auditor.archive import Archive, Filter
from auditor.archive.listing import PAGE
from auditor.archive.schema import calls
from auditor.archive.times import HOUR
from tests.benchmarks.desktop_material import filled

CALLS = int(os.environ.get("AUDITOR_BENCH_CALLS", "1000000"))
PAGES, ROUNDS = 40, 5
_RAW = select(
    calls.c.time // HOUR,
    calls.c.outcome,
    func.count(),
    func.sum(calls.c.input_tokens),
    func.sum(calls.c.output_tokens),
).group_by(calls.c.time // HOUR, calls.c.outcome)


def milliseconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median of some rounds, processor time: reading only."""
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        times.append((time.process_time() - begun) * 1000)
    return median(times)


def measured(count: int) -> tuple[float, float, float, float]:
    """With so many calls, in ms: a page, a page of a filter, the dashboard, the same from raw rows."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        desk = filled(Path(folder), count)
        with Archive.open(desk.location, desk.identity) as archive:
            return (*(pages(archive, text) for text in ("", "provider:openai")), dashboard(archive), raw(archive))


def pages(archive: Archive, text: str) -> float:
    """The next page of a list, and the next."""
    listing = archive.listing(Filter.parse(text))
    offsets = iter(range(PAGE, PAGE * (PAGES + 2), PAGE))
    listing.page(0)
    return milliseconds(lambda: listing.page(next(offsets)), PAGES)


def dashboard(archive: Archive) -> float:
    """What Overview asks."""
    return milliseconds(lambda: (archive.histogram(), archive.summary()))


def raw(archive: Archive) -> float:
    """The same figures from the calls themselves."""

    def read() -> None:
        with archive.index.reading() as connection:
            connection.execute(_RAW).all()

    return milliseconds(read, 3)


def main() -> None:
    """Print both sizes and their ratios."""
    few, many = measured(CALLS // 10), measured(CALLS)
    for name, (one, ten), demand in (
        ("next page", (few[0], many[0]), "<= 2"),
        ("next page of provider:openai", (few[1], many[1]), "<= 2"),
        ("dashboard from roll-ups", (few[2], many[2]), ""),
    ):
        _print(f"11    {name}: {one:.2f} ms of {CALLS // 10:,}, {ten:.2f} ms of {CALLS:,}: {ten / one:.2f}   {demand}")
    _print(f"11    dashboard from raw rows {many[3]:,.0f} ms of {CALLS:,}: 1/{many[3] / many[2]:.0f}   <= 1/100")


def _print(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a program's output


if __name__ == "__main__":
    main()
