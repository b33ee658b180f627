# SPDX-License-Identifier: Apache-2.0
"""From the archive to the analysis, one group of originators after the other; each access recorded before it is made.

What has to be read is told from metadata: the windows with new calls or uploads, of these the calls that are kept, and
of all calls of a group those that share a fingerprint with an upload. Every group is marked done with its newest call,
once its findings were taken over by whoever asked for them; so an analysis that was broken off goes on with the group
it stopped in, and one that has no news opens nothing. Other rules, terms, or another policy make another basis, on
which nothing is done yet. With `since` only windows that reach over it are weighed, and nothing is marked.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import batched, chain, islice
from typing import Final, NamedTuple

import msgspec
import numpy as np

from auditor.archive import Archive, Opened, Progress
from auditor.archive.analysed import Aside
from auditor.batching import by_weight
from auditor.detectors import Scanner
from auditor.distillation.analysis import Analysis, Means
from auditor.distillation.intent import RULES
from auditor.distillation.observation import observe
from auditor.distillation.sinks import Sink, find_sink
from auditor.distillation.spread import POOLED, spread
from auditor.distillation.windows import WEEK, Group, Plan, week_of
from auditor.findings import Finding
from auditor.fingerprinting import BLOCK
from auditor.hashing import Hashes
from auditor.policy import UNSAID, Policy
from auditor.terms import Registry

REASON: Final = "Distillation and lineage analysis"
ACTION: Final = "analyze"
BATCH: Final = 2_000
"""Calls opened under one access record."""

ASKED: Final = 1 << 20
"""Fingerprints of uploads that are asked for together: about 100,000 rows."""

TOGETHER: Final = 100
"""Groups at most that ask together."""

_EDITION: Final = 2
"""Raised where the analysis comes to other findings on the same store, the rules and terms being the same."""

REACH: Final = 2 * WEEK
"""How far before a call windows may lie that it can change: an upload reaches windows up to a week after their last
call."""

_OF_A_WINDOW: Final = 100
"""Prompts of a window that may be compared over all actors."""


def analyze(
    archive: Archive,
    registry: Registry,
    progress: Progress | None = None,
    since: datetime | None = None,
    policy: Policy = UNSAID,
) -> Iterator[list[Finding]]:
    """The findings on distillation and lineage that are news since the last analysis, or from `since` on, in portions.

    A portion counts as done when the next one is asked for: record it first. `policy` says what the organisation
    trains, and who acts together. `progress` is told how many groups are done, of how many. Raises what opening content
    raises.
    """
    run = _Run(archive, Means(registry, archive.fingerprinter(), Scanner().scan, policy), since)
    groups, done = run.groups(), 0
    for portion in _portions(run.prepared(groups)):
        yield run.findings(portion)
        run.finish(portion)
        done += len(portion)
        if progress:
            progress(done, len(groups))
    yield from run.spread()


class _Known(NamedTuple):
    """A group with the number of its newest call, and of the newest one the last analysis knew."""

    group: Group
    newest: int
    known: int


class _Planned(NamedTuple):
    """A group with its plan made and its uploads read, and the fingerprints of these."""

    known: _Known
    plan: Plan
    sinks: Mapping[str, Sink]
    prints: Hashes


class _Prepared(NamedTuple):
    """A group ready to be analysed: the calls that have to be opened for it, in time order."""

    known: _Known
    analysis: Analysis
    wanted: list[str]


class _Run:
    """One analysis of an archive."""

    def __init__(self, archive: Archive, means: Means, since: datetime | None) -> None:
        self._archive, self._means, self._since = archive, means, since
        self._state = archive.analysed
        self._basis = _basis(means)

    def groups(self) -> list[_Known]:
        """The groups with calls the last analysis did not know; all, where there is a `since`."""
        newest = self._state.newest()
        done = {} if self._since else self._state.done(self._basis)
        teams = [Group(members=team.actors, team=team.name) for team in self._means.policy.team if team.actors]
        teamed = {actor for team in teams for actor in team.members}
        alone = [Group(members=(name,)) for name in sorted(newest) if name not in teamed]
        found = [(one, max(newest.get(name, 0) for name in one.members)) for one in (*teams, *alone)]
        known = [_Known(one, last, done.get(_mark(one), 0)) for one, last in found]
        return [one for one in known if one.newest > one.known]

    def prepared(self, groups: Iterable[_Known]) -> Iterator[_Prepared]:
        """Groups with what has to be opened for each; so many of them read the index of fingerprints together as their
        uploads leave room for."""
        for together in by_weight(map(self._planned, groups), lambda one: len(one.prints), ASKED, TOGETHER):
            found = self._archive.holders([one.prints for one in together])
            for one, holding in zip(together, found, strict=True):
                uploads = any(sink.rows for sink in one.sinks.values())
                follow = holding.keys() | self._unprinted if uploads else frozenset()
                analysis = Analysis(one.plan, self._means, one.sinks, follow)
                wanted, members = {*one.sinks, *analysis.wanted()}, one.known.group.members
                order = self._state.in_order(members, sorted(wanted)) if wanted else []
                yield _Prepared(one.known, analysis, order)

    def _planned(self, one: _Known) -> _Planned:
        plan = Plan(one.group, self._means.registry)
        news = self._since or self._state.first_new(one.group.members, one.known)
        if news:
            for n, call in self._state.calls_of(one.group.members, week_of(news) - REACH):
                plan.take(call, new=n > one.known and call.time >= news)
        sinks = self._sinks(plan)
        return _Planned(one, plan, sinks, self._prints(sinks.values()))

    def findings(self, portion: Sequence[_Prepared]) -> list[Finding]:
        """What is found in some groups."""
        opened = self._opened(chain.from_iterable(one.wanted for one in portion))
        found: list[Finding] = []
        for one in portion:
            for each in islice(opened, len(one.wanted)):
                exchange = each.sealed.exchange if each.sealed else None
                found += one.analysis.take(each.call, each.content, exchange)
            found += one.analysis.close()
        return found

    def finish(self, portion: Sequence[_Prepared]) -> None:
        """Mark groups as done."""
        asides = [
            Aside(f"{loose.unit}\n{loose.maker}", loose.week, sorted(loose.calls, key=_lot)[:_OF_A_WINDOW])
            for one in portion
            for loose in one.analysis.loose
        ]
        marks = {} if self._since else {_mark(one.known.group): one.known.newest for one in portion}
        self._state.finish(self._basis, marks, asides)

    def spread(self) -> Iterator[list[Finding]]:
        """What is found over all actors, week by week."""
        for week in self._state.weeks(self._basis):
            pooled = sorted(self._state.aside(week), key=_lot)[:POOLED]
            opened = sorted(self._opened(pooled), key=lambda one: (one.call.time, one.call.id))
            yield list(spread([observe(one.call, one.content) for one in opened], self._means))
            self._state.compared(self._basis, week)

    def _sinks(self, plan: Plan) -> dict[str, Sink]:
        """The sinks that are to be traced, by the call they were seen in."""
        opened = self._opened(call.id for call in plan.traced())
        found = ((one.call.id, find_sink(one.call, one.sealed.exchange)) for one in opened if one.sealed)
        return {id_: sink for id_, sink in found if sink is not None}

    def _prints(self, sinks: Iterable[Sink]) -> Hashes:
        """The fingerprints of what was uploaded, each once."""
        said = (text for sink in sinks for row in sink.rows for text in (*row.prompts, *row.targets))
        blocks = by_weight(said, len, BLOCK)
        kept = [np.unique(np.concatenate(self._means.prints.kept_of_each(block))) for block in blocks]
        return np.unique(np.concatenate([np.empty(0, dtype=np.uint64), *kept]))

    @cached_property
    def _unprinted(self) -> frozenset[str]:
        """The calls that have no fingerprints to tell by whether they hold text of an upload."""
        return frozenset(self._archive.not_fingerprinted())

    def _opened(self, ids: Iterable[str]) -> Iterator[Opened]:
        for batch in batched(ids, BATCH):
            yield from self._archive.content(batch, REASON, action=ACTION, scope="distillation")


def _portions(prepared: Iterable[_Prepared]) -> Iterator[list[_Prepared]]:
    """Groups whose calls are opened under one access record, or a large one alone."""
    portion: list[_Prepared] = []
    for one in prepared:
        if portion and sum(len(each.wanted) for each in portion) + len(one.wanted) > BATCH:
            yield portion
            portion = []
        portion.append(one)
    if portion:
        yield portion


def _mark(group: Group) -> str:
    """What a group is marked by: its members too, since a team that changed has to be analysed anew."""
    named = "\n".join((group.team or "", *group.members))
    return hashlib.blake2b(named.encode(), digest_size=12).hexdigest()


def _lot(id_: str) -> bytes:
    """An order of calls that depends on nothing but themselves."""
    return hashlib.blake2b(id_.encode(), digest_size=8).digest()


def _basis(means: Means) -> str:
    """What the findings depend on beside the calls."""
    rules = [(rule.id, rule.points, rule.pattern.pattern) for rule in RULES]
    terms = sorted(means.registry.clauses.items())
    return hashlib.blake2b(msgspec.json.encode((_EDITION, rules, terms, means.policy)), digest_size=16).hexdigest()
