# SPDX-License-Identifier: Apache-2.0
"""The records of a ledger as verification reads them: rows in order, a window at a time, in short transactions.

Values are as the file has them, so nothing is taken for granted. Rows come from the driver as they are: at some 10 µs a
record, an object each would be a third of the whole cost.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from auditor.store import layout
from auditor.store.faults import Faults

WINDOW: Final = 512
_MOST_DAMAGED: Final = 16

_ROWS: Final = text(
    "SELECT seq, seg, leaf, meta, body FROM record"
    " WHERE ledger = :ledger AND seq >= :first AND seq < :last ORDER BY seq"
)

type Row = tuple[int, int, bytes, bytes, bytes | None]


def read(connection: Connection, ledger: str, span: tuple[int, int], faults: Faults) -> Iterator[Sequence[Row]]:
    """The rows of a span of numbers. Where the file is damaged, the window narrows to the row that cannot be read."""
    (first, end), window, damaged = span, WINDOW, 0
    while first < end:
        until = min(first + window, end)
        try:
            rows = _between(connection, ledger, first, until)
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


def hold(rows: Sequence[Row], prefix: bytes, seg: int, first: int) -> bool:
    """Whether these are the records of a segment from number `first` on, none missing, each with the leaf that its
    bytes give. The common case, told quickly; what is wrong otherwise is for others to find out."""
    sha256, head, tail_of_place = hashlib.sha256, b"\x00" + prefix, bytes([layout.Column.RECORD])
    try:
        for seq, (at, of, leaf, meta, body) in enumerate(rows, first):
            tail = layout.ABSENT if body is None else sha256(body).digest()
            place = seq.to_bytes(8) + tail_of_place
            if sha256(head + place + sha256(meta).digest() + tail).digest() != leaf:
                return False
            if at != seq or of != seg or type(at) is not int:
                return False
    except TypeError:  # a value that is no bytes
        return False
    return True


def _between(connection: Connection, ledger: str, first: int, until: int) -> Sequence[Row]:
    with connection.begin():
        found = connection.execute(_ROWS, {"ledger": ledger, "first": first, "last": until})
        cursor: Any = found.cursor
        try:
            rows: Sequence[Row] = cursor.fetchall()
        except connection.dialect.loaded_dbapi.Error as error:
            raise DBAPIError(str(_ROWS), None, error) from error
        finally:
            found.close()
    return rows
