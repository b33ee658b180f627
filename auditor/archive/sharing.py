# SPDX-License-Identifier: Apache-2.0
"""Which calls hold the word runs of a text: the fingerprints of all calls, and the query over them.

Fingerprints are random numbers: in a tree each would change a page of its own, and ten million outputs would take
days. So they lie in pieces, each over a stretch of calls: their fingerprints in order, and beside each the call that
holds it. A new piece swallows those before it that are no larger, so that every fingerprint is written a few times
only, and there are few pieces. A query reads the pieces one after the other, each against all that is asked for: time
grows with the index, memory with the question alone. A fingerprint that more than `COMMON` calls hold is formulaic and
names none of them. See docs/adr/0017-fingerprints-in-sorted-pieces.md.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, Row, delete, insert, select

from auditor.archive.schema import among, calls, copied, fingerprinted, fingerprints
from auditor.hashing import Hashes
from auditor.store.format.records import Fingerprints

COMMON: Final = 64
"""Calls that may hold a fingerprint before it names none."""

LARGEST: Final = 1 << 20
"""Fingerprints of a piece at most: 12 MB."""

NAMED_AT_ONCE: Final = 20_000
"""Calls whose ids are asked for in one query."""

type Numbers = npt.NDArray[np.int64]
"""Numbers of calls."""


class Piece(NamedTuple):
    """Fingerprints in order, equal ones in the order of their calls; whether a call received it or sent it."""

    prints: Hashes
    calls: Numbers
    received: npt.NDArray[np.bool_]

    def where(self, kept: npt.NDArray[Any]) -> "Piece":
        """The piece at these places."""
        return Piece(self.prints[kept], self.calls[kept], self.received[kept])


def add(connection: Connection, new: Iterable[tuple[int, Fingerprints | None]]) -> None:
    """Insert the fingerprints of calls by their numbers, which come after all that are there."""
    known = [(n, one) for n, one in new if one is not None]
    if not known:
        return
    connection.execute(insert(fingerprinted), [{"n": n} for n, _ in known])
    piece = _gathered(known)
    if not len(piece.prints):
        return
    query = select(fingerprints).order_by(fingerprints.c.first.desc())
    for row in connection.execute(query):
        if row.size > len(piece.prints) or row.size + len(piece.prints) > LARGEST:
            break
        piece = _merged(_read(row), piece)
        connection.execute(delete(fingerprints).where(fingerprints.c.first == row.first))
    _write(connection, piece)


def remove(connection: Connection, numbers: Iterable[int]) -> None:
    """Forget the fingerprints of calls, and the key of their copy on a server; reads the pieces they lie in once."""
    gone = sorted(numbers)
    known = select(fingerprinted.c.n).where(among(fingerprinted.c.n, gone)).limit(1)
    if not gone or connection.scalar(known) is None:
        return
    query = select(fingerprints).where(fingerprints.c.first <= gone[-1], fingerprints.c.last >= gone[0])
    for row in connection.execute(query).all():
        piece = _read(row)
        left = piece.where(~np.isin(piece.calls, gone))
        if len(left.prints) < len(piece.prints):
            connection.execute(delete(fingerprints).where(fingerprints.c.first == row.first))
            _write(connection, left)
    connection.execute(delete(fingerprinted).where(among(fingerprinted.c.n, gone)))
    connection.execute(delete(copied))


def holders(connection: Connection, wanted: Sequence[Hashes]) -> list[Counter[str]]:
    """For each of some sets of fingerprints the calls that hold some of them, by their ids, and how many each holds.

    The index is read once for all.
    """
    question = _Question(wanted)
    for row in connection.execute(select(fingerprints).order_by(fingerprints.c.first)):
        question.ask(_read(row))
    return [named(connection, question.answer(one)) for one in wanted]


def after(connection: Connection, number: int) -> Piece | None:
    """The first fingerprints of calls that came after the one of this number; None where there are no more."""
    query = select(fingerprints).where(fingerprints.c.last > number).order_by(fingerprints.c.first).limit(1)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    piece = _read(row)
    return piece.where(piece.calls > number)


def named(connection: Connection, counts: Mapping[int, int]) -> Counter[str]:
    """Counts of calls by their ids instead of their numbers; those that are gone are left out."""
    return Counter(dict(_named(connection, counts)))


def without(connection: Connection) -> list[str]:
    """The ids of calls that have no fingerprints: recorded before there were any, or they could not be made."""
    query = select(calls.c.id).where(calls.c.n.not_in(select(fingerprinted.c.n)), calls.c.part >= 0)
    return list(connection.scalars(query))


class _Question:
    """What is asked for, in order, and the calls found to hold it: at most `COMMON` and a piece's more for each."""

    def __init__(self, wanted: Sequence[Hashes]) -> None:
        self._wanted = np.unique(np.concatenate([np.empty(0, dtype=np.uint64), *wanted]))
        self._times = np.zeros(len(self._wanted), dtype=np.int64)
        self._found: list[tuple[Numbers, Numbers]] = []

    def ask(self, piece: Piece) -> None:
        """Note which calls of a piece hold what is wanted, but for what turned out to be common by now."""
        if not len(self._wanted):
            return
        at = np.searchsorted(self._wanted, piece.prints)
        at[at == len(self._wanted)] = 0
        hit = np.flatnonzero(self._wanted[at] == piece.prints)
        at, holding = at[hit], piece.calls[hit]
        fresh = np.ones(len(at), dtype=bool)  # a call that both sent and received a run holds it once
        fresh[1:] = (at[1:] != at[:-1]) | (holding[1:] != holding[:-1])
        at, holding = at[fresh], holding[fresh]
        self._times += np.bincount(at, minlength=len(self._wanted))
        rare = self._times[at] <= COMMON
        self._found.append((at[rare], holding[rare]))

    def answer(self, wanted: Hashes) -> dict[int, int]:
        """How many of these fingerprints, which were asked for, each call holds, but for those too many calls hold."""
        if not self._found:
            return {}
        at, holding = (np.concatenate([pair[side] for pair in self._found]) for side in (0, 1))
        mine = np.zeros(len(self._wanted), dtype=bool)
        mine[np.searchsorted(self._wanted, wanted)] = True
        found, counts = np.unique(holding[(mine & (self._times <= COMMON))[at]], return_counts=True)
        return dict(zip(found.tolist(), counts.tolist(), strict=True))


