# SPDX-License-Identifier: Apache-2.0
"""What one commit adds, built in memory: rows by table, and the tree they lead to."""

import functools
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

import msgspec
from sqlalchemy import Table, Update, bindparam, func, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import Insert, insert

from auditor.store.format import layout, schema
from auditor.store.format.layout import Column
from auditor.store.format.merkle import Tree
from auditor.store.format.prepare import Prepared, framed_whole
from auditor.store.format.sealing import SegmentKeys, refer
from auditor.store.ledger import chain
from auditor.store.ledger.segment import Noted, OpenSegment

LARGE: Final = 1 << 20
"""Bytes of a body from which it is written piece by piece: of one that is bound whole SQLite makes two copies, and
keeps one until the next commit."""

type Row = tuple[Any, ...]
"""A row in the order of its table's columns."""


class Batch:
    """Rows to insert together. The tree is its own copy: dropping the batch leaves no trace.

    `passages` are those added, `known` those of earlier batches: their leaves by name.
    """

    def __init__(self, tree: Tree, known: Mapping[bytes, int] | None = None) -> None:
        self.tree = tree.copy()
        self.rows: dict[Table, list[Row]] = {}
        self.records: list[Row] = []
        self.passages: dict[bytes, int] = {}
        self._known = {} if known is None else known

    def close_segment(self, closing: OpenSegment) -> None:
        """Add a segment's footer, as the next leaf."""
        header, seq, blob = closing.header, self.tree.size, closing.footer()
        leaf = chain.footer_leaf(header, seq, blob)
        self.tree.append(leaf)
        self.rows[schema.segment_footer] = [(header.ledger, header.seg, seq, leaf, blob)]

    def open_segment(self, opened: OpenSegment) -> None:
        """Add a segment's header, as the next leaf, and its wrapped keys."""
        header = opened.header
        self.tree.append(header.leaf(opened.signature))
        self.rows[schema.segment] = [(*msgspec.structs.astuple(header), opened.signature)]
        self.rows[schema.segment_key] = [(header.ledger, header.seg, *wrapped) for wrapped in opened.wrapped.items()]

    def add_records(self, into: OpenSegment, ready: list[Prepared]) -> list[Noted]:
        """Seal records as the next leaves; what the segment's footer is to note of them."""
        keys, prefix = into.keys, into.keys.prefix
        ledger, seg = into.header.ledger, into.header.seg
        noted, leaves = [], []
        for seq, item in enumerate(ready, self.tree.size):
            meta = keys.seal(seq, Column.META, item.meta)
            body = None if item.body is None else self._sealed(keys, seq, item, item.body)
            leaf = layout.record_leaf(prefix, seq, meta, body)
            leaves.append(leaf)
            self.records.append((ledger, seq, seg, leaf, meta, body))
            noted.append((seq, body is not None, item.raw_meta))
        self.tree.extend(leaves)
        return noted

    def _sealed(self, keys: SegmentKeys, seq: int, item: Prepared, body: bytes) -> bytes | None:
        """A body sealed; whole where the passage it rests on is not here, and no passage then."""
        if item.after:
            last = self.passages.get(item.after) or self._known.get(item.after)
            if last is None and item.whole is not None:
                return keys.seal(seq, item.column, framed_whole(item.whole))
            if last is None and item.name:
                return None
            if last is None:
                raise ValueError("the passage a body rests on is not here, and neither is the body whole")
            body = refer(body, last)
        if item.name:
            self.passages[item.name] = seq
            return keys.seal_apart(seq, body, item.key)
        return keys.seal(seq, item.column, body)


def insert_rows(cursor: Any, table: Table, rows: list[Row], or_leave: bool = False) -> None:
    """Insert into a ledger's file; `or_leave` what is there already. Statements are compiled once: building one costs
    more than running it."""
    cursor.executemany(_inserting(table, or_leave), rows)


def insert_records(cursor: Any, rows: Sequence[Row]) -> None:
    """Insert records into a ledger's file, in their order."""
    for is_large, some in groupby(rows, lambda row: row[-1] is not None and len(row[-1]) >= LARGE):
        if is_large:
            for row in some:
                _insert_large(cursor, row)
        else:
            insert_rows(cursor, schema.record, [*some])


def _insert_large(cursor: Any, row: Row) -> None:
    """Insert a record with room for its body, and fill that."""
    *head, body = row
    cursor.execute(_inserting_room(), (*head, len(body)))
    with cursor.connection.open_blob(schema.record.name, schema.record.c.body.name, cursor.lastrowid) as room:
        for at in range(0, len(body), LARGE):
            room.write(body[at : at + LARGE])


def replace_checkpoint(cursor: Any, size: int, row: Row) -> None:
    """Put a ledger's newest checkpoint in the place of the one of another size."""
    cursor.execute(_replacing(), (*row, row[0], size))


@functools.cache
def _inserting(table: Table, or_leave: bool) -> str:
    statement = insert(table)
    return _compiled(statement.on_conflict_do_nothing() if or_leave else statement, table.columns.keys())


@functools.cache
def _inserting_room() -> str:
    """The statement that inserts a record with so many zeros for its body."""
    names = schema.record.columns.keys()
    room = {**{name: bindparam(name) for name in names}, "body": func.zeroblob(bindparam("length"))}
    return _compiled(insert(schema.record).values(room), [*names[:-1], "length"])


@functools.cache
def _replacing() -> str:
    table = schema.checkpoint
    names = table.columns.keys()
    here = (table.c.ledger == bindparam("of_ledger"), table.c.size == bindparam("of_size"))
    replacing = update(table).where(*here).values({name: bindparam(name) for name in names})
    return _compiled(replacing, [*names, "of_ledger", "of_size"])


def _compiled(statement: Insert | Update, names: Sequence[str]) -> str:
    """The statement as SQLite takes it; its values are asked for in the order of these names."""
    compiled = statement.compile(dialect=sqlite.dialect())
    assert compiled.positiontup == [*names]
    return str(compiled)
