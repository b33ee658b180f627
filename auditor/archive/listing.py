# SPDX-License-Identifier: Apache-2.0
"""The calls of a filter in an order, with any row at once: what a table of millions of rows scrolls through.

By time, a page is found from the nearest page whose place is known, forwards or backwards, by the key (time, n); a
leap over very many rows, and every other order, reads the row numbers once into an array (8 bytes a call) and serves
pages from it. A listing shows the table as of its making: calls that arrive later do not shift its rows.
"""

from array import array
from bisect import bisect
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_

from auditor.archive import rows
from auditor.archive.fields import FIELDS, field_of
from auditor.archive.filters import Filter
from auditor.archive.index import Index
from auditor.archive.schema import among, call_values, calls, rollups
from auditor.calls import Call
from auditor.errors import InputError

PAGE: Final = 256
FAR: Final = 20_000
"""Rows of a filter that are skipped at most, and calls that are asked for by their numbers; past them all row numbers
are read once."""

_ALL_CALLS: Final = select(func.sum(rollups.c.calls)).where(rollups.c.grain == "all", rollups.c.dimension == "outcome")

SORTS: Final = tuple(field.name for field in FIELDS if field.columns)
"""The fields a listing can be ordered by."""


class Sort(msgspec.Struct, frozen=True):
    """An order: a field of `SORTS`, and which way. Calls without a value come last, equal ones newest first."""

    field: str = "time"
    descending: bool = True


class Selection(NamedTuple):
    """Some calls of a listing, by their numbers, in its order."""

    listing: "Listing"
    numbers: list[int]

    def ids(self, limit: int) -> list[str]:
        """The ids of the first."""
        return [call.id for call in self.listing._calls(self.numbers[:limit])]


