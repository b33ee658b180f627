# SPDX-License-Identifier: Apache-2.0
"""Templates that many actors follow a little each: splitting over keys and people is the known evasion.

Compared are, week by week, prompts that follow no template of their own actor. Where there are more than can be
compared, a sample is taken that depends on the calls alone, so that equal stores give equal findings.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from auditor.distillation.analysis import Means
from auditor.distillation.gate import judge, teacher_of
from auditor.distillation.intent import Intent, read_intent
from auditor.distillation.observation import Observation
from auditor.distillation.report import CALLS_SHOWN, Subject, finding
from auditor.distillation.scoring import FIRM_INTENT, Case, assess
from auditor.distillation.skeletons import mine
from auditor.distillation.windows import originator, week_of
from auditor.findings import Finding

POOLED: Final = 2_000
"""Prompts of a week that are compared over all actors."""

ACTORS: Final = 3
"""Actors that must share a template before it is reported for all of them."""

_NAMED_BY: Final = 40
"""Words of a template that tell it from others."""


def spread(pooled: Iterable[Observation], means: Means) -> Iterator[Finding]:
    """The findings on the pooled prompts, in time order."""
    weeks: defaultdict[datetime, list[Observation]] = defaultdict(list)
    for one in pooled:
        weeks[week_of(one.call.time)].append(one)
    for week, members in sorted(weeks.items()):
        for skeleton in mine(members, least=ACTORS):
            intent = read_intent(skeleton, means.without)
            if intent.points >= FIRM_INTENT and len(_actors(skeleton.members)) >= ACTORS:
                yield from _finding(intent, week, means)


def _actors(members: Sequence[Observation]) -> set[str]:
    return {originator(one.call) for one in members}


def _finding(intent: Intent, week: datetime, means: Means) -> Iterator[Finding]:
    skeleton = intent.skeleton
    calls = [one.call for one in skeleton.members]
    teacher = teacher_of(calls[0], means.registry)
    if teacher is None:
        return
    subject = Subject(
        actor=None,
        actors=len(_actors(skeleton.members)),
        teacher=teacher,
        window=week,
        first=min(call.time for call in calls),
        last=max(call.time for call in calls),
        count=len(calls),
        calls=skeleton.calls[:CALLS_SHOWN],
        template=f"{means.prints.whole(' '.join(skeleton.text.split()[:_NAMED_BY])):016x}",
    )
    case, verdict = Case(intents=(intent,)), judge(teacher, None, means.registry)
    if found := finding(subject, case, assess(case, verdict), verdict, means.scan):
        yield found
