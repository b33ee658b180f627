# SPDX-License-Identifier: Apache-2.0
"""Runs one rule over the index: what it matched, an actor (or a correlation's group), a provider and a week at a time.

Weeks are calendar weeks (UTC, from Monday), so that what is found does not depend on when it was looked for. A
correlation's window slides: every call is looked at together with those before it. A call without one of the facts a
correlation groups by belongs to no group, since two unknowns are not the same thing.

Invariant: asked for what is `after` a call, a rule gives exactly those groups of a full run that rest on a newer call,
whatever its time. So reporting both has the same outcome, and an old call that arrives late is found.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from auditor.archive.schema import among, calls
from auditor.archive.times import DAY
from auditor.policy import UNSAID, Policy
from auditor.rules import spans
from auditor.rules.events import Events, Ints, Name, Wide, bits, expression, gather
from auditor.rules.groups import FACTS, Group, Hits, Key, groups
from auditor.rules.model import Correlation, Rule
from auditor.rules.spans import Span
from auditor.rules.windows import weeks

WEEK: Final = 7 * DAY
_MONDAY: Final = 4 * DAY
"""1970 began on a Thursday: its first Monday."""

AT_ONCE: Final = 2_000_000
"""Calls looked at together; a greater index is looked at some weeks at a time."""

_GROUPS: Final = 500
"""Groups that are read at once."""
_MOST_NUMBERS: Final = 1 << 62
_SINGLE: Final[tuple[Name, ...]] = (("actor",), ("provider",), ("maker",))
"""What the matches of a rule on single calls are grouped by; of these, an unknown one is a value like another."""


def week_of(time: Any) -> Any:
    """The number of the week that holds a moment (or of each of an array of them)."""
    return (time - _MONDAY) // WEEK


def week_start(week: int) -> int:
    """When a week begins."""
    return week * WEEK + _MONDAY


class Question(NamedTuple):
    """What is asked of the index: under which policy, about calls of these terms only (ids of the registry, with the
    providers they serve), in whole weeks from the one of `since`; None where without limit. `after` is the number of
    the call up to which the rule was evaluated, `last` the one up to which it is now; `wide` is shared by several
    rules that are asked for everything."""

    policy: Policy = UNSAID
    terms: Mapping[str, Sequence[str]] | None = None
    since: int | None = None
    after: int | None = None
    last: int | None = None
    wide: Wide | None = None


def newest(connection: Connection) -> int:
    """The number of the call that came last; 0 where there is none."""
    return connection.scalar(select(func.max(calls.c.n))) or 0


def matched(connection: Connection, rule: Rule, asked: Question) -> Iterator[Group]:
    """What a rule matched, group by group."""
    look = _Look(connection, rule, asked)
    found = look.all() if asked.after is None else look.news(asked.after)
    for some in itertools.batched(found, _GROUPS):
        yield from groups(connection, some, look.names, look.value)


class _Look:
    """One rule's way to look at the index."""

    def __init__(self, connection: Connection, rule: Rule, asked: Question) -> None:
        self.correlation: Correlation | None = rule.correlation
        one = rule.correlation
        self.keys = _SINGLE if one is None else tuple(field.columns for field in one.group_by)
        self.names = ("actor",) if one is None else tuple(field.name for field in one.group_by)
        self.value = one.counted.columns if one and one.counted else None
        self._span = one.span if one else 0
        self._stages = bits(stage.sql(asked.policy) for stage in one.stages) if one and one.stages else None
        self._columns = columns_of(rule)
        self._first = None if asked.since is None else week_of(asked.since)
        self._connection = connection
        self._wide = asked.wide if asked.wide and rule.id in asked.wide else None
        self._rule = rule.id
        self._wanted = _conditions(rule, asked)
        self._enough = _all_stages(one, self._wanted, asked.policy) if one and one.group_by else []

    def all(self) -> Iterator[Hits]:
        """Everything the rule matches."""
        if self._wide is not None:
            yield from self._hits(self._wide.events(self._connection, self._rule))
            return
        for first, last in _slices(self._connection, self._first):
            start = None if first is None else week_start(first) - self._span
            bounds = spans.between(start, None if last is None else week_start(last))
            events = self._gather([*bounds, *self._enough])
            for hits in self._hits(events):
                if (first is None or hits.week >= first) and (last is None or hits.week < last):
                    yield hits

    def news(self, after: int) -> Iterator[Hits]:
        """What rests on a call that came after the one of this number."""
        new = self._gather([calls.c.n > after])
        if len(new) > AT_ONCE // 20:
            yield from self.all()
            return
        touched = {hits.pair: hits.key for hits in self._touched(new) if (hits.events.n[hits.places] > after).any()}
        around = spans.merged(
            Span(week_start(week) - self._span, week_start(week + 1)) for week in {week for _, week in touched}
        )
        if touched:
            events = self._gather([spans.within(around), *self._of(touched.values())])
            yield from (hits for hits in self._hits(events) if hits.pair in touched)

    def _touched(self, new: Events) -> Iterable[Hits]:
        """The hits around new calls: whole where a new call is among them."""
        if self.correlation is None or not len(new):
            return self._hits(new)
        around = spans.around(new.time, self._span)
        keys = [tuple(new.columns[name].text(place) for name in self.keys) for place in range(len(new))]
        return self._hits(self._gather([spans.within(around), *self._of(keys)]))

    def _of(self, keys: Iterable[Key]) -> list[ColumnElement[bool]]:
        """That a call may be of one of these groups: by the first of what they are grouped by."""
        if not self.keys:
            return []
        firsts = {key[0] for key in keys}
        column = expression(self.keys[0])
        known = among(column, sorted(one for one in firsts if one is not None))
        return [or_(known, column.is_(None)) if None in firsts else known]

    def _gather(self, narrowed: list[ColumnElement[bool]]) -> Events:
        ordered = self._stages is not None
        return gather(self._connection, [*self._wanted, *narrowed], self._columns, self._stages, ordered=ordered)

    def _hits(self, events: Events) -> Iterator[Hits]:
        """The hits in some calls, group by group and week by week."""
        numbers = week_of(events.time)
        key = _together([events.columns[name].folded for name in self.keys], len(events))
        if self.correlation is None:
            key = _together([key, numbers - numbers.min(initial=0)], len(events))
        counted = events.columns[self.value].folded if self.value else events.bits
        order = np.lexsort((events.time, key))
        for places in np.split(order, np.flatnonzero(np.diff(key[order])) + 1):
            for week, hit in self._weeks(events.time[places], numbers[places], counted, places):
                yield Hits(events, tuple(events.columns[name].text(hit[0]) for name in self.keys), week, hit)

    def _weeks(self, times: Ints, numbers: Ints, counted: Ints, places: Ints) -> Iterable[tuple[int, Ints]]:
        """The hits among the calls of one group, by week."""
        if self.correlation is None:
            return [(int(numbers[0]), places)] if len(places) else []
        if len(places) < self.correlation.least and not self.correlation.stages:
            return []
        values = counted[places] if len(counted) else counted
        return [(week, places[hit]) for week, hit in weeks(times, values, self.correlation, week_of).items()]


