# SPDX-License-Identifier: Apache-2.0
"""What a ledger's file says beside its records, read in one short transaction: the frame verification walks along.

Values come from a file that may have been tampered with: every one is converted strictly, and what is malformed is
noted as a fault and left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, Select, Table, select

from auditor.calls import Value
from auditor.errors import CheckFailed
from auditor.store.format import schema
from auditor.store.keys import facts
from auditor.store.ledger.segment import Header, Natural, header_of
from auditor.store.verification.faults import Faults


class Footer(Value, frozen=True, kw_only=True):
    """A row of `segment_footer`, its blob left in the file."""

    ledger: str
    seg: Natural
    last_seq: Natural
    leaf: bytes


class Wrapped(Value, frozen=True, kw_only=True):
    """A row of `segment_key`."""

    ledger: str
    seg: Natural
    recipient: str
    wrapped: bytes


class Note(Value, frozen=True, kw_only=True):
    """A row of `checkpoint`."""

    ledger: str
    size: Natural
    seg: Natural
    at_ms: int
    note: str


@dataclass(frozen=True)
class Snapshot:
    """A ledger at one moment. `size` is its newest checkpoint's; every leaf below belongs to it.
    `erased` are the numbers of records that lost their content, unchecked;
    `others` are the ledgers beside it in the same tables."""

    ledgers: tuple[facts.LedgerEnrolment, ...]
    epochs: tuple[facts.EpochKey, ...]
    headers: tuple[tuple[Header, bytes], ...]
    wrapped: dict[int, dict[str, bytes]]
    footers: dict[int, Footer]
    newest: Note | None
    strays: tuple[int, ...]
    erased: frozenset[int]
    others: tuple[object, ...]

    @property
    def size(self) -> int:
        """How many leaves the newest checkpoint covers."""
        return 0 if self.newest is None else self.newest.size


def take(connection: Connection, ledger: str, faults: Faults) -> Snapshot:
    """Read the frame of a ledger inside the connection's transaction."""
    notes = schema.checkpoint
    last = select(notes).where(notes.c.ledger == ledger).order_by(notes.c.size.desc()).limit(1)
    newest = _converted(connection.execute(last).mappings().all(), Note, faults, notes.name)
    footers = _rows(connection, schema.segment_footer, Footer, ledger, faults)
    if any(row["ledger"] == ledger for row in connection.execute(select(schema.segment_index)).mappings()):
        faults.add(f"table {schema.segment_index.name} holds rows this version cannot verify")
    return Snapshot(
        ledgers=tuple(_rows(connection, schema.ledger, facts.LedgerEnrolment, ledger, faults)),
        epochs=tuple(_rows(connection, schema.epoch, facts.EpochKey, ledger, faults)),
        headers=tuple(_headers(connection, ledger, faults)),
        wrapped=_wrapped(_rows(connection, schema.segment_key, Wrapped, ledger, faults)),
        footers={footer.seg: footer for footer in footers},
        newest=newest[0] if newest else None,
        others=tuple(connection.scalars(select(schema.ledger.c.ledger).where(schema.ledger.c.ledger != ledger))),
        erased=_erased(connection, ledger, faults),
        strays=_strays(connection, ledger, newest[0].size if newest else 0),
    )


def notes_between(connection: Connection, ledger: str, after: int, until: int, faults: Faults) -> list[Note]:
    """The checkpoints past a size, up to another."""
    table = schema.checkpoint
    query = select(table).where(table.c.ledger == ledger, table.c.size > after, table.c.size <= until)
    return _converted(connection.execute(query.order_by(table.c.size)).mappings().all(), Note, faults, table.name)


def sizes_until(connection: Connection, ledger: str, size: int) -> list[int]:
    """The sizes of the checkpoints up to one, unchecked."""
    table = schema.checkpoint
    query = select(table.c.size).where(table.c.ledger == ledger, table.c.size <= size)
    return [found for found in connection.scalars(query) if isinstance(found, int)]


def _rows[T: Value](connection: Connection, table: Table, kind: type[T], ledger: str, faults: Faults) -> list[T]:
    query = select(*(table.c[name] for name in kind.__struct_fields__))
    return _converted(_scanned(connection, query, table, ledger), kind, faults, table.name)


def _scanned(connection: Connection, query: Select[Any], table: Table, ledger: str) -> Sequence[RowMapping]:
    """The rows of a ledger by their key.

    In SQLite all rows of the table itself, sorted here: asked for by its key, it would take the key from the index, and
    what stands in the table would be seen by nobody. There a file holds one ledger.
    """
    if connection.dialect.name != "sqlite":
        mine = query.where(table.c.ledger == ledger) if "ledger" in table.c else query
        return connection.execute(mine.order_by(*table.primary_key)).mappings().all()
    found = [row for row in connection.execute(query).mappings() if row.get("ledger", ledger) == ledger]
    keys = [column.name for column in table.primary_key]
    return sorted(found, key=lambda row: [(type(row[key]).__name__, row[key]) for key in keys])


def _converted[T: Value](rows: Sequence[RowMapping], kind: type[T], faults: Faults, table: str) -> list[T]:
    found = []
    for row in rows:
        try:
            found.append(msgspec.convert({str(name): value for name, value in row.items()}, kind))
        except msgspec.ValidationError:
            faults.add(f"a row of table {table} is malformed")
    return found


def _headers(connection: Connection, ledger: str, faults: Faults) -> list[tuple[Header, bytes]]:
    table, found = schema.segment, []
    for row in _scanned(connection, select(table), table, ledger):
        try:
            found.append(header_of(row))
        except CheckFailed as error:
            faults.add(error.message)
    return found


def _wrapped(rows: list[Wrapped]) -> dict[int, dict[str, bytes]]:
    found: dict[int, dict[str, bytes]] = {}
    for row in rows:
        found.setdefault(row.seg, {})[row.recipient] = row.wrapped
    return found


def erasures_between(connection: Connection, ledger: str, first: int, last: int) -> list[dict[str, object]]:
    """The rows that say records of a range lost their content, unchecked, each with its record's leaf hash."""
    table, of = schema.erasure, schema.record
    query = select(table, of.c.leaf).join(of, (of.c.ledger == table.c.ledger) & (of.c.seq == table.c.seq))
    here = query.where(table.c.ledger == ledger, table.c.seq.between(first, last))
    return [{str(name): value for name, value in row.items()} for row in connection.execute(here).mappings()]


def _erased(connection: Connection, ledger: str, faults: Faults) -> frozenset[int]:
    """Numbers of records said to be erased. The signature is in no index, so that SQLite reads the table itself."""
    table = schema.erasure
    query = select(table.c.ledger, table.c.seq, table.c.signature)
    if connection.dialect.name != "sqlite":  # there a file holds one ledger, and an index would hide a damaged table
        query = query.where(table.c.ledger == ledger)
    found = connection.execute(query).all()
    if not all(row.ledger == ledger and isinstance(row.seq, int) for row in found):
        faults.add(f"a row of table {table.name} is malformed")
    return frozenset(row.seq for row in found if isinstance(row.seq, int))


def _strays(connection: Connection, ledger: str, size: int) -> tuple[int, ...]:
    """Numbers of records that no checkpoint covers."""
    table = schema.record
    numbers = select(table.c.seq).where(table.c.ledger == ledger).order_by(table.c.seq).limit(10)
    apart = (numbers.where(table.c.seq < 0), numbers.where(table.c.seq >= size))  # as one, SQLite reads the whole table
    found = [seq for query in apart for seq in connection.scalars(query)]
    return tuple(seq for seq in found if isinstance(seq, int))
