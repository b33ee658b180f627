# SPDX-License-Identifier: Apache-2.0
"""Figures over calls: a histogram over time, sums of a period, the greatest values of a dimension.

Without a filter they come from the roll-ups and cost the same for a thousand calls and for ten million; with one, the
calls are read. Periods of sums are whole days, UTC.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import chain, count
from typing import Any, Final

import msgspec
from sqlalchemy import Column, Connection, Row, Select, func, select

from auditor.archive import sums
from auditor.archive.filters import Filter
from auditor.archive.schema import NANO_USD, calls, rollups
from auditor.archive.times import DAY, HOUR, MICROSECONDS, microseconds, moment
from auditor.calls import Outcome
from auditor.errors import InputError

OUTCOMES: Final = tuple(outcome.value for outcome in Outcome)
WIDTHS: Final = (
    *(1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200),
    *(86_400, 2 * 86_400, 7 * 86_400, 14 * 86_400, 28 * 86_400, 91 * 86_400, 364 * 86_400),
)
"""Widths of a histogram's bars in seconds."""

DIMENSIONS: Final = sums.ALL
"""What calls are summed by."""


class Histogram(msgspec.Struct, frozen=True, kw_only=True):
    """Calls over time. Bar i holds the calls from `start` + i × `width` on, before the next bar.

    Each bar counts by outcome, in the order of `outcomes`. No bars where there are no calls.
    """

    start: datetime
    width: timedelta
    bars: tuple[tuple[int, ...], ...] = ()
    outcomes: tuple[str, ...] = OUTCOMES

    @property
    def total(self) -> int:
        """All calls counted."""
        return sum(map(sum, self.bars))


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """What one value of a dimension amounts to."""

    value: str
    calls: int
    input_tokens: int
    output_tokens: int
    cost_usd: float


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Sums of a period. `sent` and `received` say in how many calls each data type occurs, `with_data` in how many any
    was sent; `first` and `last` are the times of the first and the last call there are, in the period or not."""

    calls: int
    input_tokens: int
    output_tokens: int
    cost_usd: float
    outcomes: Mapping[str, int]
    providers: int
    models: int
    actors: int
    credentials: int
    clients: int
    sent: Mapping[str, int]
    received: Mapping[str, int]
    with_data: int
    first: datetime | None
    last: datetime | None


def histogram(
    connection: Connection, filter_: Filter, since: datetime | None, until: datetime | None, buckets: int, now: datetime
) -> Histogram:
    """Calls over time in at most `buckets` bars of a round width; both ends are widened to whole bars."""
    bounds = _bounds(connection, filter_, since, until, now)
    if bounds is None:
        return Histogram(start=since or now, width=timedelta(seconds=1))
    width, start, bars = _grid(*bounds, max(buckets, 2))
    counts = [[0] * len(OUTCOMES) for _ in range(bars)]
    for time, outcome, number in connection.execute(_counted(filter_, start, start + bars * width, width, now)):
        counts[(time - start) // width][OUTCOMES.index(outcome)] += number
    return Histogram(start=moment(start), width=timedelta(microseconds=width), bars=tuple(tuple(bar) for bar in counts))


def _bounds(
    connection: Connection, filter_: Filter, since: datetime | None, until: datetime | None, now: datetime
) -> tuple[int, int] | None:
    """The first and the last microsecond to show, or None where there is nothing."""
    first = microseconds(since) if since else _end(connection, func.min, filter_, now)
    last = microseconds(until) - 1 if until else _end(connection, func.max, filter_, now)
    return None if first is None or last is None or first > last else (first, last)


def _end(connection: Connection, end: Any, filter_: Filter, now: datetime) -> int | None:
    rows, where, _ = filter_.source(now)
    return connection.scalar(select(end(rows.c.time)).where(where))


def _grid(first: int, last: int, buckets: int) -> tuple[int, int, int]:
    """Width, start and number of the bars."""
    for seconds in chain(WIDTHS, (WIDTHS[-1] * 2**power for power in count(1))):
        width = seconds * MICROSECONDS
        bars = last // width - first // width + 1
        if bars <= buckets:
            return width, first - first % width, bars
    raise AssertionError("one bar holds everything at last")


def _counted(filter_: Filter, start: int, end: int, width: int, now: datetime) -> Select[Any]:
    if not filter_ and width % HOUR == 0:
        grain = "hour" if width % DAY else "day"
        here = (rollups.c.grain == grain, rollups.c.dimension == "outcome", rollups.c.bucket.between(start, end - 1))
        bar = (rollups.c.bucket - (rollups.c.bucket - start) % width).label("bar")
        return select(bar, rollups.c.value, func.sum(rollups.c.calls)).where(*here).group_by(bar, rollups.c.value)
    rows, where, _ = filter_.source(now)
    bucket = (rows.c.time - (rows.c.time - start) % width).label("bucket")
    query = select(bucket, rows.c.outcome, func.count()).where(rows.c.time.between(start, end - 1))
    return query.where(where).group_by(bucket, rows.c.outcome)


# --- sums -------------------------------------------------------------------------------------------------------


def summary(connection: Connection, since: datetime | None, until: datetime | None) -> Summary:
    """The sums of the days from `since` to `until`; of all time where both are None."""
    first, last = (connection.scalar(select(end(calls.c.time))) for end in (func.min, func.max))
    shares = _listed(connection, since, until)
    counted = _counts(connection, since, until)
    outcomes = shares["outcome"]
    return Summary(
        calls=sum(share.calls for share in outcomes),
        input_tokens=sum(share.input_tokens for share in outcomes),
        output_tokens=sum(share.output_tokens for share in outcomes),
        cost_usd=sum(share.cost_usd for share in outcomes),
        outcomes={share.value: share.calls for share in outcomes},
        sent={share.value: share.calls for share in shares["sent"]},
        received={share.value: share.calls for share in shares["received"]},
        with_data=sum(share.calls for share in shares[sums.SENT_ANY]),
        first=None if first is None else moment(first),
        last=None if last is None else moment(last),
        **{field: counted.get(name, 0) for field, name in _COUNTED.items()},
    )


_LISTED: Final = ("outcome", "sent", "received", sums.SENT_ANY)
_COUNTED: Final = {
    "providers": "provider",
    "models": "model",
    "actors": "actor",
    "credentials": "credential",
    "clients": "client",
}


def _listed(connection: Connection, since: datetime | None, until: datetime | None) -> dict[str, list[Share]]:
    """The values of the dimensions that a summary lists, in one query: each has its price."""
    query = _sums(rollups.c.dimension, rollups.c.value).where(rollups.c.dimension.in_(_LISTED), *_period(since, until))
    found: dict[str, list[Share]] = {dimension: [] for dimension in _LISTED}
    for row in connection.execute(query):
        found[row.dimension].append(_share(row))
    return found


def _counts(connection: Connection, since: datetime | None, until: datetime | None) -> dict[str, int]:
    """How many values the dimensions have that a summary counts."""
    number = func.count(rollups.c.value.distinct())
    here = (rollups.c.dimension.in_(_COUNTED.values()), *_period(since, until))
    rows = connection.execute(select(rollups.c.dimension, number).where(*here).group_by(rollups.c.dimension))
    return {row[0]: row[1] for row in rows}


def top(
    connection: Connection, dimension: str, since: datetime | None, until: datetime | None, limit: int
) -> tuple[Share, ...]:
    """The values with the most calls, most first."""
    if dimension not in DIMENSIONS:
        raise InputError(f"There are no sums by “{dimension}”.", f"Dimensions: {', '.join(DIMENSIONS)}.")
    return _shares(connection, dimension, since, until)[:limit]


def _shares(
    connection: Connection, dimension: str, since: datetime | None, until: datetime | None
) -> tuple[Share, ...]:
    return tuple(map(_share, connection.execute(summed(dimension, since, until))))


def whole_days(*ends: datetime | None) -> bool:
    """Whether these ends of a period are midnights (UTC), so that sums by the day hold exactly what is between."""
    return all(end is None or microseconds(end) % DAY == 0 for end in ends)


def summed(dimension: str, since: datetime | None, until: datetime | None) -> Select[Any]:
    """The sums of a dimension's values over whole days: value, calls, input_tokens, output_tokens, cost_nano."""
    return _sums(rollups.c.value).where(rollups.c.dimension == dimension, *_period(since, until))


def _sums(*by: Column[Any]) -> Select[Any]:
    """All amounts by some columns, the most calls first."""
    columns = (rollups.c.calls, rollups.c.input_tokens, rollups.c.output_tokens, rollups.c.cost_nano)
    total = [func.sum(column).label(column.name) for column in columns]
    return select(*by, *total).group_by(*by).order_by(total[0].desc(), rollups.c.value)


def _period(since: datetime | None, until: datetime | None) -> list[Any]:
    if since is None and until is None:
        return [rollups.c.grain == "all"]
    period = [rollups.c.grain == "day"]
    if since is not None:
        period.append(rollups.c.bucket >= microseconds(since) // DAY * DAY)
    if until is not None:
        period.append(rollups.c.bucket < microseconds(until.astimezone(UTC)))
    return period


def _share(row: Row[*tuple[Any, ...]]) -> Share:
    return Share(
        value=row.value,
        calls=row.calls,
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
        cost_usd=row.cost_nano / NANO_USD,
    )
