# SPDX-License-Identifier: Apache-2.0
"""Runs one rule over the index: what it matched, an actor (or a correlation's group), a provider and a week at a time.

Weeks are calendar weeks (UTC, from Monday), so that what is found does not depend on when it was looked for. A
correlation's window slides: every call is looked at together with those before it. A call without one of the facts a
correlation groups by belongs to no group, since two unknowns are not the same thing.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, null, or_, select, tuple_

from auditor.archive import rows
from auditor.archive.schema import among, call_values, calls
from auditor.archive.times import DAY, MICROSECONDS
from auditor.calls import Call
from auditor.policy import UNSAID, Policy
from auditor.rules import windows
from auditor.rules.model import Correlation, Rule

WEEK: Final = 7 * DAY
_MONDAY: Final = 4 * DAY
"""1970 began on a Thursday: its first Monday."""

MOST_CALLS: Final = 100
"""Calls a finding names, at most; it counts them all."""


MOST_SHOWN: Final = 5
"""Calls a finding shows as evidence, at most."""

_AT_ONCE: Final = 500


class Group(msgspec.Struct, frozen=True):
    """What a rule matched, together one finding. `about` are the group's fields; times are microseconds. `ids` are its
    first calls and `shown` the first of them in full. A fact that differs among the calls is None."""

    about: tuple[tuple[str, str | None], ...]
    provider: str | None
    maker: str | None
    actor: str | None
    credential: str | None
    week: int
    count: int
    first: int
    last: int
    ids: tuple[str, ...]
    shown: tuple[Call, ...]
    distinct: int | None = None


class _Event(NamedTuple):
    """A matching call as the index gives it; `value` is what a correlation counts, and the bits of `stages` say which
    of its stages it is."""

    n: int
    id: str
    time: int
    provider: str | None
    maker: str | None
    actor: str | None
    credential: str | None
    value: str | None = None
    stages: int = 0


class _Gathered:
    """A group as its calls come, in time."""

    def __init__(self, about: tuple[tuple[str, str | None], ...], week: int) -> None:
        self.about, self.week = about, week
        self.first = self.last = self.count = 0
        self.heads: list[_Event] = []
        self._facts: set[tuple[str | None, ...]] = set()
        self._values: set[str | None] = set()

    def take(self, event: _Event) -> None:
        """Add a call."""
        self.first = event.time if not self.count else self.first
        self.last = event.time
        self.count += 1
        if len(self.heads) < MOST_CALLS:
            self.heads.append(event)
        self._facts.add((event.provider, event.maker, event.actor, event.credential))
        self._values.add(event.value)

    def group(self, shown: Mapping[int, Call], counts_values: bool) -> Group:
        """The group once all calls came."""
        provider, maker, actor, credential = (_shared(facts) for facts in zip(*self._facts, strict=True))
        return Group(
            about=self.about,
            provider=provider,
            maker=maker,
            actor=actor,
            credential=credential,
            week=self.week,
            count=self.count,
            first=self.first,
            last=self.last,
            ids=tuple(event.id for event in self.heads),
            shown=tuple(shown[event.n] for event in self.heads[:MOST_SHOWN]),
            distinct=len(self._values) if counts_values else None,
        )


def week_of(time: int) -> int:
    """The number of the week that holds a moment."""
    return (time - _MONDAY) // WEEK


def week_start(week: int) -> int:
    """When a week begins."""
    return week * WEEK + _MONDAY


class Question(NamedTuple):
    """What is asked of the index: under which policy, about calls of these terms only (ids of the registry, with the
    providers they serve), in whole weeks from the one of `since`; None where without limit."""

    policy: Policy = UNSAID
    terms: Mapping[str, Sequence[str]] | None = None
    since: int | None = None

    @property
    def week(self) -> int | None:
        """The first week."""
        return None if self.since is None else week_of(self.since)


def matched(connection: Connection, rule: Rule, asked: Question) -> Iterator[Group]:
    """What a rule matched, group by group."""
    condition = rule.detection.sql(asked.policy)
    if asked.terms is not None:
        served = [name for names in asked.terms.values() for name in names]
        condition = and_(condition, or_(calls.c.provider.in_(served), calls.c.maker.in_(list(asked.terms))))
    correlation = rule.correlation
    gathered: Iterable[_Gathered]
    if correlation is None:
        gathered = _single(connection, condition, asked.week)
    else:
        gathered = _correlated(connection, condition, correlation, asked)
    counts_values = correlation is not None and correlation.counted is not None
    for some in itertools.batched(gathered, _AT_ONCE):
        shown = _calls(connection, [event.n for one in some for event in one.heads[:MOST_SHOWN]])
        yield from (one.group(shown, counts_values) for one in some)


def _calls(connection: Connection, numbers: Sequence[int]) -> dict[int, Call]:
    query = select(call_values.c.n, call_values.c.value).where(among(call_values.c.n, numbers))
    return {row.n: rows.decoded(row.value) for row in connection.execute(query)}


_FACTS: Final = tuple(calls.c[name] for name in ("n", "id", "time", "provider", "maker", "actor", "credential"))


# --- single calls -----------------------------------------------------------------------------------------------


def _single(connection: Connection, condition: ColumnElement[bool], week: int | None) -> list[_Gathered]:
    query = select(*_FACTS).where(condition)
    if week is not None:
        query = query.where(calls.c.time >= week_start(week))
    groups: dict[tuple[str | None, str | None, str | None, int], _Gathered] = {}
    for row in connection.execute(query.order_by(calls.c.time, calls.c.id)):
        event = _Event(*row)
        key = (event.actor, event.provider, event.maker, week_of(event.time))
        if key not in groups:
            groups[key] = _Gathered((("actor", event.actor),), key[3])
        groups[key].take(event)
    return list(groups.values())


# --- correlations -----------------------------------------------------------------------------------------------


def _correlated(
    connection: Connection, condition: ColumnElement[bool], correlation: Correlation, asked: Question
) -> Iterator[_Gathered]:
    span = correlation.seconds * MICROSECONDS
    week = asked.week
    start = None if week is None else week_start(week) - span
    events = _events(connection, condition, correlation, asked.policy, start)
    for _, of_group in itertools.groupby(events, key=lambda pair: [part.lower() for part in pair[0]]):
        pairs = list(of_group)
        about = tuple((field.name, value) for field, value in zip(correlation.group_by, pairs[0][0], strict=True))
        for number, hits in windows.weeks((event for _, event in pairs), correlation, span, week_of).items():
            if week is None or number >= week:
                gathered = _Gathered(about, number)
                for event in sorted(hits.values(), key=lambda event: (event.time, event.id)):
                    gathered.take(event)
                yield gathered


def _events(
    connection: Connection,
    condition: ColumnElement[bool],
    correlation: Correlation,
    policy: Policy,
    start: int | None,
) -> Iterator[tuple[tuple[str, ...], _Event]]:
    """The calls of groups that are large enough at all with their group's key, group by group, in time."""
    keys = [_column(field.columns) for field in correlation.group_by]
    value = _column(correlation.counted.columns) if correlation.counted is not None else None
    stages = [case((stage.sql(policy), 1), else_=0) for stage in correlation.stages]
    wanted = [condition, *(key.is_not(None) for key in keys)]
    if value is not None:
        wanted.append(value.is_not(None))
    if start is not None:
        wanted.append(calls.c.time >= start)
    size = func.count() if value is None else func.count(value.distinct())
    if keys:
        enough = [func.max(stage) == 1 for stage in stages] or [size >= correlation.least]
        large = select(*keys).where(*wanted).group_by(*keys).having(and_(*enough))
        wanted.append(tuple_(*keys).in_(large) if len(keys) > 1 else keys[0].in_(large))
    bits = sum((stage * (1 << number) for number, stage in enumerate(stages)), start=literal(0))
    query = select(*_FACTS, null() if value is None else func.lower(value), bits, *keys).where(*wanted)
    many = len(_Event._fields)
    for row in connection.execute(query.order_by(*keys, calls.c.time, calls.c.id)):
        yield tuple(row[many:]), _Event(*row[:many])


def _column(columns: tuple[str, ...]) -> ColumnElement[Any]:
    return func.coalesce(*(calls.c[name] for name in columns)) if len(columns) > 1 else calls.c[columns[0]]


def _shared(values: Iterable[str | None]) -> str | None:
    """The one value of all, or None."""
    different = set(values)
    return different.pop() if len(different) == 1 else None
