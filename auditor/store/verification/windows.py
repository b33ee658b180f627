# SPDX-License-Identifier: Apache-2.0
"""The records of a ledger as verification reads them: rows in order, a window at a time, in short transactions.

Values are as the file has them, so nothing is taken for granted. Rows come from the driver as they are: at some 10 µs a
record, an object each would be a third of the whole cost.
"""

import contextlib
import hashlib
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, TextClause, text
from sqlalchemy.exc import DBAPIError

from auditor.store.format import layout
from auditor.store.verification.faults import Faults

WINDOW: Final = 512
_STREAMED: Final = 4 * WINDOW
"""Rows read at once where each is let go before the next comes: fewer transactions, and none of 50 ms."""
_MOST_DAMAGED: Final = 16

_COLUMNS: Final = "ledger, seq, seg, leaf, meta, body"
_SPAN: Final = "ledger = :ledger AND seq >= :first AND seq < :last"
_BY_NUMBER: Final = text(f"SELECT {_COLUMNS} FROM record WHERE {_SPAN} ORDER BY seq")  # noqa: S608 - constants
_INDEX: Final = text(
    f"SELECT count(*), min(rowid), max(rowid), min(rowid - seq), max(rowid - seq) FROM record WHERE {_SPAN}"  # noqa: S608
)
_LISTS: Final = text("SELECT count(*) FROM sqlite_schema WHERE tbl_name = 'record' AND type = 'index'")
_TABLE: Final = text(
    f"SELECT {_COLUMNS} FROM record NOT INDEXED WHERE rowid >= :low AND rowid <= :high ORDER BY rowid"  # noqa: S608
)

type Row = tuple[str, int, int, bytes, bytes, bytes | None]


class Window(NamedTuple):
    """Records numbered from `first` on: proved, then their leaves; else their rows, to be looked at one by one."""

    first: int
    leaves: list[bytes] | None
    rows: Sequence[Row] = ()


class Proof(NamedTuple):
    """What records are proved against: ledger, segment, its prefix, and the numbers its records begin and end at."""

    ledger: str
    seg: int
    prefix: bytes
    begin: int
    last: int


def read(
    connection: Connection, span: tuple[int, int], proof: Proof, faults: Faults, keep: bool = False
) -> Iterator[Window]:
    """A span of numbers, window by window. Where the file is damaged, windows narrow to the row that cannot be read.

    Rows are proved as they come from the file, while they are in the processor's cache, and let go; `keep` keeps them.
    """
    is_streamed = connection.dialect.name == "sqlite" and not keep
    (first, end), window, damaged = span, _STREAMED if is_streamed else WINDOW, 0
    while first < end:
        until = min(first + window, end)
        try:
            with connection.begin():
                found = _window(connection, first, until, proof, keep)
        except (DBAPIError, UnicodeDecodeError):  # the driver cannot even decode some messages about damage
            if window > 1:
                window = max(window // 8, 1)
                continue
            damaged += 1
            faults.add("it cannot be read: the file is damaged", first)
            if damaged > _MOST_DAMAGED:
                return
            found = Window(first, None)
        yield found
        first = until


def _window(connection: Connection, first: int, until: int, proof: Proof, keep: bool) -> Window:
    start = max(first, proof.begin)
    reading = _reading(connection, proof.ledger, first, until)
    if reading.statement is _TABLE and not keep:
        with _rows(connection, reading.statement, reading.values) as found:
            leaves = _proved(found, proof, start)
        if leaves is not None and reading.rows in (None, len(leaves)):
            return Window(start, leaves)
    with _rows(connection, reading.statement, reading.values) as found:
        rows = list(found)
    is_whole = reading.rows in (None, len(rows))
    leaves = _proved(rows, proof, start) if is_whole else None
    return Window(start, leaves, rows if keep or leaves is None else ())


class _Reading(NamedTuple):
    """How records are to be read, and how many there must be, where another list than the table tells."""

    statement: TextClause
    values: Mapping[str, object]
    rows: int | None = None


def _reading(connection: Connection, ledger: str, first: int, until: int) -> _Reading:
    """In SQLite from the table itself. An older file has an index of numbers besides, and either could be damaged
    alone: where the two do not agree that the records lie one after the other, they are read by their numbers."""
    span = {"ledger": ledger, "first": first, "last": until}
    if connection.dialect.name == "sqlite":
        with _rows(connection, _LISTS, {}) as found:
            ((lists,), *_) = found
        if not lists:
            return _Reading(_TABLE, {"low": first, "high": until - 1})
        with _rows(connection, _INDEX, span) as found:
            (count, low, high, least, most), *_ = found
        if count and count == high - low + 1 and least == most:
            return _Reading(_TABLE, {"low": low, "high": high}, count)
    return _Reading(_BY_NUMBER, span)


def _proved(rows: Iterable[Row], proof: Proof, first: int) -> list[bytes] | None:
    """The leaves of records, if they are those numbered from `first` on, none missing, each with the leaf that its
    bytes give. The common case, told quickly; what is wrong otherwise is for others to find out."""
    ledger, seg, prefix, _, last = proof
    sha256, head, absent, column = hashlib.sha256, b"\x00" + prefix, layout.ABSENT, int(layout.Column.RECORD)
    pack = struct.Struct(f">{len(head)}sQB{len(absent)}s{len(absent)}s").pack  # as `layout.record_leaf`, in one step
    leaves = []
    try:
        for seq, (name, at, of, leaf, meta, body) in enumerate(rows, first):
            tail = absent if body is None else sha256(body).digest()
            if sha256(pack(head, seq, column, sha256(meta).digest(), tail)).digest() != leaf:
                return None
            if at != seq or of != seg or name != ledger or type(at) is not int:
                return None
            leaves.append(leaf)
    except TypeError:  # a value that is no bytes
        return None
    return leaves if first + len(leaves) <= last else None


@contextlib.contextmanager
def _rows(connection: Connection, statement: TextClause, values: Mapping[str, object]) -> Iterator[Iterable[Any]]:
    """Rows as the driver gives them."""
    result = connection.execute(statement, values)
    try:
        yield result.cursor  # type: ignore[misc]
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError(str(statement), None, error) from error
    finally:
        result.close()
