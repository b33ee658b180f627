# SPDX-License-Identifier: Apache-2.0
"""The index of contents in the auditor's index: which calls' words it holds, and where they lie.

It is filled in the order in which calls came. As with fingerprints, a new piece swallows those before it that are no
larger, so that there are few, and everything is written a few times only. What has another basis is thrown away.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

import numpy as np
from sqlalchemy import Connection, delete, func, insert, select, update

from auditor.archive.schema import among, calls, word_pieces, worded
from auditor.archive.search import pieces
from auditor.archive.search.basis import basis
from auditor.archive.search.pieces import Numbers, Packed, Piece, Stored
from auditor.archive.search.words import Part

LARGEST: Final = 1 << 22
"""Pairs of a word and a call in a piece at most: some 100 MB while it is made. The words that everybody says lie in
each piece, and a search looks through them again in each."""

AT_ONCE: Final = 64
"""Pieces whose words one question looks through at most: 100 ms. Between two a search can be broken off."""


class Here(NamedTuple):
    """A call that is yet to be taken in."""

    n: int
    id: str


def newest(connection: Connection) -> int:
    """Up to which call the words are held."""
    return connection.scalar(select(worded.c.newest).where(worded.c.basis == basis())) or 0


def waiting(connection: Connection, limit: int) -> list[Here]:
    """The next calls whose words are not held; those known by their intent only have none."""
    query = select(calls.c.n, calls.c.id).where(calls.c.n > newest(connection), calls.c.part >= 0)
    return [Here(row.n, row.id) for row in connection.execute(query.order_by(calls.c.n).limit(limit))]


def how_many_wait(connection: Connection) -> int:
    """How many calls' words are not held."""
    where = (calls.c.n > newest(connection), calls.c.part >= 0)
    return connection.scalar(select(func.count()).select_from(calls).where(*where)) or 0


def take(connection: Connection, block: Sequence[Here], words: Mapping[int, Iterable[bytes]]) -> None:
    """Take in the words of a block of calls that waited. Of calls forgotten since nothing is taken, and nothing at all
    where someone else took the block."""
    query = select(calls.c.n, calls.c.id).where(among(calls.c.n, [one.n for one in block]))
    there = {(row.n, row.id) for row in connection.execute(query)}
    if newest(connection) >= block[0].n:
        return
    if connection.scalar(select(worded.c.basis)) != basis():
        connection.execute(delete(word_pieces))
        connection.execute(delete(worded))
    _add(connection, pieces.gathered({one.n: words[one.n] for one in block if tuple(one) in there}))
    connection.execute(insert(worded).prefix_with("OR REPLACE"), {"basis": basis(), "newest": block[-1].n})
    lower(connection)


def holders(connection: Connection, parts: Sequence[Part], after: int) -> tuple[Numbers, int] | None:
    """The calls whose words hold all that is asked for, of the first piece past the call `after` that has such, and
    where to go on; of none where many pieces have not. None where there are no more pieces.

    One question reads the words of many pieces: one each costs more than looking through them.
    """
    columns = (word_pieces.c.first, word_pieces.c.last, word_pieces.c.words)
    query = select(*columns).where(word_pieces.c.first > after).order_by(word_pieces.c.first).limit(AT_ONCE)
    found, last = np.empty(0, dtype=np.int64), None
    with connection.execute(query) as rows:
        for row in rows:
            found, last = Stored(row.words, partial(_packed, connection, row.first)).holders(parts), row.last
            if len(found):
                break
    return None if last is None else (found, last)


def forget(connection: Connection, numbers: Iterable[int]) -> None:
    """Forget the words of calls: the pieces they lie in are written anew."""
    gone = sorted(numbers)
    if not gone:
        return
    within = (word_pieces.c.first <= gone[-1], word_pieces.c.last >= gone[0])
    for first in list(connection.scalars(select(word_pieces.c.first).where(*within))):
        piece = _piece(connection, first)
        left = piece.without(gone)
        if len(left.calls) < len(piece.calls):
            connection.execute(delete(word_pieces).where(word_pieces.c.first == first))
            _write(connection, left)


def lower(connection: Connection) -> None:
    """After calls were taken out: the next one may take the number of the last."""
    last = connection.scalar(select(func.max(calls.c.n))) or 0
    connection.execute(update(worded).where(worded.c.newest > last).values(newest=last))


def _add(connection: Connection, piece: Piece) -> None:
    query = select(word_pieces.c.first, word_pieces.c.size).order_by(word_pieces.c.first.desc())
    for row in connection.execute(query).all():
        if row.size > len(piece.calls) or row.size + len(piece.calls) > LARGEST:
            break
        piece = pieces.merged(_piece(connection, row.first), piece)
        connection.execute(delete(word_pieces).where(word_pieces.c.first == row.first))
    _write(connection, piece)


def _piece(connection: Connection, first: int) -> Piece:
    return Stored.of(_packed(connection, first)).piece()


def _packed(connection: Connection, first: int) -> Packed:
    return Packed(*connection.execute(select(word_pieces).where(word_pieces.c.first == first)).one())


def _write(connection: Connection, piece: Piece) -> None:
    if len(piece.calls):
        connection.execute(insert(word_pieces), pieces.packed(piece)._asdict())
