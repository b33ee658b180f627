# SPDX-License-Identifier: Apache-2.0
"""The tables of format 1; on PostgreSQL records and footers are parted by epoch."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_BIG, _BYTES = sa.BigInteger(), sa.LargeBinary()
_PARTED = "LIST (epoch)"


def upgrade() -> None:
    """Make all tables."""
    _facts()
    _segments()
    _records()
    if op.get_bind().dialect.name == "postgresql":
        _server()


def _table(name: str, keys: dict[str, Any], *columns: sa.Column[Any], parted: bool = False, rowid: bool = True) -> None:
    """A table; a parted one gets its `epoch` where the database has partitions."""
    with_epoch = parted and op.get_bind().dialect.name == "postgresql"
    keyed = [sa.Column(key, kind, primary_key=True, autoincrement=False) for key, kind in keys.items()]
    epoch = [sa.Column("epoch", sa.Text(), primary_key=True)] if with_epoch else []
    parts = _PARTED if with_epoch else None
    op.create_table(name, *keyed, *columns, *epoch, postgresql_partition_by=parts, sqlite_with_rowid=rowid)


def _column(name: str, kind: sa.types.TypeEngine[Any], nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=nullable)


def _facts() -> None:
    text = sa.Text()
    _table(
        "ledger",
        {"ledger": text},
        *(_column(name, text) for name in ("store", "name", "kind")),
        _column("enrol_key", _BYTES),
        _column("auditor", text),
        _column("signature", _BYTES),
    )
    _table(
        "epoch",
        {"epoch": text, "recipient": text},
        _column("purpose", text),
        _column("store", text),
        _column("suite", text),
        _column("public_key", _BYTES),
        _column("not_before", _BIG),
        _column("not_after", _BIG),
        _column("auditor", text),
        _column("signature", _BYTES),
    )


def _segments() -> None:
    text = sa.Text()
    place: dict[str, Any] = {"ledger": text, "seg": _BIG}
    _table(
        "segment",
        place,
        _column("format", sa.Integer()),
        _column("suite", text),
        _column("epoch", text),
        _column("opened_min", _BIG),
        _column("first_seq", _BIG),
        *(_column(name, _BYTES) for name in ("frontier", "key_commit", "wrap_digest", "sign_pk", "prev_sig")),
    )
    _table("segment_key", {**place, "recipient": text}, _column("wrapped", _BYTES))
    footer = (_column("last_seq", _BIG), _column("leaf", _BYTES), _column("footer", _BYTES, nullable=True))
    _table("segment_footer", place, *footer, parted=True)
    _table("segment_index", {**place, "bucket": _BIG}, _column("blob", _BYTES))


def _records() -> None:
    text = sa.Text()
    blobs = (_column("meta", _BYTES, nullable=True), _column("body", _BYTES, nullable=True))
    _table("record", {"ledger": text, "seq": _BIG}, _column("seg", _BIG), _column("leaf", _BYTES), *blobs, parted=True)
    checkpoint = (_column("seg", _BIG), _column("at_ms", _BIG), _column("note", text))
    _table("checkpoint", {"ledger": text, "size": _BIG}, *checkpoint, rowid=False)
    _table(
        "erasure",
        {"ledger": text, "seq": _BIG},
        _column("by_ledger", text),
        _column("by_seq", _BIG),
        _column("auditor", text),
        _column("signature", _BYTES),
    )


def _server() -> None:
    """What a store on a server has besides. Sealed bytes do not compress: the server need not try."""
    _table("store_facts", {"store": sa.Text()}, _column("facts", _BYTES))
    _table("erasure_order", {"ledger": sa.Text(), "number": sa.Text()}, _column("leaves", _BYTES))
    for table, column in (("record", "meta"), ("record", "body"), ("segment_footer", "footer")):
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTERNAL")
