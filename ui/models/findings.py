# SPDX-License-Identifier: Apache-2.0
"""How findings are shown: words, shapes and order, and the queues a reviewer works through. No widgets here."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from auditor.archive import Archive
from auditor.findings import Case, Done, Grade, Level, Reason, State, Step
from ui.background import Job
from ui.models import formats

VERDICT = "An indication for review, never a verdict."
"""Stands wherever findings are shown."""


class Shown(NamedTuple):
    """Drawing, word and tone of a value, and what it means."""

    icon: str
    word: str
    tone: str
    meaning: str = ""


LEVELS: dict[Level, Shown] = {
    Level.CRITICAL: Shown("critical", "critical", "bad"),
    Level.HIGH: Shown("high", "high", "bad"),
    Level.MEDIUM: Shown("medium", "medium", "warn"),
    Level.LOW: Shown("low", "low", "text"),
    Level.INFORMATIONAL: Shown("info", "informational", "muted"),
}
"""From the gravest on; keys 1 to 5 set them in this order."""

STATES: dict[State, Shown] = {
    State.NEW: Shown("findings", "new", "text"),
    State.TRIAGE: Shown("search", "in triage", "text"),
    State.CONFIRMED: Shown("check", "confirmed", "bad"),
    State.REMEDIATED: Shown("complete", "remediated", "good"),
    State.DISMISSED: Shown("close", "dismissed", "muted"),
    State.ACCEPTED: Shown("calendar", "risk accepted", "warn"),
}

GRADES: dict[Grade, Shown] = {
    Grade.EVIDENCED: Shown("verified", "evidenced", "text", "Several independent points support it."),
    Grade.PROBABLE: Shown("shield", "probable", "text", "A lead: points support it, something is still open."),
    Grade.WATCH: Shown("search", "watch", "muted", "Context only: worth an eye, no call for review."),
    Grade.INCONCLUSIVE: Shown("info", "inconclusive", "muted", "Context only: the points do not settle it."),
    Grade.INFORMATIONAL: Shown("info", "informational", "muted", "The terms permit this."),
}

CERTAINTIES: dict[str, Shown] = {
    "verified": Shown("verified", "verified", "good", "We read this text in its present version."),
    "verified-older-version": Shown("history", "older version", "warn", "We read an older version of this text."),
    "unverified-secondary": Shown("info", "second hand", "warn", "Others report it; we did not see the text."),
    "unverified": Shown("info", "unverified", "muted", "We have not seen the text."),
}
"""How sure we are of a clause or a fact, by the registry's status."""

REASONS: dict[Reason, str] = {
    Reason.FALSE_POSITIVE: "False positive: the evidence does not show it",
    Reason.PERMITTED: "Permitted: a contract or the terms allow it",
    Reason.DUPLICATE: "Duplicate of another finding",
    Reason.TEST: "Test or drill",
    Reason.OTHER: "Other",
}

OPEN = frozenset({State.NEW, State.TRIAGE, State.CONFIRMED})
STRONG = frozenset({Grade.EVIDENCED, Grade.PROBABLE})
RANK = {level: place for place, level in enumerate(LEVELS)}


class Queue(NamedTuple):
    """A named part of all findings."""

    key: str
    name: str
    meaning: str
    holds: Callable[[Case], bool]


QUEUES: tuple[Queue, ...] = (
    Queue(
        "review", "To review", "Open, with evidence that calls for review",
        lambda case: case.finding.status in OPEN and case.finding.grade in STRONG,
    ),
    Queue(
        "context", "Context", "Open, with evidence that is context only",
        lambda case: case.finding.status in OPEN and case.finding.grade not in STRONG,
    ),
    Queue("accepted", "Accepted", "Risks accepted for a time", lambda case: case.finding.status is State.ACCEPTED),
    Queue(
        "closed", "Closed", "Remediated and dismissed",
        lambda case: case.finding.status in (State.REMEDIATED, State.DISMISSED),
    ),
    Queue("all", "All", "Every finding", lambda _: True),
)  # fmt: skip


