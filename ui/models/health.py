# SPDX-License-Identifier: Apache-2.0
"""Signs of life and completeness, in words: do the gateways report, and is everything that passed recorded."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from auditor.archive import Archive
from auditor.store import Identity, Location, verify_store
from ui.models import formats

SILENT_AFTER = timedelta(minutes=3)
"""Gateways report every minute; three missed reports are silence."""

type Said = tuple[str, str, str, str]
"""Drawing, tone, words, more words."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """What one ledger says of itself."""

    name: str
    reported: datetime | None = None
    running: bool = False
    seen: int = 0
    recorded: int = 0
    lost: int = 0
    blocked: int = 0
    tunnelled: int = 0
    undecryptable: int = 0
    unparsed: int = 0
    backlog: int = 0
    records: int = 0
    checkpoint: datetime | None = None
    gateway: bool = True


@dataclass(frozen=True, slots=True)
class Health:
    """All ledgers at one moment."""

    now: datetime
    ledgers: tuple[Ledger, ...] = ()

    @property
    def gateways(self) -> tuple[Ledger, ...]:
        """Ledgers that gateways write."""
        return tuple(ledger for ledger in self.ledgers if ledger.gateway)

    def state(self, ledger: Ledger) -> Said:
        """One gateway in words."""
        if ledger.reported is None:
            return ("clock", "muted", "has not reported yet", "")
        since = formats.ago(ledger.reported, self.now)
        if not ledger.running:
            return ("pause", "muted", f"stopped {since}", "")
        if self.now - ledger.reported > SILENT_AFTER:
            return ("error", "bad", f"silent, last sign {since}", "Gateways report every minute.")
        return ("complete", "good", "receiving", f"Last sign of life {since}")

    def gateways_line(self) -> Said:
        """All gateways in a few words; the worst first."""
        known = self.gateways
        if not known:
            return ("gateways", "muted", "No gateway has reported", "Set up a gateway: auditor gateway run")
        states = {ledger.name: self.state(ledger) for ledger in known}
        rank = {"bad": 0, "warn": 1, "muted": 2, "good": 3}
        worst = min(states, key=lambda name: rank[states[name][1]])
        drawing, tone, words, more = states[worst]
        others = f" · {len(known) - 1} more" if len(known) > 1 else ""
        detail = "\n".join(f"{name}: {state[2]}" for name, state in states.items())
        return (drawing, tone, f"{worst} {words}{others}", f"{detail}\n{more}".strip())

    def completeness_line(self) -> Said:
        """What passed against what was recorded."""
        seen, recorded, lost = (sum(getattr(one, name) for one in self.ledgers) for name in ("seen", "recorded", "lost"))
        if not seen:
            return ("shield", "muted", "No traffic counted yet", "")
        words = f"{seen:,} seen · {recorded:,} recorded"
        if lost:
            return ("error", "bad", f"{words} · {lost:,} lost", "Some calls could not be recorded. See Gateways.")
        return ("verified", "good", f"{words} · none lost", "Every call that passed has a record.")


def verify_ledgers(location: str, identity: Identity | None, progress: Callable[[int, int], None]) -> tuple[bool, str]:
    """Whether every ledger holds, and one sentence for people."""
    report = verify_store(Location.parse(location), identity, progress)
    if not report.holds:
        first = report.faults[0]
        return False, f"{formats.count(len(report.faults), 'record')} do not hold. First: {first.ledger}, {first.what}"
    when = datetime.now(UTC).strftime("%H:%M:%S")
    ledgers = formats.count(len(report.ledgers), "ledger")
    return True, f"Every record of {ledgers} holds: hashes, chain, signatures and checkpoints. Checked at {when} UTC."
