# SPDX-License-Identifier: Apache-2.0
"""What a ledger holds past a leaf, up to one of its checkpoints: the unit in which records travel between stores.

Invariant: whoever takes all parts of one reading, in one transaction, stands at a checkpoint again: a ledger is never
seen half. Rows go as they are, sealed and signed, in the order of their table's columns; nothing needs a key. A reading
is of one state and short, so that the writer's log can shrink.
"""

from collections.abc import Generator, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Engine, Table, func, select

from auditor.calls import Value
from auditor.store.format import schema

STEP: Final = 256
"""Leaves of one reading, unless a single commit was of more."""

_AT_ONCE: Final = 32
"""Records held in memory at once: each may carry a long conversation."""

type Row = Sequence[Any]


class Frame(Value, frozen=True, kw_only=True, tag=True):
    """The first part of a reading: leaves `after` (their number is known) to `until`, and the rows beside the records.

    `segments` are those the leaves belong to: epoch and first leaf, by number.
    """

    ledger: str
    after: int
    until: int
    tables: dict[str, list[Row]]
    segments: dict[int, tuple[str, int]]


class Records(Value, frozen=True, kw_only=True, tag=True):
    """A further part: rows of `record`, in order."""

    rows: list[Row]


type Part = Frame | Records
type Parts = Generator[Part, None, None]
"""The parts of one reading, in order; who does not take them all closes it."""

encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Part).decode


def read(source: Engine, ledger: str, after: int, step: int = STEP) -> Parts:
    """The parts past `after` leaves; none where there is no news. The transaction is open until the last is taken."""
    table = schema.record
    with source.begin() as connection:
        until = _until(connection, ledger, after, step)
        if until is None:
            return
        yield _frame(connection, ledger, after, until)
        query = select(table).where(table.c.ledger == ledger, table.c.seq >= after, table.c.seq < until)
        found = connection.execute(query.order_by(table.c.seq), execution_options={"yield_per": _AT_ONCE})
        for rows in found.partitions():
            yield Records(rows=[tuple(row) for row in rows])


def size(source: Engine, ledger: str) -> int:
    """How many leaves a ledger's newest checkpoint covers."""
    notes = schema.checkpoint
    with source.begin() as connection:
        return connection.scalar(select(func.max(notes.c.size)).where(notes.c.ledger == ledger)) or 0


def erasures(source: Engine, ledger: str, known: int = 0) -> list[Row] | None:
    """All rows that say records lost their content; None where there are as many as `known`."""
    table = schema.erasure
    with source.begin() as connection:
        count = connection.scalar(select(func.count()).select_from(table).where(table.c.ledger == ledger))
        if count == known:
            return None
        return _rows(connection, table, table.c.ledger == ledger)


def _until(connection: Connection, ledger: str, after: int, step: int) -> int | None:
    """The checkpoint to read up to: the last one within a step, else the first beyond."""
    notes = schema.checkpoint
    within = select(func.max(notes.c.size)).where(notes.c.size > after, notes.c.size <= after + step)
    beyond = select(func.min(notes.c.size)).where(notes.c.size > after + step)
    here = notes.c.ledger == ledger
    found: int | None = connection.scalar(within.where(here)) or connection.scalar(beyond.where(here))
    return found


def _frame(connection: Connection, ledger: str, after: int, until: int) -> Frame:
    segment, key, footer = schema.segment, schema.segment_key, schema.segment_footer
    begun = (segment.c.ledger == ledger, segment.c.first_seq >= after, segment.c.first_seq < until)
    here = select(segment.c.seg).where(*begun)
    segments = _segments(connection, ledger, after, until)
    notes, erased = schema.checkpoint, schema.erasure
    tables = {
        schema.ledger: (schema.ledger.c.ledger == ledger,),
        schema.epoch: (schema.epoch.c.epoch.in_({epoch for epoch, _ in segments.values()}),),
        segment: begun,
        key: (key.c.ledger == ledger, key.c.seg.in_(here)),
        footer: (footer.c.ledger == ledger, footer.c.last_seq >= after, footer.c.last_seq < until),
        notes: (notes.c.ledger == ledger, notes.c.size > after, notes.c.size <= until),
        erased: (erased.c.ledger == ledger, erased.c.seq >= after, erased.c.seq < until),
    }
    rows = {table.name: _rows(connection, table, *where) for table, where in tables.items()}
    return Frame(ledger=ledger, after=after, until=until, tables=rows, segments=segments)


def _segments(connection: Connection, ledger: str, after: int, until: int) -> dict[int, tuple[str, int]]:
    """The segment that was open at `after`, and those begun since."""
    table = schema.segment
    here = select(table.c.seg, table.c.epoch, table.c.first_seq).where(table.c.ledger == ledger)
    open_then = here.where(table.c.first_seq < after).order_by(table.c.first_seq.desc()).limit(1)
    begun = here.where(table.c.first_seq >= after, table.c.first_seq < until)
    return {row.seg: (row.epoch, row.first_seq) for query in (open_then, begun) for row in connection.execute(query)}


def _rows(connection: Connection, table: Table, *where: Any) -> list[Row]:
    query = select(table).where(*where).order_by(*table.primary_key)
    return [tuple(row) for row in connection.execute(query)]


def as_dicts(table: Table, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows by column, as an insert takes them."""
    names = [str(column.name) for column in table.columns]  # plain: `msgspec` takes no subclass
    return [dict(zip(names, row, strict=True)) for row in rows]
