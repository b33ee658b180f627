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
from auditor.rules.analysis import clauses_of, finding_of, terms_of
from auditor.rules.matching import Group, week_of
from auditor.rules.model import Rule, Rules
from auditor.rules.predicates import Predicate, facts, predicate
from auditor.terms import Registry

AGAIN: Final = timedelta(hours=1)
_REMEMBERED: Final = 20_000
_LEVELS: Final = tuple(Level)


class _Armed(NamedTuple):
    """A rule ready to look at calls; `served` are the providers and makers it speaks of, None for all."""

    rule: Rule
    holds: Predicate
    served: frozenset[str] | None


class Watch:
    """Looks at calls one by one; keeps in mind what it told. For one thread."""

    def __init__(self, rules: Rules, registry: Registry, policy: Policy = UNSAID, least: Level = Level.LOW) -> None:
        self._registry = registry
        self._policy = policy
        self._least = _LEVELS.index(least)
        self._told: OrderedDict[str, datetime] = OrderedDict()
        single = (rule for rule in rules.rules if rule.correlation is None and _LEVELS.index(rule.level) >= self._least)
        self._armed = [_Armed(rule, predicate(rule.detection, policy), self._served(rule)) for rule in single]

    def _served(self, rule: Rule) -> frozenset[str] | None:
        if rule.section.kind is not Kind.TERMS:
            return None
        terms = terms_of(self._registry, rule)
        return frozenset({*terms, *(name for names in terms.values() for name in names)})

    def findings(self, call: Call) -> list[Finding]:
        """What is news about a call, at the level asked for and above."""
        looked_at = facts(call)
        about = {looked_at.row["provider"], looked_at.row["maker"]}
        found = []
        for rule, holds, served in self._armed:
            if (served is None or served & about) and holds(looked_at):
                found += [one for one in self._of(rule, call) if self._is_news(one, call.time)]
        return found

    def _of(self, rule: Rule, call: Call) -> list[Finding]:
        group = _group(call)
        clauses = clauses_of(self._registry, rule, group)
        made = [finding_of(rule, group, clause, self._registry, self._policy) for clause in clauses]
        return [one for one in made if _LEVELS.index(one.rule.level) >= self._least]

    def _is_news(self, finding: Finding, now: datetime) -> bool:
        told = self._told.get(finding.id)
        if told is not None and now - told < AGAIN:
            return False
        self._told[finding.id] = now
        self._told.move_to_end(finding.id)
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
