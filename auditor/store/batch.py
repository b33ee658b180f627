# SPDX-License-Identifier: Apache-2.0
"""What one commit adds, built in memory: rows by table, and the tree they lead to."""

import functools
from typing import Any

import msgspec
from sqlalchemy import Table, Update, bindparam, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import Insert, insert

from auditor.store import chain, layout, schema
from auditor.store.layout import Column
from auditor.store.merkle import Tree
from auditor.store.prepare import Prepared
from auditor.store.segment import Noted, OpenSegment

type Row = dict[str, Any]


class Batch:
    """Rows to insert together. The tree is its own copy: dropping the batch leaves no trace."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree.copy()
        self.rows: dict[Table, list[Row]] = {}

    def close_segment(self, closing: OpenSegment) -> None:
        """Add a segment's footer, as the next leaf."""
        header, seq, blob = closing.header, self.tree.size, closing.footer()
        leaf = chain.footer_leaf(header, seq, blob)
        self.tree.append(leaf)
        row = {"ledger": header.ledger, "seg": header.seg, "last_seq": seq, "leaf": leaf, "footer": blob}
        self.rows[schema.segment_footer] = [row]

    def open_segment(self, opened: OpenSegment) -> None:
        """Add a segment's header, as the next leaf, and its wrapped keys."""
        header = opened.header
        self.tree.append(header.leaf(opened.signature))
        self.rows[schema.segment] = [{**msgspec.structs.asdict(header), "prev_sig": opened.signature}]
        self.rows[schema.segment_key] = [
            {"ledger": header.ledger, "seg": header.seg, "recipient": recipient, "wrapped": wrapped}
            for recipient, wrapped in opened.wrapped.items()
        ]

    def add_records(self, into: OpenSegment, ready: list[Prepared]) -> list[Noted]:
        """Seal records as the next leaves; what the segment's footer is to note of them."""
        header, keys, prefix = into.header, into.keys, into.keys.prefix
        rows, noted = [], []
        for item in ready:
            seq = self.tree.size
            meta = keys.seal(seq, Column.META, item.meta)
            body = None if item.body is None else keys.seal(seq, item.column, item.body)
            leaf = layout.record_leaf(prefix, seq, meta, body)
            self.tree.append(leaf)
            rows.append(
                {"ledger": header.ledger, "seq": seq, "seg": header.seg, "leaf": leaf, "meta": meta, "body": body}
            )
            noted.append((seq, body is not None, item.raw_meta))
        self.rows[schema.record] = rows
        return noted


def insert_rows(cursor: Any, table: Table, rows: list[Row], or_leave: bool = False) -> None:
    """Insert into a ledger's file; `or_leave` what is there already. Statements are compiled once: building one costs
    more than running it."""
    statement, names = _inserting(table, or_leave)
    cursor.executemany(statement, [[row[name] for name in names] for row in rows])


def replace_checkpoint(cursor: Any, size: int, row: Row) -> None:
    """Put a ledger's newest checkpoint in the place of the one of another size."""
    statement, names = _replacing()
    values = {**row, "of_ledger": row["ledger"], "of_size": size}
    cursor.execute(statement, [values[name] for name in names])


@functools.cache
def _inserting(table: Table, or_leave: bool) -> tuple[str, tuple[str, ...]]:
    statement = insert(table)
    return _compiled(statement.on_conflict_do_nothing() if or_leave else statement)


@functools.cache
def _replacing() -> tuple[str, tuple[str, ...]]:
    table = schema.checkpoint
    here = (table.c.ledger == bindparam("of_ledger"), table.c.size == bindparam("of_size"))
    return _compiled(update(table).where(*here).values({name: bindparam(name) for name in table.c.keys()}))  # noqa: SIM118


def _compiled(statement: Insert | Update) -> tuple[str, tuple[str, ...]]:
    """The statement as SQLite takes it, and the names of its values in their order."""
    compiled = statement.compile(dialect=sqlite.dialect())
    return str(compiled), tuple(compiled.positiontup or ())
