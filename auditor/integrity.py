# SPDX-License-Identifier: Apache-2.0
"""What the record says of its own gaps, as findings: nothing is lost silently.

Each gap is a signed record of the gateway that noticed it, or follows from its signed totals: seen = recorded + lost +
unknown + waiting, to the unit, and what is left over is said to be unaccounted for. One finding a ledger, reason and
day (UTC), so that a gap which grows stays one case. Analysed twice, the same record gives the same findings.
"""

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Final

from auditor.archive import Archive, Filter, GapRecord, LedgerStatus
from auditor.calls import Call
from auditor.findings import Evidence, Finding, Grade, Kind, Level, RuleName

_NAMESPACE: Final = uuid.UUID("6f0a6a58-3a55-4f7c-9d0e-1f0b7c8f2a11")
_CALLS_NAMED: Final = 100

_GAPS: Final = {
    "store_failure": (Level.HIGH, "Calls passed while the store took no records"),
    "queue_full": (Level.HIGH, "Calls passed faster than they could be recorded"),
    "crash": (Level.HIGH, "Calls passed a recorder that broke down"),
    "recorder_away": (Level.HIGH, "Calls passed without a recorder"),
    "body_truncated": (Level.MEDIUM, "Content was recorded in part"),
    "clock_jump": (Level.MEDIUM, "A gateway's clock was wrong, or jumped"),
}
"""What each reason of a gap means, and how grave it is."""

_UNREAD: Final = {
    "opaque": (Level.MEDIUM, "Connections to an AI host could not be decrypted"),
    "unparsed": (Level.LOW, "Calls were recorded, but their format is not understood"),
}
"""Outcomes of calls of which nothing could be read."""


_SILENCE: Final = timedelta(minutes=10)
"""Ten heartbeats."""


def analyze(archive: Archive, since: datetime | None = None, now: datetime | None = None) -> Iterator[Finding]:
    """The gaps of all ledgers of a refreshed archive, as far as they were seen from `since` on, and the gateways that
    are silent `now`."""
    gaps = archive.gaps()
    for status in archive.status():
        yield from _unaccounted(status)
        yield from _silent(status, _clock(status, gaps, now or datetime.now(UTC)))
    for finding in (*_gaps(gaps), *_unread(archive)):
        if since is None or finding.last_seen >= since:
            yield finding


def _gaps(gaps: Sequence[GapRecord]) -> Iterator[Finding]:
    def case(one: GapRecord) -> tuple[str, str, str]:
        return one.ledger, one.gap.reason, f"{one.gap.time:%Y-%m-%d}"

    for (ledger, reason, day), found in groupby(sorted(gaps, key=case), key=case):
        several = sorted(found, key=lambda one: one.seq)
        lost = sum(one.gap.count for one in several)
        level, title = _GAPS[reason]
        spans = tuple(Evidence(kind="config", text=_told(one)) for one in several[:_CALLS_NAMED])
        yield Finding(
            id=_id(ledger, reason, day),
            rule=_rule(reason, title, level),
            kind=Kind.INTEGRITY,
            first_seen=min(one.gap.time for one in several),
            last_seen=max(one.gap.until or one.gap.time for one in several),
            count=max(lost, len(several)),
            score=1.0,
            grade=Grade.EVIDENCED,
            explanation=f"{title}: {len(several)} gaps in ledger {ledger} on {day}, {lost} in all. "
            "The gateway recorded and signed each; see its log and its disk at that time.",
            evidence=spans,
        )


def _clock(status: LedgerStatus, gaps: Sequence[GapRecord], now: datetime) -> datetime:
    """What a gateway's clock shows `now`: what it said last of its clock, in this run, was how far it is off."""
    said = [one for one in gaps if one.ledger == status.ledger and one.gap.reason == "clock_jump"]
    last = max(said, key=lambda one: one.seq, default=None)
    if last is None or last.gap.until is None or (status.started and last.gap.time < status.started):
        return now
    return now - (last.gap.until - last.gap.time)


def _told(one: GapRecord) -> str:
    until = f" to {one.gap.until:%H:%M:%S}" if one.gap.until else ""
    detail = f", {one.gap.detail}" if one.gap.detail else ""
    return f"record {one.seq}: {one.gap.reason}, {one.gap.count}, {one.gap.time:%H:%M:%S}{until}{detail}"


def _unaccounted(status: LedgerStatus) -> Iterator[Finding]:
    if not status.unaccounted or status.reported is None:
        return
    title = "Calls were seen that no record accounts for"
    yield Finding(
        id=_id(status.ledger, "unaccounted", ""),
        rule=_rule("unaccounted", title, Level.HIGH),
        kind=Kind.INTEGRITY,
        first_seen=status.started or status.reported,
        last_seen=status.reported,
        count=status.unaccounted,
        score=1.0,
        grade=Grade.EVIDENCED,
        explanation=f"{title}: ledger {status.ledger} saw {status.seen}, recorded {status.recorded}, "
        f"lost {status.lost}, {status.unknown} have no known outcome and {status.waiting} wait; "
        f"{status.unaccounted} are missing.",
    )


def _silent(status: LedgerStatus, now: datetime) -> Iterator[Finding]:
    """A gateway that neither said it stopped nor gave a sign of life: one finding by its last sign, whenever asked."""
    last = status.reported
    if last is None or status.stopped is not None or now - last < _SILENCE:
        return
    title = "A gateway fell silent"
    yield Finding(
        id=_id(status.ledger, "silent", f"{last:%Y-%m-%dT%H:%M:%S}"),
        rule=_rule("silent", title, Level.HIGH),
        kind=Kind.INTEGRITY,
        first_seen=last,
        last_seen=last,
        count=1,
        score=1.0,
        grade=Grade.EVIDENCED,
        explanation=f"{title}: the last sign of life in ledger {status.ledger} is of {last:%Y-%m-%d %H:%M:%S} UTC, and "
        "it did not say that it stopped. It broke down, or its records do not arrive here; calls may pass unrecorded.",
    )


def _unread(archive: Archive) -> Iterator[Finding]:
    """What was recorded raw or not at all, by provider."""
    for outcome, (level, title) in _UNREAD.items():
        calls = sorted(archive.calls(Filter.parse(f"outcome:{outcome}")), key=_by)
        for (gateway, provider), found in groupby(calls, key=_by):
            several = sorted(found, key=lambda call: call.time)
            yield Finding(
                id=_id(gateway, outcome, provider),
                rule=_rule(outcome, title, level),
                kind=Kind.INTEGRITY,
                first_seen=several[0].time,
                last_seen=several[-1].time + timedelta(milliseconds=several[-1].duration_ms or 0),
                count=len(several),
                calls=tuple(call.id for call in several[:_CALLS_NAMED]),
                score=1.0,
                grade=Grade.WATCH,
                explanation=f"{title}: {len(several)} to {provider or 'hosts no provider is known for'}. They are "
                "recorded, but what was sent in them was not looked at.",
            )


def _by(call: Call) -> tuple[str, str]:
    return call.gateway or "", call.provider or ""


def _rule(name: str, title: str, level: Level) -> RuleName:
    return RuleName(id=str(uuid.uuid5(_NAMESPACE, name)), title=title, level=level)


def _id(*about: str) -> str:
    return hashlib.sha256("\x00".join(("integrity", *about)).encode()).hexdigest()[:32]