class Listing:
    """See the module. For one thread at a time."""

    def __init__(self, index: Index, filter_: Filter, sort: Sort | None = None, now: datetime | None = None) -> None:
        self.filter = filter_
        self.sort = sort or Sort()
        field = field_of(self.sort.field)
        if field is None or field.name not in SORTS:
            raise InputError(f"Calls cannot be ordered by “{self.sort.field}”.", f"Orders: {', '.join(SORTS)}.")
        self._column = calls.c[field.columns[0]]
        self._by_time = field.name == "time"
        self._index = index
        self._rows, self._where, self._number = filter_.source(now or datetime.now(UTC), narrow=self._by_time)
        with index.reading() as connection:
            self.high: int = connection.scalar(select(func.max(calls.c.n))) or 0
            whole = None if filter_ else connection.scalar(_ALL_CALLS) or 0
        self._count: int | None = whole
        self._numbers: array[int] | None = None
        self._offsets: list[int] = []
        self._keys: list[tuple[int, int]] = []

    @property
    def count(self) -> int:
        """How many calls there are; counted on first use."""
        if self._count is None:
            with self._index.reading() as connection:
                query = select(func.count()).select_from(self._rows).where(self._seen())
                self._count = connection.scalar(query) or 0
        return self._count

    def page(self, offset: int, limit: int = PAGE) -> tuple[Call, ...]:
        """The calls from row `offset` on, at most `limit`; none past the end."""
        return () if offset < 0 or limit <= 0 else self._calls(self._page_numbers(offset, limit))

    def among(self, numbers: Sequence[int]) -> "Selection":
        """Those calls of the list that have these numbers, in its order. Of very many it costs less to read the
        list's."""
        if len(numbers) > FAR:
            every = np.frombuffer(self._in_order(), dtype=np.int64)
            return Selection(self, every[np.isin(every, numbers)].tolist())
        query = select(self._rows.c.n).where(self._seen(), among(self._rows.c.n, numbers))
        with self._index.reading() as connection:
            return Selection(self, list(connection.scalars(self._ordered(query))))

    def arrived(self) -> int:
        """How many calls of this filter came after the listing was made."""
        with self._index.reading() as connection:
            query = select(func.count()).select_from(self._rows).where(self._where, self._rows.c.n > self.high)
            return connection.scalar(query) or 0

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Call]:
        for offset in range(0, self.count, PAGE):
            yield from self.page(offset)

    # --- row numbers --------------------------------------------------------------------------------------------

    def _seen(self) -> ColumnElement[bool]:
        return and_(self._where, self._number <= self.high)

    def _page_numbers(self, offset: int, limit: int) -> list[int]:
        if self._numbers is None and self._by_time:
            found = self._from_nearest(offset, limit)
            if found is not None:
                return found
        return self._in_order()[offset : offset + limit].tolist()

    def _in_order(self) -> "array[int]":
        if self._numbers is None:
            self._numbers = self._all_numbers()
        return self._numbers

    def _all_numbers(self) -> "array[int]":
        numbers = array("q")
        with self._index.reading() as connection:
            found = connection.scalars(self._ordered(select(self._rows.c.n).where(self._seen())))
            for block in found.partitions(10_000):
                numbers.extend(block)
        return numbers

    def _ordered(self, query: Select[Any]) -> Select[Any]:
        if self._by_time:
            return self._by_key(query, self.sort.descending)
        order = self._column.desc() if self.sort.descending else self._column.asc()
        return query.order_by(order.nulls_last(), calls.c.time.desc(), calls.c.n.desc())

    def _by_key(self, query: Select[Any], descending: bool) -> Select[Any]:
        keys = (self._rows.c.time, self._rows.c.n)
        return query.order_by(*(key.desc() if descending else key.asc() for key in keys))

    # --- by time: from the nearest known row --------------------------------------------------------------------

    def _from_nearest(self, offset: int, limit: int) -> list[int] | None:
        """Row numbers by the nearest known key, or None where all of them are too far.

        The end is a known place once the calls are counted; the first page need not wait for that.
        """
        if self._count is not None:
            limit = min(limit, self._count - offset)
        after = bisect(self._offsets, offset)
        forwards = offset - (self._offsets[after - 1] if after else 0)
        end = self._offsets[after] if after < len(self._offsets) else self._count
        backwards = -1 if end is None else end - (offset + limit)
        turn = 0 <= backwards < forwards
        if self.filter and (backwards if turn else forwards) > FAR:
            return None
        if not turn:
            key = self._keys[after - 1] if after else None
            found = self._walk(key, self.sort.descending, forwards, limit, inclusive=True)
        else:
            key = self._keys[after] if after < len(self._keys) else None
            found = self._walk(key, not self.sort.descending, backwards, limit, inclusive=False)[::-1]
        self._remember(offset, found)
        return [n for _, n in found]

    def _walk(
        self, key: tuple[int, int] | None, descending: bool, skip: int, limit: int, *, inclusive: bool
    ) -> list[tuple[int, int]]:
        """Keys from a known one on, in either direction; from the very end where there is none."""
        query = select(self._rows.c.time, self._rows.c.n).where(self._seen())
        if key is not None:
            query = query.where(self._beyond(key, descending, inclusive))
        query = self._by_key(query, descending).offset(skip).limit(max(limit, 0))
        with self._index.reading() as connection:
            return [(row.time, row.n) for row in connection.execute(query)]

    def _beyond(self, key: tuple[int, int], descending: bool, inclusive: bool) -> ColumnElement[bool]:
        here, there = tuple_(self._rows.c.time, self._rows.c.n), tuple_(*key)
        if inclusive:
            return here <= there if descending else here >= there
        return here < there if descending else here > there

    def _remember(self, offset: int, found: list[tuple[int, int]]) -> None:
        place = bisect(self._offsets, offset)
        if found and (place == 0 or self._offsets[place - 1] != offset):
            self._offsets.insert(place, offset)
            self._keys.insert(place, found[0])

    def _calls(self, numbers: list[int]) -> tuple[Call, ...]:
        query = select(call_values.c.n, call_values.c.value).where(among(call_values.c.n, numbers))
        with self._index.reading() as connection:
            values = {row.n: row.value for row in connection.execute(query)}
        return tuple(rows.decoded(values[n]) for n in numbers if n in values)
