# SPDX-License-Identifier: Apache-2.0
"""Takes a ledger's records into the index, some thousands at a time, each batch in one transaction with its cursor.

Invariants: what the index holds depends on the records alone, not on how they were batched; a batch is there whole or
not at all, so a refresh that was broken off goes on where it stopped. Two processes may refresh one index: whoever
comes second finds the cursor moved and takes nothing twice.

An intent is no call while its gateway runs. Where the gateway starts anew before the completion came, the call counts
as interrupted with its outcome unknown; should the completion come after all, it takes that call's place.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from operator import itemgetter
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Row, delete, func, insert, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert

from auditor.archive import cases, forgetting, rows, sharing, sums
from auditor.archive.rows import INTENT_ONLY, Found, Ready
from auditor.archive.schema import TAG_FACTS, accesses, among, calls, gaps, intents, ledgers, named, repeats, withheld
from auditor.archive.standing import Standing
from auditor.archive.sums import Key, Sums
from auditor.archive.times import microseconds
from auditor.privacy.fingerprints import FORM
from auditor.store.format.records import (
    Access,
    Completion,
    Erasure,
    Gap,
    Intent,
    Named,
    Record,
    Reported,
    Started,
    Triaged,
    Withheld,
    encode,
)

_INSERT_CALLS: Final = f"INSERT INTO calls ({', '.join(rows.COLUMNS)}) VALUES ({', '.join('?' * len(rows.COLUMNS))})"  # noqa: S608
_INSERT_VALUES: Final = "INSERT INTO call_values (n, value) VALUES (?, ?)"
_INSERT_TAGS: Final = (
    f"INSERT OR IGNORE INTO tags (kind, value, n, count, {', '.join(TAG_FACTS)})"  # noqa: S608
    f" VALUES (?, ?, ?, ?, {', '.join('?' * len(TAG_FACTS))})"
)
_tag_facts: Final = itemgetter(*map(rows.COLUMNS.index, TAG_FACTS))

type AnyRow = Row[*tuple[Any, ...]]

_decode_intent = msgspec.msgpack.Decoder(Intent).decode


def cursor(connection: Connection, ledger: str) -> int:
    """The number of the last record of a ledger that the index holds; 0 before the first."""
    return connection.scalar(select(ledgers.c.cursor).where(ledgers.c.name == ledger)) or 0


class Portion:
    """Records of one ledger, made ready for the index: all that needs no database is done."""

    def __init__(self, ledger: str, records: Sequence[Record]) -> None:
        self.ledger = ledger
        self.records = records
        self.runs = [_Batch(ledger, run) for run in _runs(records)]


def portions(records: Iterable[Record], ledger: str, size: int) -> Iterator[Portion]:
    """Portions of `size` records of a ledger."""
    return (Portion(ledger, batch) for batch in batched(records, size))


def take(connection: Connection, portion: Portion) -> None:
    """Take a portion into the index; records that another process took meanwhile, or that are erased, are passed
    over."""
    standing = Standing.load(connection, portion.ledger)
    new = [record for record in portion.records if record.seq > standing.cursor]
    left = forgetting.left(connection, portion.ledger, new)
    if len(left) != len(portion.records):
        portion = Portion(portion.ledger, left)
    for run in portion.runs:
        if run.starts:
            _give_up(connection, portion.ledger)
        run.write(connection)
    if new:
        standing.after(left, new[-1].seq).save(connection)
        forgetting.forget(connection, [one.meta for one in left if isinstance(one.meta, Erasure)])


def _runs(records: Iterable[Record]) -> Iterator[list[Record]]:
    """The records cut before every start of a gateway."""
    run: list[Record] = []
    for record in records:
        if run and isinstance(record.meta, Started):
            yield run
            run = []
        run.append(record)
    if run:
        yield run


def _give_up(connection: Connection, ledger: str) -> None:
    """Make calls of the intents that have no completion: their gateway broke down."""
    query = select(intents.c.seq, intents.c.meta).where(intents.c.ledger == ledger).order_by(intents.c.seq)
    found = (rows.unfinished(_decode_intent(meta), ledger, seq) for seq, meta in connection.execute(query))
    left = list(map(rows.ready, found))
    _insert(connection, left, sums.spread(left))
    connection.execute(delete(intents).where(intents.c.ledger == ledger))


class _Batch:
    """Records between two starts of a gateway, sorted by what they become. `starts` says whether a start leads them."""

    def __init__(self, ledger: str, records: Sequence[Record]) -> None:
        self.starts = isinstance(records[0].meta, Started)
        self._ledger = ledger
        self._pending: dict[str, Record] = {}
        self._completed: dict[str, Record] = {}
        self._repeats: list[int] = []
        self._gaps: list[dict[str, Any]] = []
        self._accesses: list[dict[str, Any]] = []
        self._named: list[dict[str, Any]] = []
        self._withheld: list[dict[str, Any]] = []
        self._casework: list[dict[str, Any]] = []
        for record in records:
            self._sort(record)
        found = (one for name, record in self._completed.items() for one in _found(ledger, name, record))
        self._ready = list(map(rows.ready, found))
        self._sums = sums.spread(self._ready)

    def _sort(self, record: Record) -> None:
        match record.meta:
            case Intent(exchange=exchange):
                self._pending[exchange] = record
            case Completion(exchange=exchange):
                self._pending.pop(exchange, None)
                if self._completed.setdefault(exchange, record) is not record:
                    self._repeats.append(record.seq)
            case Gap():
                self._gaps.append(self._note(record))
            case Access():
                self._accesses.append(self._note(record))
            case Named(actor=actor, time=time):
                at = microseconds(time)
                self._named.append({"ledger": self._ledger, "seq": record.seq, "time": at, "actor": actor})
            case Withheld(exchange=exchange):
                self._withheld.append({"ledger": self._ledger, "seq": record.seq, "exchange": exchange})
            case Reported(finding=finding):
                self._casework.append(self._note(record) | {"finding": finding.id})
            case Triaged(finding=finding_id):
                self._casework.append(self._note(record) | {"finding": finding_id})
            case _:
                pass

    def _note(self, record: Record) -> dict[str, Any]:
        time = microseconds(record.meta.time)
        return {"ledger": self._ledger, "seq": record.seq, "time": time, "meta": encode(record.meta)}

    def write(self, connection: Connection) -> None:
        """Insert everything into the index."""
        noted = ((gaps, self._gaps), (accesses, self._accesses), (named, self._named), (withheld, self._withheld))
        for table, notes in noted:
            if notes:
                connection.execute(insert(table), notes)
        if self._casework:
            cases.take(connection, self._casework)
        there = _known(connection, [*self._completed, *self._pending])
        self._complete(connection, there)
        self._wait(connection, there)

    def _complete(self, connection: Connection, there: dict[str, AnyRow]) -> None:
        new = [one for one in self._ready if not _is_final(there.get(one.found.exchange))]
        self._repeats += [record.seq for name, record in self._completed.items() if _is_final(there.get(name))]
        if self._repeats:
            connection.execute(insert(repeats), [{"ledger": self._ledger, "seq": seq} for seq in self._repeats])
        guessed = [there[name] for name in self._completed if name in there and not _is_final(there[name])]
        _insert(connection, new, self._sums if len(new) == len(self._ready) else sums.spread(new))
        for row in guessed:
            forgetting.remove(connection, row)
        connection.execute(delete(intents).where(among(intents.c.exchange, list(self._completed))))

    def _wait(self, connection: Connection, there: dict[str, AnyRow]) -> None:
        waiting = [
            {"exchange": name, "ledger": self._ledger, "seq": record.seq, "meta": encode(record.meta)}
            for name, record in self._pending.items()
            if name not in there
        ]
        if waiting:
            connection.execute(upsert(intents).on_conflict_do_nothing(), waiting)


def _found(ledger: str, exchange: str, record: Record) -> Iterator[Found]:
    assert isinstance(record.meta, Completion)
    printed = {one.call: one for one in record.meta.fingerprints if one.form == FORM}
    for part, call in enumerate(record.meta.calls):
        yield Found(call, exchange, part, ledger, record.seq, printed.get(part))


def _is_final(row: AnyRow | None) -> bool:
    return row is not None and row.part != INTENT_ONLY


def _known(connection: Connection, exchanges: list[str]) -> dict[str, AnyRow]:
    """One row of each of these exchanges that the index holds."""
    query = select(calls.c.n, calls.c.part, func.coalesce(calls.c.exchange, calls.c.id).label("name"))
    query = query.where(or_(among(calls.c.id, exchanges), among(calls.c.exchange, exchanges)))
    return {row.name: row for row in connection.execute(query)}


def known(connection: Connection, exchanges: list[str]) -> set[str]:
    """Which of these exchanges have a completion in the index."""
    return {name for name, row in _known(connection, exchanges).items() if _is_final(row)}


# --- rows in and out --------------------------------------------------------------------------------------------


def _insert(connection: Connection, new: Sequence[Ready], total: Sums[Key]) -> None:
    """Insert calls, whose sums are `total`. The database numbers rows of `calls` on from the greatest number."""
    if not new:
        return
    first = (connection.scalar(select(func.max(calls.c.n))) or 0) + 1
    connection.exec_driver_sql(_INSERT_CALLS, [one.row for one in new])
    connection.exec_driver_sql(_INSERT_VALUES, [(n, one.value) for n, one in enumerate(new, first)])
    tagged = [row for n, one in enumerate(new, first) for row in _tagged(n, one)]
    if tagged:
        connection.exec_driver_sql(_INSERT_TAGS, tagged)
    sharing.add(connection, ((n, one.found.fingerprints) for n, one in enumerate(new, first)))
    sums.add(connection, total)


def _tagged(n: int, one: Ready) -> Iterator[tuple[Any, ...]]:
    facts = _tag_facts(one.row)
    return ((tag.kind, tag.value, n, tag.times, *facts) for tag in one.tags)