def _conditions(rule: Rule, asked: Question) -> list[ColumnElement[bool]]:
    """What a call has to fulfil for a rule; what is grouped and counted by has to be there."""
    one = rule.correlation
    wanted = [rule.detection.sql(asked.policy)]
    if asked.terms is not None:
        served = [name for names in asked.terms.values() for name in names]
        wanted.append(or_(calls.c.provider.in_(served), calls.c.maker.in_(list(asked.terms))))
    if asked.last is not None:
        wanted.append(calls.c.n <= asked.last)
    facts = [*one.group_by, *([one.counted] if one.counted else [])] if one else []
    return [*wanted, *(expression(field.columns).is_not(None) for field in facts)]


def wide(asked: Iterable[tuple[Rule, Question]]) -> Wide:
    """One pass for those of some rules that count calls in all of the index."""
    counting = [
        (rule, one) for rule, one in asked if rule.correlation and not rule.correlation.stages and one.after is None
    ]
    columns = (name for rule, _ in counting for name in columns_of(rule))
    return Wide({rule.id: and_(*_conditions(rule, one)) for rule, one in counting}, columns)


def columns_of(rule: Rule) -> list[Name]:
    """The columns a rule's matches are read with."""
    one = rule.correlation
    keys = _SINGLE if one is None else [field.columns for field in one.group_by]
    return list(dict.fromkeys([*FACTS, *keys, *([one.counted.columns] if one and one.counted else [])]))


def _all_stages(
    correlation: Correlation, wanted: list[ColumnElement[bool]], policy: Policy
) -> list[ColumnElement[bool]]:
    """That there are calls of each stage in a call's group, as far as the first of what it is grouped by tells: most
    groups have one stage only, and need not be read."""
    key = expression(correlation.group_by[0].columns)
    return [key.in_(select(key).where(*wanted, stage.sql(policy))) for stage in correlation.stages]


def _together(columns: Sequence[Ints], size: int) -> Ints:
    """One number for each row: the same where all columns have the same."""
    key, many = np.zeros(size, np.int64), 1
    for column in columns:
        different = int(column.max(initial=0)) + 2
        if many * different > _MOST_NUMBERS:
            known, key = np.unique(key, return_inverse=True)
            many = len(known)
        key, many = key * different + column + 1, many * different
    return key


def _slices(connection: Connection, first: int | None) -> Iterator[tuple[int | None, int | None]]:
    """The index in runs of whole weeks, from the first one on: each as its first week and the one after its last."""
    if newest(connection) <= AT_ONCE:
        yield first, None
        return
    number = ((calls.c.time - _MONDAY) // WEEK).label("week")
    query = select(number, func.count()).group_by(number).order_by(number)
    counted = [(week, many) for week, many in connection.execute(query) if first is None or week >= first]
    begin, held = first, 0
    for week, many in counted:
        if held and held + many > AT_ONCE:
            yield begin, week
            begin, held = week, 0
        held += many
    yield begin, None
