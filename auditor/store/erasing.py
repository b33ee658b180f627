# SPDX-License-Identifier: Apache-2.0
"""Erasing as an auditor asks for it: find an actor's, a call's or a period's records, record it, sign it, have it done.

Invariants: the erasure is recorded in the auditor's own ledger before anything is lost; an exchange is erased whole,
its intent with its completion; what was found is what the ledgers hold, whatever an index says. Broken off at any
point, the same command again finishes it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import batched, groupby
from typing import Final, Literal

from sqlalchemy import select

from auditor.calls import Value
from auditor.errors import InputError
from auditor.store.format import schema
from auditor.store.format.records import AnyMeta, Completion, Draft, Erasure, Intent, Named, Record, Reported, Withheld
from auditor.store.keys.facts import Erased
from auditor.store.keys.identity import Identity
from auditor.store.ledger import erasure
from auditor.store.ledger.reader import LedgerReader
from auditor.store.ledger.writer import LedgerWriter
from auditor.store.location import Location
from auditor.store.server import emptying

AT_ONCE: Final = 1024
"""Leaves of one order: a writer carries it out in one transaction."""

type Progress = Callable[[int, int], None]
"""Told how many leaves of how many are read."""


class Scope(Value, frozen=True, kw_only=True):
    """What to erase: everything of an actor (any of these pseudonyms), one call, a period (`until` not included), or
    what of that period holds one of these types of data."""

    actors: frozenset[str] = frozenset()
    call: str | None = None
    types: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None

    @property
    def kind(self) -> Literal["actor", "call", "period", "class"]:
        """How it is asked for."""
        return "actor" if self.actors else "call" if self.call else "class" if self.types else "period"

    def covers(self, meta: Intent | Completion) -> bool:
        """Whether an exchange with this record belongs to it."""
        if self.kind == "actor":
            named = {meta.actor} if isinstance(meta, Intent) else {call.actor for call in meta.calls}
            return not self.actors.isdisjoint(name for name in named if name)
        if self.kind == "call":
            return isinstance(meta, Completion) and self.call in {call.id for call in meta.calls}
        if self.kind == "class":
            return isinstance(meta, Completion) and self._within(meta.time) and self._holds(meta)
        times = [call.time for call in meta.calls] if isinstance(meta, Completion) else []
        return any(self._within(time) for time in (meta.time, *times))

    def _holds(self, meta: Completion) -> bool:
        return any(found.type in self.types for call in meta.calls for found in call.data)

    def _within(self, time: datetime) -> bool:
        return (self.since is None or self.since <= time) and (self.until is None or time < self.until)

    def check(self) -> None:
        """Raise `InputError` where it names nothing, or several things."""
        given = [bool(self.actors), self.call is not None, bool(self.since or self.until)]
        if sum(given) != 1:
            raise InputError("Say what to erase: an actor, a call, or a period.", "Give one of them.")


class Target(Value, frozen=True, kw_only=True):
    """What a scope covers in one ledger: record numbers in order, and how many of them are completions."""

    ledger: str
    seqs: tuple[int, ...]
    completions: frozenset[int]


class Done(Value, frozen=True, kw_only=True):
    """What became of an erasure: exchanges and records erased, and the ledgers whose writer has yet to carry it out."""

    exchanges: int
    records: int
    waiting: tuple[str, ...] = ()


def find(reader: LedgerReader, scope: Scope, progress: Progress | None = None) -> tuple[Target, ...]:
    """The records a scope covers, in two passes: which exchanges, then all records of theirs and about them."""
    scope.check()
    total, done = 2 * sum(seq + 1 for seq in reader.tail().values()), 0

    def read() -> Iterator[Record]:
        nonlocal done
        for ledger in reader.ledgers():
            for record in reader.records(ledger):
                done += 1
                if progress and done % AT_ONCE == 0:
                    progress(min(done, total), total)
                yield record

    covered = [one.meta for one in read() if isinstance(one.meta, Intent | Completion) and scope.covers(one.meta)]
    exchanges = {meta.exchange for meta in covered}
    calls = {call.id for meta in covered if isinstance(meta, Completion) for call in meta.calls}
    found = [record for record in read() if _is_about(record.meta, scope, exchanges, calls)]
    targets = (_target(reader, name, list(records)) for name, records in groupby(found, lambda one: one.ledger))
    return tuple(target for target in targets if target.seqs)


def _is_about(meta: AnyMeta, scope: Scope, exchanges: set[str], calls: set[str]) -> bool:
    """Whether a record is of one of these exchanges, names their actor, or is a finding about nothing else."""
    if isinstance(meta, Named):
        return meta.actor in scope.actors
    if isinstance(meta, Reported):
        return meta.finding.actor in scope.actors or (bool(meta.finding.calls) and calls.issuperset(meta.finding.calls))
    return isinstance(meta, Intent | Completion | Withheld) and meta.exchange in exchanges


def erase(location: Location, identity: Identity, scope: Scope, targets: Sequence[Target], reason: str) -> Done:
    """Erase what `find` found. Raises `InputError` for an empty reason, or what the desk's writer raises."""
    if not reason.strip():
        raise InputError("Erasing takes a reason.", "Say in a few words why it has to go.")
    with LedgerWriter.for_desk(location, identity) as desk:
        for target in targets:
            for seqs in batched(target.seqs, AT_ONCE):
                _order(location, identity, desk, _record(identity, scope, target, seqs, reason))
    return Done(
        exchanges=sum(len(target.completions) for target in targets),
        records=sum(len(target.seqs) for target in targets),
        waiting=(*finish(location), *_elsewhere(location, targets)),
    )


