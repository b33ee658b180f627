# SPDX-License-Identifier: Apache-2.0
"""Runs one rule over the index: what it matched, an actor (or a correlation's group), a provider and a week at a time.

Weeks are calendar weeks (UTC, from Monday), so that what is found does not depend on when it was looked for. A
correlation's window slides: every call is looked at together with those before it. A call without one of the facts a
correlation groups by belongs to no group, since two unknowns are not the same thing.
"""

import itertools
from collections import Counter, deque
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, func, select, tuple_

from auditor.archive import rows
from auditor.archive.schema import call_values, calls
from auditor.archive.times import DAY, MICROSECONDS
from auditor.calls import Call
from auditor.rules.model import Correlation, Rule

WEEK: Final = 7 * DAY
_MONDAY: Final = 4 * DAY
"""1970 began on a Thursday: its first Monday."""

MOST_CALLS: Final = 100
"""Calls a finding names, at most; it counts them all."""


class Group(msgspec.Struct, frozen=True):
    """What a rule matched, together one finding. `about` are the group's fields; times are microseconds; `calls` are
    the first ones. A fact that differs among the calls is None."""

    about: tuple[tuple[str, str | None], ...]
    provider: str | None
    actor: str | None
    credential: str | None
    week: int
    count: int
    first: int
    last: int
    calls: tuple[Call, ...]
    distinct: int | None = None


def week_of(time: int) -> int:
    """The number of the week that holds a moment."""
    return (time - _MONDAY) // WEEK


def week_start(week: int) -> int:
    """When a week begins."""
    return week * WEEK + _MONDAY


def matched(connection: Connection, rule: Rule, providers: Sequence[str] | None, since: int | None) -> Iterator[Group]:
    """What a rule matched, in whole weeks from the one of `since`; of these providers only, where
    they are given."""
    week = None if since is None else week_of(since)
    condition = rule.condition
    if providers is not None:
        condition = and_(condition, calls.c.provider.in_(providers))
    if rule.correlation is None:
        return _single(connection, condition, week)
    return _correlated(connection, condition, rule.correlation, week)


# --- single calls -----------------------------------------------------------------------------------------------


def _single(connection: Connection, condition: ColumnElement[bool], week: int | None) -> Iterator[Group]:
    number = (calls.c.time - _MONDAY) // WEEK
    query = select(
        calls.c.actor,
        calls.c.provider,
        number.label("week"),
        func.count().label("times"),
        func.min(calls.c.time).label("first"),
        func.max(calls.c.time).label("last"),
        func.min(calls.c.credential).label("least"),
        func.max(calls.c.credential).label("greatest"),
        func.count(calls.c.credential).label("known"),
    ).where(condition)
    if week is not None:
        query = query.where(calls.c.time >= week_start(week))
    query = query.group_by(calls.c.actor, calls.c.provider, number)
    for row in connection.execute(query).all():
        same = row.least == row.greatest and row.known == row.times
        yield Group(
            about=(("actor", row.actor),),
            provider=row.provider,
            actor=row.actor,
            credential=row.least if same else None,
            week=row.week,
            count=row.times,
            first=row.first,
            last=row.last,
            calls=_first_calls(connection, condition, row),
        )


def _first_calls(connection: Connection, condition: ColumnElement[bool], row: Any) -> tuple[Call, ...]:
    query = select(call_values.c.value).join(calls, calls.c.n == call_values.c.n)
    query = query.where(
        calls.c.actor.is_not_distinct_from(row.actor),
        calls.c.provider.is_not_distinct_from(row.provider),
        calls.c.time.between(row.first, row.last),
        condition,
    )
    found = connection.scalars(query.order_by(calls.c.time, calls.c.id).limit(MOST_CALLS))
    return tuple(map(rows.decoded, found))


# --- correlations -----------------------------------------------------------------------------------------------


class _Event(NamedTuple):
    key: tuple[str, ...]
    n: int
    time: int
    value: str | None
    provider: str | None
    actor: str | None
    credential: str | None


