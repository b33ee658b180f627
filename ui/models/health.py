# SPDX-License-Identifier: Apache-2.0
"""Signs of life and completeness, in words: do the gateways report, and is everything that passed recorded."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from auditor.archive import Archive, LedgerStatus
from auditor.store import Identity, Location
from auditor.store.verification.verify import verify
from ui.models import formats

SILENT_AFTER = timedelta(minutes=3)
"""Gateways report every minute; three missed reports are silence."""

type Said = tuple[str, str, str, str]
"""Drawing, tone, words, more words."""


@dataclass(frozen=True, slots=True)
class Health:
    """All ledgers at one moment."""

    now: datetime
    ledgers: tuple[LedgerStatus, ...] = ()

    @property
    def gateways(self) -> tuple[LedgerStatus, ...]:
        """Ledgers that gateways write."""
        return tuple(ledger for ledger in self.ledgers if is_gateway(ledger))

    def state(self, ledger: LedgerStatus) -> Said:
        """One gateway in words."""
        if ledger.reported is None:
            return ("clock", "muted", "has not reported yet", "")
        since = formats.ago(ledger.reported, self.now)
        if ledger.stopped is not None:
            return ("pause", "muted", f"stopped {since}", "")
        if self.now - ledger.reported > SILENT_AFTER:
            return ("error", "bad", f"silent, last sign {since}", "Gateways report every minute.")
        return ("complete", "good", "receiving", f"Last sign of life {since}")

    def gateways_line(self) -> Said:
        """All gateways in a few words; the worst first."""
        known = self.gateways
        if not known:
            return ("gateways", "muted", "No gateway has reported", "Set up a gateway: auditor gateway run")
        states = {ledger.ledger: self.state(ledger) for ledger in known}
        rank = {"bad": 0, "warn": 1, "muted": 2, "good": 3}
        worst = min(states, key=lambda name: rank[states[name][1]])
        drawing, tone, words, more = states[worst]
        others = f" · {len(known) - 1} more" if len(known) > 1 else ""
        detail = "\n".join(f"{name}: {state[2]}" for name, state in states.items())
        return (drawing, tone, f"{worst} {words}{others}", f"{detail}\n{more}".strip())

    def completeness_line(self) -> Said:
        """What passed against what was recorded."""
        seen, recorded, lost = (
            sum(getattr(one, name) for one in self.gateways) for name in ("seen", "recorded", "lost")
        )
        if not seen:
            return ("shield", "muted", "No traffic counted yet", "")
        words = f"{seen:,} seen · {recorded:,} recorded"
        if lost:
            return ("error", "bad", f"{words} · {lost:,} lost", "Some calls could not be recorded. See Gateways.")
        return ("verified", "good", f"{words} · none lost", "Every call that passed has a record.")


def is_gateway(ledger: LedgerStatus) -> bool:
    """Whether a gateway writes this ledger: it started once, or counted something; a desk does neither."""
    return ledger.started is not None or ledger.reported is not None


def read_health(archive: Archive) -> Health:
    """The account of every ledger, now."""
    return Health(datetime.now(UTC), archive.status())


def verify_ledgers(location: str, identity: Identity | None, progress: Callable[[int, int], None]) -> tuple[bool, str]:
    """Whether every ledger holds, and one sentence for people."""
    report = verify(Location.parse(location), identity, progress)
    if not report.holds:
        more = len(report.faults) - 1
        others = f" {formats.count(more, 'more fault')} follow." if more else ""
        return False, f"The record does not hold. {report.faults[0].sentence()}.{others}"
    when = datetime.now(UTC).strftime("%H:%M:%S")
    ledgers = formats.count(len(report.ledgers), "ledger")
    return True, f"Every record of {ledgers} holds: hashes, chain, signatures and checkpoints. Checked at {when} UTC."
