# SPDX-License-Identifier: Apache-2.0
"""Which calls hold the word runs of a text: the fingerprints of all calls, and the query over them.

A text of 100,000 rows has about a million fingerprints; they are asked for in order, some thousands at a time, so that
memory is bounded and the table is walked once. A fingerprint that more than `COMMON` calls hold is formulaic and names
none of them. The SQL is portable but for `among`; keys are signed, since SQL knows no unsigned 64 bits.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Final

import numpy as np
from sqlalchemy import Connection, delete, insert, select

from auditor.archive.schema import among, calls, fingerprinted, fingerprints
from auditor.hashing import Hashes
from auditor.store.records import Fingerprints

AT_ONCE: Final = 20_000
"""Fingerprints asked for in one query."""

COMMON: Final = 64
"""Calls that may hold a fingerprint before it names none."""

_INSERT: Final = "INSERT OR IGNORE INTO fingerprints (print, n, received) VALUES (?, ?, ?)"


def add(connection: Connection, new: Iterable[tuple[int, Fingerprints | None]]) -> None:
    """Insert the fingerprints of calls by their numbers, in the order of the table."""
    known = [(n, one) for n, one in new if one is not None]
    if not known:
        return
    connection.execute(insert(fingerprinted), [{"n": n} for n, _ in known])
    found = [
        (print_, n, received)
        for n, one in known
        for received, packed in ((False, one.sent), (True, one.received))
        for print_ in np.frombuffer(packed, dtype="<i8").tolist()
    ]
    if found:
        connection.exec_driver_sql(_INSERT, sorted(found))


def remove(connection: Connection, numbers: Iterable[int]) -> None:
    """Forget the fingerprints of calls; reads the whole table once."""
    gone = list(numbers)
    known = select(fingerprinted.c.n).where(among(fingerprinted.c.n, gone)).limit(1)
    if gone and connection.scalar(known) is not None:
        connection.execute(delete(fingerprints).where(among(fingerprints.c.n, gone)))
        connection.execute(delete(fingerprinted).where(among(fingerprinted.c.n, gone)))


def holders(connection: Connection, wanted: Hashes) -> Counter[str]:
    """The calls that hold some of these fingerprints, by their ids, and how many of them each holds."""
    signed = np.unique(wanted.astype("<u8").view("<i8"))
    counts: Counter[int] = Counter()
    for start in range(0, len(signed), AT_ONCE):
        counts.update(_numbers(connection, signed[start : start + AT_ONCE].tolist()))
    return Counter(dict(_named(connection, counts)))


def without(connection: Connection) -> list[str]:
    """The ids of calls that have no fingerprints: recorded before there were any, or they could not be made."""
    query = select(calls.c.id).where(calls.c.n.not_in(select(fingerprinted.c.n)), calls.c.part >= 0)
    return list(connection.scalars(query))


def _numbers(connection: Connection, wanted: list[int]) -> Iterator[int]:
    query = select(fingerprints.c.print, fingerprints.c.n).where(among(fingerprints.c.print, wanted))
    rows = connection.execute(query.order_by(fingerprints.c.print, fingerprints.c.n)).yield_per(10_000)
    for _, held in groupby(rows, itemgetter(0)):
        holding = {n for (_, n), _ in zip(held, range(2 * COMMON + 1), strict=False)}
        if len(holding) <= COMMON:
            yield from holding


def _named(connection: Connection, counts: Counter[int]) -> Iterator[tuple[str, int]]:
    numbers = sorted(counts)
    for start in range(0, len(numbers), AT_ONCE):
        query = select(calls.c.n, calls.c.id).where(among(calls.c.n, numbers[start : start + AT_ONCE]))
        yield from ((id_, counts[n]) for n, id_ in connection.execute(query))
