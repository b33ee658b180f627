# SPDX-License-Identifier: Apache-2.0
"""Recordings into the desk's ledger: every exchange once, in the order of the files, in batches that are whole.

All files are looked at before anything is written, so a file of which nothing can be read leaves the store as it was.
An import that is interrupted has committed whole batches only; run again, it adds what is missing.

A browser's or a proxy's recording holds whatever it saw. Promise of the product: traffic that goes to no AI provider
is counted, not kept. NDJSON of exchanges was made for this import, so all of it is kept.
"""

import functools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec

from auditor.batching import by_weight
from auditor.calls import Exchange, Span, Value
from auditor.imports.entries import BadEntry, Entry, OnBytes
from auditor.imports.identification import identified
from auditor.imports.orders import Order, Outcome
from auditor.imports.recordings import Format, check, read
from auditor.imports.workers import Workers
from auditor.store.format.prepare import Prepared

_MOST_EXCHANGES = 256
_MOST_BYTES = 8 * 1024 * 1024


class Ledger(Protocol):
    """Where records go: the desk's `LedgerWriter`."""

    def append(self, drafts: Sequence[Prepared]) -> list[int]:
        """Seals and commits the records durably, all or none."""
        ...


class Recording(Value, frozen=True, kw_only=True):
    """A file that was looked at and found readable; `size` in bytes."""

    path: Path
    form: Format
    size: int


@dataclass
class Tally:
    """What became of the entries of an import.

    `proposed` counts the calls to hosts that no list knows, by what would make a gateway record them.
    """

    added: int = 0
    known: int = 0
    elsewhere: int = 0
    bad: int = 0
    proposed: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """All entries that were read."""
        return self.added + self.known + self.elsewhere + self.bad


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """How to import: the actor where a file names none, whether traffic to no AI provider is kept, how long an actor
    keeps a pseudonym, the types of data whose values are not stored, or apart, and the folder of the policy."""

    actor: str | None = None
    keep_elsewhere: bool = False
    span: Span = "forever"
    remove: tuple[str, ...] = ()
    withhold: tuple[str, ...] = ()
    folder: Path | None = None


def looked_at(paths: Iterable[Path]) -> list[Recording]:
    """The recordings behind these paths; raises `InputError` for the first of which nothing can be read."""
    return [Recording(path=path, form=check(path), size=path.stat().st_size) for path in paths]


def size_of(recordings: Iterable[Recording]) -> int:
    """The bytes of all recordings together."""
    return sum(one.size for one in recordings)


class Import:
    """One run of an import. `known` says which of some ids the store holds; `key` is the pseudonym key."""

    def __init__(
        self,
        ledger: Ledger,
        known: Callable[[list[str]], set[str]],
        key: bytes,
        workers: Workers,
        wishes: Wishes | None = None,
    ) -> None:
        self.tally = Tally()
        self._workers = workers
        self._ledger = ledger
        self._known = known
        self._key = key
        self._wishes = wishes or Wishes()
        self._met: set[bytes] = set()

    def run(
        self,
        recordings: Sequence[Recording],
        on_bytes: OnBytes = lambda _: None,
        on_bad: Callable[[Path, BadEntry], object] = lambda _path, _bad: None,
    ) -> Tally:
        """Imports the recordings one after the other; raises what the store raises, whole batches stay."""
        for one in recordings:
            entries = read(one.path, on_bytes, one.form)
            exchanges = self._exchanges(entries, functools.partial(on_bad, one.path))
            keep = self._wishes.keep_elsewhere or one.form is Format.NDJSON
            folder = None if self._wishes.folder is None else str(self._wishes.folder)
            order = Order(self._key, self._wishes.span, keep, self._wishes.remove, self._wishes.withhold, folder)
            batches = by_weight(exchanges, lambda one: one.weight, _MOST_BYTES, _MOST_EXCHANGES)
            for outcomes in self._workers.outcomes(self._new(batches), order):
                self._commit(outcomes)
        return self.tally

    def _exchanges(self, entries: Iterable[Entry], on_bad: Callable[[BadEntry], object]) -> Iterator[Exchange]:
        for entry in entries:
            if isinstance(entry, BadEntry):
                self.tally.bad += 1
                on_bad(entry)
            else:
                yield self._named(identified(entry, self._key))

    def _named(self, exchange: Exchange) -> Exchange:
        origin = exchange.origin
        if self._wishes.actor is None or origin.user or origin.address:
            return exchange
        return msgspec.structs.replace(exchange, origin=msgspec.structs.replace(origin, user=self._wishes.actor))

    def _new(self, batches: Iterable[list[Exchange]]) -> Iterator[list[Exchange]]:
        """The batches without what this run has met or the store holds."""
        for batch in batches:
            unmet = [one for one in batch if self._is_first(one)]
            known = self._known([one.id for one in unmet]) if unmet else set()
            fresh = [one for one in unmet if one.id not in known]
            self.tally.known += len(batch) - len(fresh)
            if fresh:
                yield fresh

    def _is_first(self, exchange: Exchange) -> bool:
        digest = bytes.fromhex(exchange.id)
        before = len(self._met)
        self._met.add(digest)
        return len(self._met) > before

    def _commit(self, outcomes: Sequence[Outcome]) -> None:
        records = [one.record for one in outcomes if one.record]
        if records:
            self._ledger.append([*(record for one in outcomes for record in one.beside), *records])
        self.tally.added += len(records)
        self.tally.elsewhere += len(outcomes) - len(records)
        self.tally.proposed.update(one.proposed for one in outcomes if one.proposed)