def _correlated(
    connection: Connection, condition: ColumnElement[bool], correlation: Correlation, week: int | None
) -> Iterator[Group]:
    span = correlation.seconds * MICROSECONDS
    start = None if week is None else week_start(week) - span
    events = _events(connection, condition, correlation, start)
    for _, of_group in itertools.groupby(events, key=lambda event: [part.lower() for part in event.key]):
        for number, hits in _weeks(of_group, correlation, span).items():
            if week is None or number >= week:
                yield _group(connection, correlation, number, hits)


def _events(
    connection: Connection, condition: ColumnElement[bool], correlation: Correlation, start: int | None
) -> Iterator[_Event]:
    """The calls of groups that are large enough at all, group by group, in time."""
    keys = [_column(field.columns) for field in correlation.group_by]
    value = _column(correlation.counted.columns) if correlation.counted is not None else None
    wanted = [condition, *(key.is_not(None) for key in keys)]
    if value is not None:
        wanted.append(value.is_not(None))
    if start is not None:
        wanted.append(calls.c.time >= start)
    size = func.count() if value is None else func.count(value.distinct())
    if keys:
        large = select(*keys).where(*wanted).group_by(*keys).having(size >= correlation.least)
        wanted.append(tuple_(*keys).in_(large) if len(keys) > 1 else keys[0].in_(large))
    facts = (calls.c.n, calls.c.time, calls.c.provider, calls.c.actor, calls.c.credential)
    query = select(*keys, *facts, *(() if value is None else (value,))).where(*wanted)
    many = len(keys)
    for row in connection.execute(query.order_by(*keys, calls.c.time, calls.c.id)):
        n, time, provider, actor, credential = row[many : many + 5]
        said = row[many + 5].lower() if value is not None else None
        yield _Event(tuple(row[:many]), n, time, said, provider, actor, credential)


def _column(columns: tuple[str, ...]) -> ColumnElement[Any]:
    return func.coalesce(*(calls.c[name] for name in columns)) if len(columns) > 1 else calls.c[columns[0]]


def _weeks(events: Iterable[_Event], correlation: Correlation, span: int) -> dict[int, dict[int, _Event]]:
    """By week, the calls of every window that held enough, each once, in time."""
    window: deque[_Event] = deque()
    values: Counter[str | None] = Counter()
    weeks: dict[int, dict[int, _Event]] = {}
    for event in events:
        window.append(event)
        values[event.value] += 1
        while window[0].time <= event.time - span:
            gone = window.popleft()
            values[gone.value] -= 1
            if not values[gone.value]:
                del values[gone.value]
        if (len(window) if correlation.counted is None else len(values)) >= correlation.least:
            hits = weeks.setdefault(week_of(event.time), {})
            hits.update(_newest(window, hits))
    return weeks


def _newest(window: deque[_Event], known: Container[int]) -> list[tuple[int, _Event]]:
    """The calls of a window that are not known, in time; those before a known one are known, too."""
    new = [(event.n, event) for event in itertools.takewhile(lambda event: event.n not in known, reversed(window))]
    return new[::-1]


def _group(connection: Connection, correlation: Correlation, week: int, hits: dict[int, _Event]) -> Group:
    events = list(hits.values())
    key = events[0].key
    numbers = [event.n for event in events[:MOST_CALLS]]
    query = select(call_values.c.n, call_values.c.value).where(call_values.c.n.in_(numbers))
    found = {row.n: rows.decoded(row.value) for row in connection.execute(query)}
    return Group(
        about=tuple((field.name, value) for field, value in zip(correlation.group_by, key, strict=True)),
        provider=_shared(event.provider for event in events),
        actor=_shared(event.actor for event in events),
        credential=_shared(event.credential for event in events),
        week=week,
        count=len(events),
        first=events[0].time,
        last=events[-1].time,
        calls=tuple(found[n] for n in numbers),
        distinct=None if correlation.counted is None else len({event.value for event in events}),
    )


def _shared(values: Iterable[str | None]) -> str | None:
    """The one value of all, or None."""
    different = set(values)
    return different.pop() if len(different) == 1 else None
