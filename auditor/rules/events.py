# SPDX-License-Identifier: Apache-2.0
"""Calls as columns: what a rule needs of those that match, in arrays, so that a million of them are sorted at once.

Texts become numbers: each different spelling has one, and `folded` gives those that differ in case only the same, as
the index compares. An absent text is -1.
"""

import string
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, func, select

from auditor.archive.schema import among, calls

type Ints = NDArray[np.int64]

AT_ONCE: Final = 50_000
"""Rows in memory as Python values."""

FEW: Final = 20_000
"""Calls that are read by themselves, whatever others read."""

_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def folded(text: str) -> str:
    """In lower case, as the index compares: letters of ASCII only."""
    return text.lower() if text.isascii() else text.translate(_LOWER)


class _Numbers(dict[str | None, int]):
    """Numbers texts as they come."""

    def __missing__(self, text: str | None) -> int:
        self[text] = number = len(self) - 1
        return number


class _Texts:
    """A column of texts while it is read."""

    def __init__(self) -> None:
        self._numbers = _Numbers({None: -1})
        self._codes: list[Ints] = []

    def take(self, values: Iterable[str | None]) -> None:
        """Add the texts of some rows."""
        known = self._numbers
        self._codes.append(np.array([known[value] for value in values], np.int64))

    def column(self) -> "Column":
        """The whole column."""
        texts = tuple(text for text in self._numbers if text is not None)
        alike: dict[str, int] = {}
        same = np.array([*(alike.setdefault(folded(text), len(alike)) for text in texts), -1], np.int64)
        codes = _joined(self._codes)
        return Column(codes, same[codes], texts)


class Column(msgspec.Struct, frozen=True):
    """`codes` are places in `texts`; `folded` are the same numbers for those that differ in case only."""

    codes: Ints
    folded: Ints
    texts: tuple[str, ...]

    def at(self, places: Ints) -> "Column":
        """The rows at some places."""
        return Column(self.codes[places], self.folded[places], self.texts)

    def text(self, place: int) -> str | None:
        """The text at a place."""
        code = self.codes[place]
        return None if code < 0 else self.texts[code]


type Name = tuple[str, ...]
"""Columns of `calls`, of which the first that is there counts."""


class Events(msgspec.Struct, frozen=True):
    """Calls in arrays of one length: their numbers and times (microseconds), stages as bits, texts by name."""

    n: Ints
    time: Ints
    stages: Ints
    columns: dict[Name, Column]

    def __len__(self) -> int:
        return len(self.n)

    def at(self, places: Ints) -> "Events":
        """The calls at some places."""
        columns = {name: column.at(places) for name, column in self.columns.items()}
        return Events(self.n[places], self.time[places], self.stages, columns)


def gather(
    connection: Connection,
    wanted: Sequence[ColumnElement[bool]],
    names: Sequence[Name],
    stages: ColumnElement[Any] | None = None,
    *,
    ordered: bool = False,
) -> Events:
    """The calls that fulfil all conditions, with these columns; in time where they have `stages`, or by number where
    they are to be `ordered`."""
    query = select(calls.c.n, calls.c.time, *map(expression, names)).where(*wanted)
    if ordered:
        query = query.order_by(calls.c.n)
    if stages is not None:
        query = query.add_columns(stages).order_by(calls.c.time, calls.c.id)
    numbers: list[list[Ints]] = [[], [], []]
    columns = {name: _Texts() for name in names}
    for rows in connection.execute(query).partitions(AT_ONCE):
        taken = list(zip(*rows, strict=True))
        for found, place in zip(numbers, (0, 1, len(names) + 2) if stages is not None else (0, 1), strict=False):
            found.append(np.array(taken[place], np.int64))
        for texts, values in zip(columns.values(), taken[2:], strict=False):
            texts.take(values)
    n, time, bits = map(_joined, numbers)
    return Events(n, time, bits, {name: texts.column() for name, texts in columns.items()})


class Wide:
    """The calls up to one of them (by number), read once for all rules that match a great part of them."""

    def __init__(self, names: Iterable[Name], last: int) -> None:
        self._names = tuple(dict.fromkeys(names))
        self._last = last
        self._all: Events | None = None

    def gather(self, connection: Connection, wanted: Sequence[ColumnElement[bool]], names: Sequence[Name]) -> Events:
        """The calls that fulfil all conditions; these columns of them, or more."""
        query = select(calls.c.n).where(*wanted, calls.c.n <= self._last)
        numbers = _joined([np.fromiter(some, np.int64) for some in connection.scalars(query).partitions(AT_ONCE)])
        if len(numbers) < FEW:
            return gather(connection, [among(calls.c.n, numbers.tolist())], names)
        if self._all is None:
            self._all = gather(connection, [calls.c.n <= self._last], self._names, ordered=True)
        places = np.searchsorted(self._all.n, numbers)
        there = places < len(self._all)
        places = places[there]
        return self._all.at(places[self._all.n[places] == numbers[there]])


def _joined(parts: list[Ints]) -> Ints:
    return np.concatenate([*parts, np.empty(0, np.int64)])


def expression(name: Name) -> ColumnElement[Any]:
    """A column as SQL."""
    return func.coalesce(*(calls.c[one] for one in name)) if len(name) > 1 else calls.c[name[0]]
