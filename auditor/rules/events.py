# SPDX-License-Identifier: Apache-2.0
"""Calls as columns: what a rule needs of those that match, in arrays, so that a million of them are sorted at once.

Texts become numbers: each different spelling has one, and `folded` gives those that differ in case only the same, as
the index compares. An absent text is -1.
"""

import string
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, case, func, literal, or_, select

from auditor.archive.schema import calls

type Ints = NDArray[np.int64]

AT_ONCE: Final = 50_000
"""Rows in memory as Python values."""

_MOST_RULES: Final = 60
"""Rules of one pass: each takes a bit."""

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
        return Column(_joined(self._codes), same, texts)


class Column(msgspec.Struct, frozen=True):
    """`codes` are places in `texts`; `alike` has, by code, the same number for those that differ in case only."""

    codes: Ints
    alike: Ints
    texts: tuple[str, ...]

    @property
    def folded(self) -> Ints:
        """The column as numbers that are the same for texts that differ in case only."""
        return self.alike[self.codes]

    def at(self, places: Ints) -> "Column":
        """The rows at some places."""
        return Column(self.codes[places], self.alike, self.texts)

    def text(self, place: int) -> str | None:
        """The text at a place."""
        code = self.codes[place]
        return None if code < 0 else self.texts[code]


type Name = tuple[str, ...]
"""Columns of `calls`, of which the first that is there counts."""


class Events(msgspec.Struct, frozen=True):
    """Calls in arrays of one length: their numbers and times (microseconds), flags as bits, texts by name."""

    n: Ints
    time: Ints
    bits: Ints
    columns: dict[Name, Column]

    def __len__(self) -> int:
        return len(self.n)

    def at(self, places: Ints) -> "Events":
        """The calls at some places."""
        columns = {name: column.at(places) for name, column in self.columns.items()}
        return Events(self.n[places], self.time[places], self.bits[places], columns)


def gather(
    connection: Connection,
    wanted: Sequence[ColumnElement[bool]],
    names: Sequence[Name],
    flags: ColumnElement[Any] | None = None,
    *,
    ordered: bool = False,
) -> Events:
    """The calls that fulfil all conditions, with these columns (and flags); in time, where they are `ordered`."""
    query = select(calls.c.n, calls.c.time, *map(expression, names)).where(*wanted)
    if flags is not None:
        query = query.add_columns(flags)
    if ordered:
        query = query.order_by(calls.c.time, calls.c.id)
    numbers: list[list[Ints]] = [[], [], []]
    columns = {name: _Texts() for name in names}
    for rows in connection.execute(query).partitions(AT_ONCE):
        taken = list(zip(*rows, strict=True))
        for found, place in zip(numbers, (0, 1, len(names) + 2) if flags is not None else (0, 1), strict=False):
            found.append(np.array(taken[place], np.int64))
        for texts, values in zip(columns.values(), taken[2:], strict=False):
            texts.take(values)
    n, time, set_ = map(_joined, numbers)
    return Events(n, time, set_, {name: texts.column() for name, texts in columns.items()})


class Wide:
    """What several rules match, read in one pass: for rules that match a great part of all calls."""

    def __init__(self, wanted: Mapping[str, ColumnElement[bool]], names: Iterable[Name]) -> None:
        """`wanted` is what each rule (by a name) asks for."""
        self._wanted = dict(list(wanted.items())[:_MOST_RULES])
        self._names = tuple(dict.fromkeys(names))
        self._all: Events | None = None

    def __contains__(self, rule: str) -> bool:
        return rule in self._wanted

    def events(self, connection: Connection, rule: str) -> Events:
        """The calls of one rule, with the columns of all of them."""
        if self._all is None:
            self._all = gather(connection, [or_(*self._wanted.values())], self._names, bits(self._wanted.values()))
        bit = 1 << list(self._wanted).index(rule)
        return self._all.at(np.flatnonzero(self._all.bits & bit))


def bits(conditions: Iterable[ColumnElement[bool]]) -> ColumnElement[Any]:
    """Which of some conditions a call fulfils, as the bits of one number."""
    return sum((case((one, 1 << place), else_=0) for place, one in enumerate(conditions)), start=literal(0))


def _joined(parts: list[Ints]) -> Ints:
    return np.concatenate([*parts, np.empty(0, np.int64)])


def expression(name: Name) -> ColumnElement[Any]:
    """A column as SQL."""
    return func.coalesce(*(calls.c[one] for one in name)) if len(name) > 1 else calls.c[name[0]]
