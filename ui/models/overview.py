# SPDX-License-Identifier: Apache-2.0
"""The figures of the Overview: a period against the one before, read in one go off the main thread.

Periods are whole days, UTC; the last one is today, so far.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from auditor.archive import Archive, Filter, Share, Summary
from auditor.archive.crossing import Crossing, cross
from auditor.findings import Case
from ui.models import formats
from ui.models.findings import OPEN, STRONG
from ui.models.health import Health, read_health
from ui.models.reading import timeline
from ui.models.timeline import Timeline

NEWEST = 4
MOST_PROVIDERS = 8
MOST_TYPES = 12
OTHERS = "other"


class Period(NamedTuple):
    """So many days up to today; all time where there is no number."""

    key: str
    name: str
    days: int | None

    def since(self, now: datetime) -> datetime | None:
        """Where it begins."""
        today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return None if self.days is None else today - timedelta(days=self.days - 1)

    @property
    def before(self) -> str:
        """The period before this one, in words."""
        return "the day before" if self.days == 1 else f"the {self.days} days before" if self.days else ""


PERIODS = (
    Period("today", "Today", 1),
    Period("week", "7 days", 7),
    Period("month", "30 days", 30),
    Period("quarter", "90 days", 90),
    Period("all", "All time", None),
)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Calls with data sent, by data type and provider; rows and columns from the greatest on.

    What does not fit stands in a last row or column `OTHERS`. `providers` may hold None: not known.
    """

    types: tuple[str, ...]
    providers: tuple[str | None, ...]
    calls: Mapping[tuple[str, str | None], float]

    def total(self, type_: str) -> float:
        """All calls of a row."""
        return sum(self.calls.get((type_, provider), 0) for provider in self.providers)


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the page shows; `before` is None for all time."""

    period: Period
    since: datetime | None
    now: datetime
    summary: Summary
    before: Summary | None
    trend: Timeline | None
    matrix: Matrix
    providers: tuple[Share, ...]
    newest: Sequence[Case]
    """Those to be reviewed; where there are none, context."""

    open_findings: int
    new_findings: int
    new_before: int
    health: Health


def overview(archive: Archive, period: Period, now: datetime) -> Overview:
    """Read the figures of a period."""
    since = period.since(now)
    earlier = None if since is None or period.days is None else since - timedelta(days=period.days)
    cases = archive.cases()
    open_ = [case for case in cases if case.finding.status in OPEN and case.finding.grade in STRONG]
    return Overview(
        period=period,
        since=since,
        now=now,
        summary=archive.summary(since),
        before=archive.summary(earlier, since) if earlier else None,
        trend=timeline(archive, Filter(), since, None),
        matrix=matrix(cross(archive.index, "sent", since)),
        providers=archive.top("provider", since, None, MOST_PROVIDERS),
        newest=sorted(open_ or cases, key=lambda case: case.finding.last_seen, reverse=True)[:NEWEST],
        open_findings=len(open_),
        new_findings=_first_seen(cases, since, None),
        new_before=_first_seen(cases, earlier, since) if earlier else 0,
        health=read_health(archive),
    )


def _first_seen(cases: Iterable[Case], since: datetime | None, until: datetime | None) -> int:
    times = [case.finding.first_seen for case in cases]
    return sum((since is None or since <= time) and (until is None or time < until) for time in times)


def matrix(cells: Iterable[Crossing]) -> Matrix:
    """The cells as a matrix that can be read: the greatest rows and columns, and the others in one each."""
    cells = tuple(cells)
    by_type, by_provider = Counter[str](), Counter[str | None]()
    for cell in cells:
        by_type[cell.data] += cell.calls
        by_provider[cell.provider] += cell.calls
    types, providers = _greatest(by_type, MOST_TYPES), _greatest(by_provider, MOST_PROVIDERS)
    calls = Counter[tuple[str, str | None]]()
    for cell in cells:
        type_ = cell.data if cell.data in types else OTHERS
        calls[type_, cell.provider if cell.provider in providers else OTHERS] += cell.calls
    return Matrix(types, providers, calls)


def _greatest[T](counts: Counter[T], most: int) -> tuple[T | str, ...]:
    kept = [value for value, _ in counts.most_common(most if len(counts) <= most else most - 1)]
    return (*kept, OTHERS) if len(kept) < len(counts) else tuple(kept)


def change(now: float, before: float | None, period: Period) -> str:
    """How a figure stands against the period before, in words."""
    if before is None:
        return ""
    if before == 0:
        return f"none in {period.before}" if now else f"as in {period.before}"
    percent = round((now - before) / before * 100)
    if percent == 0:
        return f"as in {period.before}"
    size = f"{abs(percent):,} %" if abs(percent) < 1000 else f"{now / before:,.0f} times" if now > before else ""
    return f"{'▲' if percent > 0 else '▼'} {size} on {period.before}"


def dollars(usd: float) -> str:
    """A sum of spending: whole dollars from a thousand on."""
    return f"${usd:,.0f}" if usd >= 1000 else formats.money(usd) if usd else "$0"
