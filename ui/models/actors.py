# SPDX-License-Identifier: Apache-2.0
"""Who called, by pseudonym: the list, one actor in full, and who it is, after a recorded reason.

A pseudonym cannot be turned back. Who an actor is stands sealed in records of its own, so revealing it is an access
like any other, recorded first; a store may ask for a second person.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from auditor.archive import Archive, Filter
from auditor.archive.actors import ActorShare, actors
from auditor.archive.flows import flows
from auditor.archive.reveal import Revealed
from auditor.findings import Case
from auditor.policy import Policy
from auditor.store import Identity
from ui.models import formats
from ui.models.findings import OPEN, ordered
from ui.models.overview import dollars
from ui.models.reading import timeline
from ui.models.timeline import Timeline

SHOWN = 6


@dataclass(frozen=True, slots=True)
class ActorRow:
    """One actor in the list."""

    share: ActorShare
    team: str
    open_findings: int

    @property
    def texts(self) -> tuple[str, ...]:
        """The cells of its row."""
        sent = ", ".join(f"{type_} {number:,}" for type_, number in self.share.sent[:3])
        more = len(self.share.sent) - 3
        return (
            formats.one_line(self.share.actor, 120),
            formats.one_line(self.team, 80) if self.team else formats.ABSENT,
            f"{self.share.calls:,}",
            dollars(self.share.cost_usd),
            (sent + (f" +{more}" if more > 0 else "")) or formats.ABSENT,
            f"{self.open_findings:,}" if self.open_findings else formats.ABSENT,
            formats.timestamp(self.share.last),
        )


@dataclass(frozen=True, slots=True)
class Actor:
    """One actor in full."""

    row: ActorRow
    clients: tuple[tuple[str, int], ...]
    providers: tuple[tuple[str, int], ...]
    trend: Timeline | None
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class WhoItIs:
    """Who an actor is, as its connections said."""

    actor: str
    found: tuple[Revealed, ...]


def read_actors(archive: Archive, policy: Policy, since: datetime | None) -> tuple[ActorRow, ...]:
    """The actors of a period, those with the most calls first."""
    findings = Counter(case.finding.actor for case in archive.cases() if case.finding.status in OPEN)
    return tuple(
        ActorRow(share, policy.team_of(share.actor) or "", findings[share.actor])
        for share in actors(archive.index, since)
    )


def holds(row: ActorRow, words: Iterable[str]) -> bool:
    """Whether all words stand in what the list says of an actor."""
    text = f"{row.share.actor} {row.team} {' '.join(name for name, _ in row.share.sent)}".casefold()
    return all(word in text for word in words)


def read_actor(archive: Archive, row: ActorRow, since: datetime | None) -> Actor:
    """One actor in full."""
    name = row.share.actor
    found = flows(archive.index, since, actor=name)
    clients, providers = Counter[str](), Counter[str]()
    for flow in found:
        clients[flow.client or "not known"] += flow.calls
        providers[flow.provider or "not known"] += flow.calls
    return Actor(
        row=row,
        clients=_greatest(clients),
        providers=_greatest(providers),
        trend=timeline(archive, Filter.field("actor", name), since, None),
        cases=tuple(ordered(case for case in archive.cases() if case.finding.actor == name)),
    )


def _greatest(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    kept = counts.most_common(SHOWN)
    rest = counts.total() - sum(number for _, number in kept)
    return (*kept, (f"{len(counts) - SHOWN} more", rest)) if rest else tuple(kept)


def reveal(archive: Archive, actor: str, reason: str, second: Identity | None = None) -> WhoItIs:
    """Who an actor is: the access is recorded with the reason before anything is opened.

    Raises what the archive raises, where the store asks for a second person among it; then nothing was opened.
    """
    return WhoItIs(actor, tuple(archive.names(actor, reason, second=second)))
