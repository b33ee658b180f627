# SPDX-License-Identifier: Apache-2.0
"""How far a ledger is projected, and what its gateway said of itself: the basis of completeness.

A gateway counts anew at every start; the sums of its earlier runs are kept beside the counters of the current one.
"""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from auditor.archive.schema import ledgers
from auditor.archive.times import microseconds
from auditor.store.format.records import Completion, Counters, Heartbeat, Record, Started, Stopped

_decode = msgspec.msgpack.Decoder(Counters).decode
_STATES = ("backlog", "unshipped")


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `ledgers`. Times are microseconds; `reported` is the last sign of life. `exchanges` are completions that
    are there, `erased` those that were."""

    name: str
    cursor: int = 0
    exchanges: int = 0
    erased: int = 0
    version: str | None = None
    started: int | None = None
    stopped: int | None = None
    reported: int | None = None
    before: Counters = Counters()
    counters: Counters = Counters()

    @classmethod
    def load(cls, connection: Connection, ledger: str) -> "Standing":
        """The standing of a ledger; an empty one for a ledger that is new."""
        row = connection.execute(select(ledgers).where(ledgers.c.name == ledger)).mappings().first()
        return cls(name=ledger) if row is None else _standing(dict(row))

    @classmethod
    def all(cls, connection: Connection) -> "list[Standing]":
        """The standings of all ledgers by name."""
        return [_standing(dict(row)) for row in connection.execute(select(ledgers).order_by("name")).mappings()]

    def after(self, records: Sequence[Record], cursor: int) -> "Standing":
        """The standing once these records are taken, too, and all that is taken reaches up to `cursor`."""
        standing = self
        for record in records:
            if isinstance(record.meta, Started | Stopped | Heartbeat):
                standing = standing._told(record.meta)
        completed = sum(isinstance(record.meta, Completion) for record in records)
        return msgspec.structs.replace(standing, cursor=cursor, exchanges=standing.exchanges + completed)

    def save(self, connection: Connection) -> None:
        """Write the row."""
        values = msgspec.structs.asdict(self)
        values |= {name: msgspec.msgpack.encode(values[name]) for name in ("before", "counters")}
        upsert = insert(ledgers).values(values)
        connection.execute(upsert.on_conflict_do_update(index_elements=["name"], set_=values))

    def total(self) -> Counters:
        """The counters over all runs; the backlog is the current run's."""
        return summed(self.before, self.counters)

    def _told(self, meta: Started | Stopped | Heartbeat) -> "Standing":
        at = microseconds(meta.time)
        replace = msgspec.structs.replace
        match meta:
            case Started(version=version):
                fresh = replace(self, before=self.total(), counters=Counters(), version=version)
                return replace(fresh, started=at, stopped=None, reported=at)
            case Stopped(counters=counters):
                return replace(self, counters=counters, stopped=at, reported=at)
            case Heartbeat(counters=counters):
                return replace(self, counters=counters, reported=at)


def summed(*counters: Counters) -> Counters:
    """The sum of counters; of what waits, which is a state and no count, the last one."""
    names = [name for name in Counters.__struct_fields__ if name not in _STATES]
    return Counters(
        **{name: sum(getattr(one, name) for one in counters) for name in names},
        **{name: getattr(counters[-1], name) for name in _STATES},
    )


def _standing(row: dict[str, object]) -> Standing:
    for name in ("before", "counters"):
        row[name] = _decode(row[name])  # type: ignore[arg-type]
    return Standing(**row)  # type: ignore[arg-type]