def ordered(cases: Iterable[Case]) -> list[Case]:
    """The gravest first, of those the last seen first."""
    return sorted(cases, key=lambda case: (RANK[case.severity], -case.finding.last_seen.timestamp(), case.finding.id))


def listed(cases: Iterable[Case], queue: Queue, text: str) -> list[Case]:
    """The cases of a queue that hold every word of a text, in the queue's order."""
    words = text.casefold().split()
    return ordered(case for case in cases if queue.holds(case) and all(word in _searched(case) for word in words))


def _searched(case: Case) -> str:
    finding, clause = case.finding, case.finding.clause
    cited = (clause.id, clause.provider, clause.document, clause.paraphrase) if clause else ()
    parts = (finding.id, finding.rule.title, finding.kind, finding.actor, finding.credential, case.owner, *cited)
    words = (*parts, case.severity, STATES[finding.status].word, finding.grade, finding.explanation)
    return "\n".join(part for part in words if part).casefold()


def about(case: Case) -> str:
    """Who, towards whom, how often."""
    finding = case.finding
    where = [formats.one_line(finding.clause.provider, 60)] if finding.clause else []
    who = formats.one_line(finding.actor or finding.credential, 60)
    return " · ".join((who, *where, formats.count(finding.count, "call")))


def said(case: Case, now: datetime) -> str:
    """One finding as a sentence, for screen readers."""
    finding = case.finding
    owner = f", owned by {formats.one_line(case.owner, 60)}" if case.owner else ""
    return (
        f"{case.severity}: {formats.one_line(finding.rule.title, 160)}. {about(case)}. {finding.grade}, "
        f"{STATES[finding.status].word}{owner}, last seen {formats.ago(finding.last_seen, now)}"
    )


def due_text(case: Case) -> str:
    """By when something is to happen, or an accepted risk ends."""
    if case.finding.status is State.ACCEPTED and case.accepted_until:
        return f"accepted until {case.accepted_until:%Y-%m-%d}"
    return f"due {case.due:%Y-%m-%d}" if case.due else ""


class Event(NamedTuple):
    """One line of a finding's history."""

    icon: str
    tone: str
    time: datetime
    what: str
    words: str = ""


def timeline(case: Case) -> list[Event]:
    """What happened to a finding, the newest first."""
    finding = case.finding
    events = [Event("clock", "muted", finding.first_seen, "First seen")]
    if finding.last_seen > finding.first_seen:
        events.append(Event("clock", "muted", finding.last_seen, f"Last seen, {formats.count(finding.count, 'call')}"))
    events += [_event(done) for done in case.history]
    return sorted(events, key=lambda event: event.time, reverse=True)


def _event(done: Done) -> Event:
    step = done.step
    who = formats.one_line(step.auditor, 80)
    icon, tone = "comment", "muted"
    if step.status is not None:
        icon, _, tone, _ = STATES[step.status]
    what = ", ".join(_changes(step)) or "commented"
    return Event(icon, tone, done.time, f"{who} {what}", formats.safe_text(step.comment))


def _changes(step: Step) -> list[str]:
    changes = []
    if step.status is not None:
        changes.append(f"set it to {STATES[step.status].word}")
    if step.reason is not None:
        changes.append(f"as {step.reason.replace('_', ' ')}")
    if step.until is not None:
        changes.append(f"until {step.until:%Y-%m-%d}")
    if step.approver:
        changes.append(f"approved by {formats.one_line(step.approver, 80)}")
    if step.severity is not None:
        changes.append(f"called it {step.severity}")
    if step.owner is not None:
        changes.append(f"gave it to {formats.one_line(step.owner, 80)}" if step.owner else "took its owner away")
    if step.due is not None:
        changes.append(f"set it due {step.due:%Y-%m-%d}")
    return changes


def all_cases(archive: Archive) -> list[Case]:
    """Every finding as it stands now."""
    return archive.cases()


def take_step(archive: Archive, job: Job, ids: Sequence[str], step: Step) -> int:
    """Take a step with each of these findings; how many there were."""
    for done, id_ in enumerate(ids):
        job.report(done, len(ids))
        archive.triage(id_, step)
    return len(ids)