def _named(connection: Connection, counts: Mapping[int, int]) -> Iterator[tuple[str, int]]:
    for numbers in batched(counts, NAMED_AT_ONCE):
        query = select(calls.c.n, calls.c.id).where(among(calls.c.n, numbers))
        yield from ((id_, counts[n]) for n, id_ in connection.execute(query))


def _gathered(known: Iterable[tuple[int, Fingerprints]]) -> Piece:
    """The fingerprints of some calls as a piece."""
    parts = [(n, side, data) for n, one in known for side, data in ((False, one.sent), (True, one.received)) if data]
    sizes = [len(data) // 8 for _, _, data in parts]
    prints = np.frombuffer(b"".join(data for _, _, data in parts), dtype="<u8").astype(np.uint64)
    holding = np.repeat(np.array([n for n, _, _ in parts], dtype=np.int64), sizes)
    received = np.repeat(np.array([side for _, side, _ in parts], dtype=bool), sizes)
    return _ordered(Piece(prints, holding, received))


def _merged(one: Piece, other: Piece) -> Piece:
    return _ordered(Piece(*(np.concatenate(pair) for pair in zip(one, other, strict=True))))


def _ordered(piece: Piece) -> Piece:
    """The piece in order. Parts come with their calls ascending, and the sort is stable."""
    order = np.argsort(piece.prints, kind="stable")
    return piece.where(order)


def _write(connection: Connection, piece: Piece) -> None:
    """Store a piece: 8 bytes a fingerprint, and 4 for its call, counted from the first, with the side as lowest bit."""
    if not len(piece.prints):
        return
    first, last = int(piece.calls.min()), int(piece.calls.max())
    places = (piece.calls - first << 1 | piece.received).astype("<u4").tobytes()
    row = {"first": first, "last": last, "size": len(piece.prints), "places": places}
    connection.execute(insert(fingerprints), row | {"prints": piece.prints.astype("<u8").tobytes()})


def _read(row: Row[*tuple[Any, ...]]) -> Piece:
    places = np.frombuffer(row.places, dtype="<u4")
    prints = np.frombuffer(row.prints, dtype="<u8")
    return Piece(prints, (places >> 1).astype(np.int64) + row.first, (places & 1).astype(bool))
