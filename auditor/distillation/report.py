# SPDX-License-Identifier: Apache-2.0
"""Findings a reviewer can follow: every point with its rule, its calls, and a masked excerpt or a figure.

The text says what was seen, what the terms say of it, and that it is an indication, not a verdict. An id is a digest of
rule, actor, teacher and the window's week, so that the same analysis reports the same finding.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final, Literal

from auditor.calls import Match, Value
from auditor.distillation.gate import Teacher, Verdict
from auditor.distillation.scoring import Assessment, Case, Point
from auditor.findings import CitedClause, Evidence, Finding, Grade, Kind, Level, RuleName
from auditor.privacy import mask
from auditor.terms import Clause

type Scan = Callable[[str], tuple[Match, ...]]
"""Finds data in a text, so that excerpts are masked."""

CALLS_SHOWN: Final = 200
ROWS_SHOWN: Final = 20

_BEHAVIOUR: Final = (
    "5b0c6a44-5a0e-5a7c-9d0f-2f1f0f5f7a01",
    "A provider's outputs seem to be gathered to train a model",
)
_LINEAGE: Final = ("5b0c6a44-5a0e-5a7c-9d0f-2f1f0f5f7a02", "A provider's outputs came back in a training upload")
_SPREAD: Final = ("5b0c6a44-5a0e-5a7c-9d0f-2f1f0f5f7a03", "One template that generates training data, over many actors")
_TEAM: Final = (
    "5b0c6a44-5a0e-5a7c-9d0f-2f1f0f5f7a04",
    "A team seems to gather a provider's outputs to train a model",
)
_LEVELS: Final = {
    Grade.EVIDENCED: Level.HIGH,
    Grade.PROBABLE: Level.MEDIUM,
    Grade.WATCH: Level.LOW,
    Grade.INCONCLUSIVE: Level.LOW,
    Grade.INFORMATIONAL: Level.INFORMATIONAL,
}
_SAYS: Final = {
    Grade.EVIDENCED: "Rows of a training upload hold text that was first seen in the model's outputs.",
    Grade.PROBABLE: "The prompts and the way the calls hang together point to the making of training data. No upload"
    " holds the outputs: this is a lead to follow, not proof; ask whoever made the calls what they are for.",
    Grade.WATCH: "Some signs point to the making of training data; they do not suffice for more.",
    Grade.INCONCLUSIVE: "Long answers to unrelated prompts were gathered and no sink was seen: from traffic alone this"
    " looks the same as a benchmark run.",
    Grade.INFORMATIONAL: "The pattern of gathering training data was seen, and the terms allow it.",
}
_BLIND: Final = (
    "Training data went where it cannot be read. Whether outputs of the model are in it, no traffic can tell: ask"
    " whoever sent it."
)
_KINDS: Final[dict[str, Literal["intent", "pattern", "lineage"]]] = {
    "intent": "intent", "harvest": "pattern", "sink": "lineage",
}  # fmt: skip


class Subject(Value, frozen=True, kw_only=True):
    """Whom and when a finding is about. `actor` is None where it is about several: a `team`, or all who follow one
    `template` (a keyed hash of it); `window` is the beginning of its week."""

    actor: str | None
    teacher: Teacher
    window: datetime
    team: str | None = None
    template: str | None = None
    actors: int = 1
    first: datetime
    last: datetime
    count: int
    calls: tuple[str, ...]
    credential: str | None = None


def finding(subject: Subject, case: Case, assessment: Assessment, verdict: Verdict, scan: Scan) -> Finding | None:
    """The finding of an assessment; None where there is nothing to report."""
    if assessment.grade is None:
        return None
    proven = case.lineage is not None and case.lineage.is_proof
    together = _SPREAD if subject.template else _TEAM if subject.team and subject.actor is None else _BEHAVIOUR
    rule = _LINEAGE if proven else together
    calls = tuple(dict.fromkeys((*(id_ for one in assessment.points for id_ in one.calls), *subject.calls)))
    return Finding(
        id=_digest(rule[0], subject),
        rule=RuleName(id=rule[0], title=rule[1], level=_LEVELS[assessment.grade]),
        kind=Kind.LINEAGE if proven else Kind.DISTILLATION,
        clause=cited(verdict.clause) if verdict.clause else None,
        actor=subject.actor,
        credential=subject.credential,
        first_seen=subject.first,
        last_seen=subject.last,
        count=subject.count,
        calls=calls[:CALLS_SHOWN],
        score=round(assessment.score, 3),
        grade=assessment.grade,
        explanation=_explanation(subject, assessment, verdict, proven),
        evidence=tuple(_evidence(assessment.points, case if proven else None, verdict, scan)),
    )


def cited(clause: Clause) -> CitedClause:
    """A clause as a finding cites it."""
    return CitedClause(
        id=clause.id,
        provider=clause.provider,
        document=clause.document_title,
        section=clause.section,
        url=clause.url,
        effective=clause.effective_or_updated,
        paraphrase=clause.paraphrase,
        status=clause.status.value,
    )


def _digest(rule: str, subject: Subject) -> str:
    whom = subject.actor or subject.template or f"team {subject.team or '*'}"
    named = "\n".join((rule, whom, subject.teacher.maker, subject.window.date().isoformat()))
    return hashlib.blake2b(named.encode(), digest_size=12).hexdigest()


def _explanation(subject: Subject, assessment: Assessment, verdict: Verdict, proven: bool) -> str:
    assert assessment.grade is not None
    blind = assessment.grade is Grade.INCONCLUSIVE and any(one.rule == "sink.blind" for one in assessment.points)
    says = _SAYS[Grade.EVIDENCED] if proven else _BLIND if blind else _SAYS[assessment.grade]
    named = [one.title for one in assessment.points if one.points > 0]
    spoken = [one.title for one in assessment.points if one.points <= 0]
    model = subject.teacher.model or "a model not named"
    pieces = [
        says,
        f"Teacher: {model} through {subject.teacher.provider}, {subject.count} calls.",
        _together(subject),
        f"What counted: {'; '.join(dict.fromkeys(named))}." if named else "",
        f"What spoke against it: {'; '.join(dict.fromkeys(spoken))}." if spoken else "",
        f"Terms ({verdict.ruling}): {verdict.reason}",
        "This is an indication for review, not a verdict.",
    ]
    return " ".join(filter(None, pieces))


def _together(subject: Subject) -> str:
    of = f" of the team {subject.team}" if subject.team else ""
    return f"Calls of {subject.actors} actors{of} belong to it." if subject.actors > 1 else ""


def _evidence(
    points: Sequence[Point], proven: Case | None, verdict: Verdict, scan: Scan
) -> Iterator[Evidence]:  # fmt: skip
    for one in points:
        text = f"{one.title} ({one.rule}, {one.points:+d} points): {mask(one.text, scan(one.text))}"
        yield Evidence(call=one.calls[0] if one.calls else None, kind=_KINDS[one.part], text=text)
    lineage = proven.lineage if proven else None
    upload = proven.traced.call.id if proven and proven.traced else None
    for match in sorted(lineage.matches if lineage else (), key=lambda one: -one.words * one.share)[:ROWS_SHOWN]:
        text = (
            f"Row {match.row}, {match.side}: {match.share:.0%} of its word runs were first seen in this call's output,"
            f" the longest piece has {match.longest} words"
        )
        yield Evidence(call=match.source, kind="lineage", text=text, upload=upload, row=match.row)
    yield Evidence(kind="config", text=f"Terms: {verdict.ruling}. {verdict.reason}")