def finish(location: Location) -> tuple[str, ...]:
    """Carry out whatever waits in a store; the ledgers for which something still does."""
    if location.server is not None:
        emptying.sweep(location.server, location.facts())
    ledgers = [name for name in location.ledger_files() if erasure.waiting(location, name)]
    return tuple(name for name in ledgers if not erasure.carry_out_here(location, name))


def _elsewhere(location: Location, targets: Sequence[Target]) -> tuple[str, ...]:
    """Ledgers whose own files lie on other machines: their writers get the orders."""
    is_far = location.server is not None
    here = location.ledger_files()
    return tuple(one.ledger for one in targets if location.is_copy(one.ledger) or (is_far and one.ledger not in here))


def ranges(seqs: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Ascending numbers as inclusive ranges."""
    found: list[tuple[int, int]] = []
    for seq in seqs:
        if found and found[-1][1] == seq - 1:
            found[-1] = (found[-1][0], seq)
        else:
            found.append((seq, seq))
    return tuple(found)


def _target(reader: LedgerReader, ledger: str, records: list[Record]) -> Target:
    """The target of these records, but for those that an earlier erasure is waiting to be carried out on."""
    waiting = erasure.waiting_seqs(reader.location, ledger)
    left = [one for one in records if one.seq not in waiting]
    completions = frozenset(one.seq for one in left if isinstance(one.meta, Completion))
    return Target(ledger=ledger, seqs=tuple(one.seq for one in left), completions=completions)


def _record(identity: Identity, scope: Scope, target: Target, seqs: Sequence[int], reason: str) -> Erasure:
    return Erasure(
        time=datetime.now(UTC),
        auditor=identity.name,
        reason=reason.strip(),
        scope=scope.kind,
        ledger=target.ledger,
        leaves=ranges(seqs),
        completions=len(target.completions.intersection(seqs)),
    )


def _order(location: Location, identity: Identity, desk: LedgerWriter, record: Erasure) -> None:
    """Record an erasure durably, then sign it leaf by leaf for the ledger's writer."""
    leaves = _leaves(location, record.ledger, record.leaves)
    (by_seq,) = desk.append([Draft(record)])
    key, store = identity.signing_key, location.facts().id
    signed = [
        Erased(store=store, ledger=record.ledger, seq=seq, leaf=leaf, by_ledger=desk.ledger, by_seq=by_seq).signed(key)
        for seq, leaf in leaves
    ]
    if location.server is not None:
        emptying.order(location.server, signed)
    if location.server is None or record.ledger == desk.ledger:
        erasure.order(location, record.ledger, signed)


def _leaves(location: Location, ledger: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, bytes]]:
    """Number and leaf hash of the records in ascending ranges, read in one go."""
    wanted = {seq for first, last in spans for seq in range(first, last + 1)}
    table = schema.record
    here = (table.c.ledger == ledger, table.c.seq.between(spans[0][0], spans[-1][1]))
    query = select(table.c.seq, table.c.leaf).where(*here).order_by(table.c.seq)
    with location.translated(ledger), location.engine(ledger).begin() as connection:
        return [(row.seq, row.leaf) for row in connection.execute(query) if row.seq in wanted]
