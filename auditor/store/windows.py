# SPDX-License-Identifier: Apache-2.0
"""The records of a ledger as verification reads them: rows in order, a window at a time, in short transactions.

Values are as the file has them, so nothing is taken for granted. Rows come from the driver as they are: at some 10 µs a
record, an object each would be a third of the whole cost.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, TextClause, text
from sqlalchemy.exc import DBAPIError

from auditor.store import layout
from auditor.store.faults import Faults

WINDOW: Final = 512
_MOST_DAMAGED: Final = 16

_COLUMNS: Final = "ledger, seq, seg, leaf, meta, body"
_SPAN: Final = "ledger = :ledger AND seq >= :first AND seq < :last"
_BY_NUMBER: Final = text(f"SELECT {_COLUMNS} FROM record WHERE {_SPAN} ORDER BY seq")  # noqa: S608 - constants
_INDEX: Final = text(f"SELECT seq, rowid FROM record WHERE {_SPAN} ORDER BY seq")  # noqa: S608
_TABLE: Final = text(
    f"SELECT rowid, {_COLUMNS} FROM record NOT INDEXED WHERE rowid >= :low AND rowid <= :high ORDER BY rowid"  # noqa: S608
)

type Row = tuple[str, int, int, bytes, bytes, bytes | None]


def read(connection: Connection, ledger: str, span: tuple[int, int], faults: Faults) -> Iterator[Sequence[Row]]:
    """The rows of a span of numbers. Where the file is damaged, the window narrows to the row that cannot be read."""
    (first, end), window, damaged = span, WINDOW, 0
    while first < end:
        until = min(first + window, end)
        try:
            with connection.begin():
                rows = _between(connection, {"ledger": ledger, "first": first, "last": until})
        except (DBAPIError, UnicodeDecodeError):  # the driver cannot even decode some messages about damage
            if window > 1:
                window = max(window // 8, 1)
                continue
            damaged += 1
            faults.add("it cannot be read: the file is damaged", first)
            if damaged > _MOST_DAMAGED:
                return
            rows = ()
        yield rows
        first = until


def hold(rows: Sequence[Row], prefix: bytes, place: tuple[str, int], first: int) -> bool:
    """Whether these are the records of a place (ledger, segment) from number `first` on, none missing, each with the
    leaf that its bytes give. The common case, told quickly; what is wrong otherwise is for others to find out."""
    ledger, seg = place
    sha256, head, tail_of_place = hashlib.sha256, b"\x00" + prefix, bytes([layout.Column.RECORD])
    try:
        for seq, (name, at, of, leaf, meta, body) in enumerate(rows, first):
            tail = layout.ABSENT if body is None else sha256(body).digest()
            where = seq.to_bytes(8) + tail_of_place
            if sha256(head + where + sha256(meta).digest() + tail).digest() != leaf:
                return False
            if at != seq or of != seg or name != ledger or type(at) is not int:
                return False
    except TypeError:  # a value that is no bytes
        return False
    return True


def _between(connection: Connection, span: dict[str, str | int]) -> Sequence[Row]:
    """In SQLite the rows of the table itself, where its index names the same ones: either could be damaged alone."""
    if connection.dialect.name != "sqlite":
        return _fetched(connection, _BY_NUMBER, span)
    named = _fetched(connection, _INDEX, span)
    rowids = [rowid for _, rowid in named]
    if not rowids or rowids != list(range(rowids[0], rowids[0] + len(rowids))):
        return _fetched(connection, _BY_NUMBER, span)
    found = _fetched(connection, _TABLE, {"low": rowids[0], "high": rowids[-1]})
    return [row[1:] for row in found if isinstance(row[0], int)]


def _fetched(connection: Connection, statement: TextClause, values: Mapping[str, object]) -> Sequence[Any]:
    """Rows as the driver gives them."""
    result = connection.execute(statement, values)
    cursor: Any = result.cursor
    try:
        rows: Sequence[Any] = cursor.fetchall()
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError(str(statement), None, error) from error
    finally:
        result.close()
    return rows
