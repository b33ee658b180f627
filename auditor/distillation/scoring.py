# SPDX-License-Identifier: Apache-2.0
"""Scoring that a reviewer can follow: points for intent, harvesting and sink, a grade, and the ceiling of the terms.

Intent gives 0 to 40, harvesting 0 to 30 and never more than `watch` alone, sink and lineage 0 to 60. Volume, rate and
temperature give nothing.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final, Literal

from auditor.calls import Value
from auditor.distillation.gate import Verdict
from auditor.distillation.harvest import HARVEST_LIMIT, Trait
from auditor.distillation.intent import INTENT_LIMIT, Intent, combined
from auditor.distillation.lineage import Lineage
from auditor.distillation.sinks import Sink
from auditor.findings import Grade

SINK_POINTS: Final = 15
BLIND_POINTS: Final = 10
LINEAGE_POINTS: Final = 60
FULL: Final = 130

PROBABLE: Final = 33
"""Points from which a case is probable, of them at least `FIRM_INTENT` of intent."""

FIRM_INTENT: Final = 22
PLAIN_INTENT: Final = 30
"""Intent that suffices alone: prompts that say what they are for."""

WATCH: Final = 20

SEVERITY: Final = (Grade.INFORMATIONAL, Grade.INCONCLUSIVE, Grade.WATCH, Grade.PROBABLE, Grade.EVIDENCED)


class Point(Value, frozen=True, kw_only=True):
    """What one rule adds or takes, on which calls, and why."""

    rule: str
    title: str
    part: Literal["intent", "harvest", "sink"]
    points: int
    calls: tuple[str, ...]
    text: str


class Case(Value, frozen=True, kw_only=True):
    """What was found of one actor with one teacher."""

    intents: tuple[Intent, ...] = ()
    traits: tuple[Trait, ...] = ()
    sinks: tuple[Sink, ...] = ()
    lineage: Lineage | None = None
    traced: Sink | None = None


class Assessment(Value, frozen=True, kw_only=True):
    """The points of a case and the grade they give under the terms; `grade` None means that there is nothing."""

    points: tuple[Point, ...]
    score: float
    grade: Grade | None


def assess(case: Case, verdict: Verdict) -> Assessment:
    """Weigh a case."""
    intent, harvest, sink = _intent(case.intents), _harvest(case.traits), _sinks(case)
    sums = [
        min(INTENT_LIMIT, max(0, sum(one.points for one in intent))),
        min(HARVEST_LIMIT, sum(one.points for one in harvest)),
        max((one.points for one in sink), default=0),
    ]
    behaviour = _behaviour(case, *sums)
    grade = None if behaviour is None else min(behaviour, verdict.ceiling, key=SEVERITY.index)
    return Assessment(points=(*intent, *harvest, *sink), score=min(1.0, sum(sums) / FULL), grade=grade)


def _behaviour(case: Case, intent: int, harvest: int, sink: int) -> Grade | None:
    """What the behaviour alone would be graded."""
    if case.lineage and case.lineage.is_proof:
        return Grade.EVIDENCED
    if intent >= PLAIN_INTENT or (intent >= FIRM_INTENT and intent + harvest + sink >= PROBABLE):
        return Grade.PROBABLE
    if intent + harvest + sink >= WATCH and (intent >= 10 or harvest >= WATCH):
        return Grade.WATCH
    unclear = any(one.points >= 10 for one in case.traits) or any(one.blind for one in case.sinks)
    return Grade.INCONCLUSIVE if unclear else None


def _intent(intents: Sequence[Intent]) -> list[Point]:
    return [
        Point(rule=one.rule, title=one.title, part="intent", points=one.points, calls=one.calls, text=one.excerpt)
        for one in combined(intents)
    ]


def _harvest(found: Sequence[Trait]) -> list[Point]:
    return [
        Point(rule=one.rule, title=one.title, part="harvest", points=one.points, calls=one.calls, text=one.figure)
        for one in found
    ]


def _sinks(case: Case) -> list[Point]:
    if case.lineage and case.traced and case.lineage.is_proof:
        return [_proof(case.lineage, case.traced, _jobs(case.traced, case.sinks))]
    blind = Counter(one.blind for one in case.sinks if one.blind)
    counted = [_blind(reason, case.sinks, blind[reason]) for reason in blind]
    return [*counted, *(_sink(one, case.sinks) for one in case.sinks if not one.blind)]


def _jobs(upload: Sink, sinks: Sequence[Sink]) -> list[Sink]:
    """The tuning jobs that use an upload's file."""
    return [one for one in sinks if one.kind == "job" and one.file and one.file == upload.file]


def _blind(reason: str, sinks: Sequence[Sink], count: int) -> Point:
    calls = tuple(one.call.id for one in sinks if one.blind == reason)
    text = f"Training data went where it cannot be read, {'once' if count == 1 else f'{count} times'}: {reason}"
    return Point(rule="sink.blind", title="A blind sink", part="sink", points=BLIND_POINTS, calls=calls, text=text)


def _proof(lineage: Lineage, sink: Sink, jobs: Sequence[Sink]) -> Point:
    sides = {one.side for one in lineage.matches}
    text = (
        f"{len(lineage.matches)} of {lineage.rows} rows of the upload ({lineage.share:.0%}) hold text first seen in"
        f" outputs of {len(lineage.sources)} recorded calls ({', '.join(sorted(sides))})"
    )
    for job in jobs:
        text += f"; a tuning job on {job.base_model or 'a model not named'} uses the file"
    calls = (sink.call.id, *(job.call.id for job in jobs), *lineage.sources)
    return Point(
        rule="lineage", title="Outputs came back as training data", part="sink", points=LINEAGE_POINTS, calls=calls,
        text=text,
    )  # fmt: skip


def _sink(sink: Sink, sinks: Sequence[Sink]) -> Point:
    """A sink that can be read and holds no trace of the outputs, which speaks for the actor."""
    calls = (sink.call.id,)
    if sink.kind == "job":
        used = next((one for one in sinks if one.kind == "upload" and one.file and one.file == sink.file), None)
        what = f"the upload of {len(used.rows)} rows" if used else "a file whose upload is not among these calls"
        text = f"A tuning job was started on {sink.base_model or 'a model not named'} with {what}"
        return Point(rule="sink.job", title="A tuning job", part="sink", points=0, calls=calls, text=text)
    text = f"The upload's {len(sink.rows)} rows hold no text of recorded outputs, which speaks for the actor"
    return Point(rule="sink.clean", title="An upload without lineage", part="sink", points=0, calls=calls, text=text)
