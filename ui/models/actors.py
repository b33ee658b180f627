# SPDX-License-Identifier: Apache-2.0
"""Who called, by pseudonym: the list, one actor in full, and who it is, after a recorded reason.

A pseudonym cannot be turned back. Who an actor is stands only in what the gateway captured and sealed, so revealing it
opens one call's exchange: an access like any other, recorded first.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from auditor.archive import Archive, Filter, Sort
from auditor.archive.actors import ActorShare, actors
from auditor.archive.flows import flows
from auditor.findings import Case
from auditor.policy import Policy
from ui.models import formats
from ui.models.findings import OPEN, ordered
from ui.models.overview import dollars
from ui.models.reading import timeline
from ui.models.timeline import Timeline

TRIED = 3
"""Calls that are opened, at most, to find one whose exchange is still there."""

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
class Revealed:
    """Who an actor is, as its connections said: name and addresses; the call that was opened for it."""

    actor: str
    user: str | None
    address: str | None
    call: str


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


def reveal(archive: Archive, actor: str, reason: str) -> Revealed:
    """Who an actor is: the access is recorded with the reason, then a call of theirs is opened, the newest first.

    Raises what the archive raises; then nothing was opened.
    """
    newest = archive.listing(Filter.field("actor", actor), Sort("time", True)).page(0, TRIED)
    ids: Sequence[str] = [call.id for call in newest]
    for opened in archive.content(ids, reason, action="reveal", scope=f"who {actor} is"):
        if opened.sealed is not None and (origin := opened.sealed.exchange.origin) is not None:
            return Revealed(actor, origin.user, origin.address, opened.call.id)
    return Revealed(actor, None, None, "")
