# SPDX-License-Identifier: Apache-2.0
"""What rules on single calls say of a call at the moment it is recorded, before any analysis.

The finding has the id that the analysis of the store will give it later, so that who was told of it can find it there.
It counts one call; the same one is told again after an hour at the earliest.
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from auditor.archive import rows
from auditor.archive.times import microseconds
from auditor.calls import Call
from auditor.findings import Finding, Kind, Level
from auditor.policy import UNSAID, Policy
from auditor.rules.analysis import clauses_of, finding_of, id_of, terms_of
from auditor.rules.groups import Group
from auditor.rules.matching import week_of
from auditor.rules.model import Rule, Rules
from auditor.rules.predicates import Predicate, facts, needs, predicate, tags_of
from auditor.terms import Registry

AGAIN: Final = timedelta(hours=1)
_REMEMBERED: Final = 20_000
"""Findings told of late, so that none is told twice."""
_PAIRS: Final = 1_000
"""Pairs of provider and maker whose rules are remembered."""
_LEVELS: Final = tuple(Level)


class _Armed(NamedTuple):
    """A rule ready to look at calls; `served` are the providers and makers it speaks of, and `tags` those of which a
    call has to have one; None for all."""

    rule: Rule
    holds: Predicate
    served: frozenset[str] | None
    tags: frozenset[str] | None


class Watch:
    """Looks at calls one by one; keeps in mind what it told. For one thread."""

    def __init__(self, rules: Rules, registry: Registry, policy: Policy = UNSAID, least: Level = Level.LOW) -> None:
        self._registry = registry
        self._policy = policy
        self._least = _LEVELS.index(least)
        self._told: OrderedDict[str, datetime] = OrderedDict()
        single = (rule for rule in rules.rules if rule.correlation is None and _LEVELS.index(rule.level) >= self._least)
        armed = (
            _Armed(rule, predicate(rule.detection, policy), self._served(rule), needs(rule.detection, policy))
            for rule in single
        )
        self._picked: dict[tuple[str | None, str | None], list[_Armed]] = {}
        self._armed = [one for one in armed if one.tags is None or one.tags]

    def _served(self, rule: Rule) -> frozenset[str] | None:
        if rule.section.kind is not Kind.TERMS:
            return None
        terms = terms_of(self._registry, rule)
        return frozenset({*terms, *(name for names in terms.values() for name in names)})

    def findings(self, call: Call) -> list[Finding]:
        """What is news about a call, at the level asked for and above."""
        looked_at = facts(call)
        tags = tags_of(looked_at)
        found: list[Finding] = []
        for rule, holds, _, wanted in self._speaking(looked_at.row["provider"], looked_at.row["maker"]):
            if (wanted is None or not wanted.isdisjoint(tags)) and holds(looked_at):
                found += self._news(rule, call)
        return found

    def _speaking(self, provider: str | None, maker: str | None) -> list[_Armed]:
        """The rules that speak of this provider or maker, picked once."""
        about = (provider, maker)
        if about not in self._picked:
            if len(self._picked) >= _PAIRS:
                self._picked.clear()
            self._picked[about] = [one for one in self._armed if one.served is None or one.served & {*about}]
        return self._picked[about]

    def _news(self, rule: Rule, call: Call) -> list[Finding]:
        """The findings of a match that were not told lately; whoever is told lately costs no more than its id."""
        group = _group(call)
        found = []
        for clause in clauses_of(self._registry, rule, group):
            if self._is_new(id_of(rule, group, clause), call.time):
                made = finding_of(rule, group, clause, self._registry, self._policy)
                found += [made] if _LEVELS.index(made.rule.level) >= self._least else []
        return found

    def _is_new(self, id_: str, now: datetime) -> bool:
        told = self._told.get(id_)
        if told is not None and now - told < AGAIN:
            return False
        self._told[id_] = now
        self._told.move_to_end(id_)
        if len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)
        return True


def _group(call: Call) -> Group:
    """A call as the group it will be in."""
    time = microseconds(call.time)
    return Group(
        about=(("actor", call.actor),),
        provider=call.provider,
        maker=rows.maker(call),
        actor=call.actor,
        credential=call.credential,
        week=week_of(time),
        count=1,
        first=time,
        last=time,
        ids=(call.id,),
        shown=(call,),
    )
