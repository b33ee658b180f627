# SPDX-License-Identifier: Apache-2.0
"""How staff work a finding: the steps they may take, and what a finding's history makes of it. Pure values, no IO.

Invariants: nobody leaves a finding behind without a word (dismissing and accepting take a comment); what was dismissed
stays so however often the same evidence is reported, and comes back only where stronger evidence is; an accepted risk
comes back when its time is over, a remediated one when it happens again.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from auditor.calls import Compact, Value
from auditor.errors import InputError
from auditor.findings.model import Finding, Grade, Level, State


class Reason(StrEnum):
    """Why a finding is dismissed."""

    FALSE_POSITIVE = "false_positive"
    PERMITTED = "permitted"
    DUPLICATE = "duplicate"
    TEST = "test"
    OTHER = "other"


class Step(Compact, frozen=True, kw_only=True):
    """What an auditor did with a finding; what is absent stays as it was. `until` ends an accepted risk; `severity`
    is how grave a person calls it, whatever the rule's level says; `auditor` is filled in by who records it."""

    auditor: str = ""
    status: State | None = None
    owner: str | None = None
    due: datetime | None = None
    comment: str = ""
    reason: Reason | None = None
    approver: str | None = None
    until: datetime | None = None
    severity: Level | None = None


class Done(Value, frozen=True, kw_only=True):
    """A step and when it was taken."""

    time: datetime
    step: Step


class Case(Value, frozen=True, kw_only=True):
    """A finding as its history leaves it."""

    finding: Finding
    owner: str | None = None
    due: datetime | None = None
    accepted_until: datetime | None = None
    history: tuple[Done, ...] = ()
    judged: Level | None = None

    @property
    def severity(self) -> Level:
        """How grave it is: what a person said, else the level of the rule."""
        return self.judged or self.finding.rule.level

    def at(self, now: datetime) -> "Case":
        """The case as it stands at a moment: a risk that was accepted until then is new again."""
        expired = self.accepted_until is not None and self.accepted_until <= now
        return _with_status(self, State.NEW) if expired and self.finding.status is State.ACCEPTED else self

    @property
    def decided(self) -> datetime | None:
        """When its state was last set by a person."""
        return next((done.time for done in reversed(self.history) if done.step.status), None)


MOVES: Final[Mapping[State, frozenset[State]]] = {
    State.NEW: frozenset({State.TRIAGE, State.CONFIRMED, State.DISMISSED, State.ACCEPTED}),
    State.TRIAGE: frozenset({State.CONFIRMED, State.DISMISSED, State.ACCEPTED}),
    State.CONFIRMED: frozenset({State.TRIAGE, State.REMEDIATED, State.DISMISSED, State.ACCEPTED}),
    State.REMEDIATED: frozenset({State.TRIAGE, State.CONFIRMED}),
    State.DISMISSED: frozenset({State.TRIAGE}),
    State.ACCEPTED: frozenset({State.TRIAGE, State.CONFIRMED, State.REMEDIATED}),
}
"""Where a finding may go from each state; it may always stay."""

_LEVELS: Final = tuple(Level)
_GRADES: Final = tuple(Grade)


def check(case: Case, step: Step) -> None:
    """Raises `InputError` where a step may not be taken, or says too little."""
    now, then = case.finding.status, step.status
    if then is not None and then is not now and then not in MOVES[now]:
        allowed = ", ".join(sorted(MOVES[now]))
        raise InputError(f"The finding is {now} and cannot become {then}.", f"From there it can become: {allowed}.")
    if then in (State.DISMISSED, State.ACCEPTED) and not step.comment.strip():
        raise InputError(f"A finding is not {then} without a word.", "Say why: --comment TEXT.")
    if then is State.ACCEPTED and step.until is None:
        raise InputError("A risk is accepted for a time only.", "Say until when: --until DATE.")


def reported(case: Case | None, finding: Finding) -> Case:
    """The case once an analysis reported this finding (again)."""
    if case is None:
        return Case(finding=msgspec.structs.replace(finding, status=State.NEW))
    status = State.NEW if _comes_back(case, finding) else case.finding.status
    return msgspec.structs.replace(case, finding=msgspec.structs.replace(finding, status=status))


def stepped(case: Case, time: datetime, step: Step) -> Case:
    """The case once somebody took this step."""
    case = msgspec.structs.replace(
        case,
        owner=case.owner if step.owner is None else step.owner,
        due=case.due if step.due is None else step.due,
        judged=step.severity or case.judged,
        history=(*case.history, Done(time=time, step=step)),
    )
    if step.status is None:
        return case
    until = step.until if step.status is State.ACCEPTED else None
    return _with_status(msgspec.structs.replace(case, accepted_until=until), step.status)


def is_news(case: Case | None, finding: Finding) -> bool:
    """Whether a report says anything that the case does not hold already."""
    return case is None or msgspec.structs.replace(finding, status=case.finding.status) != case.finding


def _comes_back(case: Case, finding: Finding) -> bool:
    match case.finding.status:
        case State.DISMISSED:
            return _strength(finding) > _strength(case.finding)
        case State.REMEDIATED:
            return case.decided is not None and finding.last_seen > case.decided
        case _:
            return False


def _strength(finding: Finding) -> tuple[int, int]:
    """What evidence amounts to: first its grade, then the level of the rule."""
    return -_GRADES.index(finding.grade), _LEVELS.index(finding.rule.level)


def _with_status(case: Case, status: State) -> Case:
    return msgspec.structs.replace(case, finding=msgspec.structs.replace(case.finding, status=status))
