# SPDX-License-Identifier: Apache-2.0
"""The index forgets what was erased: calls, their sums and tags, open intents, casework.

Invariants: an erasure counts the same whether it arrives before or after the records it is about, so an index made anew
equals one that grew; records that a gateway has yet to empty are passed over.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Row, delete, func, insert, select

from auditor.archive import analysed, cases, rows, sharing, sums
from auditor.archive.rows import INTENT_ONLY, Found
from auditor.archive.schema import call_values, calls, erased, intents, named, repeats, tags, withheld
from auditor.archive.search import held
from auditor.archive.standing import Standing
from auditor.store.format.records import Erasure, Record

_PLACES: Final = (calls.c.n, calls.c.part, calls.c.seq, func.coalesce(calls.c.exchange, calls.c.id).label("name"))

type AnyRow = Row[*tuple[Any, ...]]


def left(connection: Connection, ledger: str, records: Sequence[Record]) -> list[Record]:
    """The records of a ledger that no erasure known by now is about."""
    query = select(erased.c.first, erased.c.last).where(erased.c.ledger == ledger)
    spans = [(first, last) for first, last in connection.execute(query)] if records else []
    here = [span for span in spans if span[0] <= records[-1].seq and records[0].seq <= span[1]]
    return [one for one in records if not any(first <= one.seq <= last for first, last in here)]


def forget(connection: Connection, erasures: Iterable[Erasure]) -> None:
    """Take out everything that erasures are about, and remember them."""
    for erasure in erasures:
        spans = [{"ledger": erasure.ledger, "first": first, "last": last} for first, last in erasure.leaves]
        connection.execute(insert(erased), spans)
        spans_of_numbers = (_numbers(connection, erasure.ledger, first, last) for first, last in erasure.leaves)
        numbers = list(chain.from_iterable(spans_of_numbers))
        sharing.remove(connection, numbers)
        held.forget(connection, numbers)
        gone = sum(_forget(connection, erasure.ledger, first, last) for first, last in erasure.leaves)
        analysed.lower(connection)
        held.lower(connection)
        standing = Standing.load(connection, erasure.ledger)
        counts = {"exchanges": standing.exchanges - gone, "erased": standing.erased + erasure.completions}
        msgspec.structs.replace(standing, **counts).save(connection)


def _numbers(connection: Connection, ledger: str, first: int, last: int) -> Iterable[int]:
    return connection.scalars(select(calls.c.n).where(calls.c.ledger == ledger, calls.c.seq.between(first, last)))


def _forget(connection: Connection, ledger: str, first: int, last: int) -> int:
    """Forget a range of a ledger; how many completions there were."""
    query = select(*_PLACES).where(calls.c.ledger == ledger, calls.c.seq.between(first, last))
    found = connection.execute(query).all()
    for row in found:
        remove(connection, row)
    connection.execute(delete(intents).where(intents.c.ledger == ledger, intents.c.seq.between(first, last)))
    for table in (named, withheld):
        connection.execute(delete(table).where(table.c.ledger == ledger, table.c.seq.between(first, last)))
    cases.forget(connection, ledger, first, last)
    again = connection.execute(delete(repeats).where(repeats.c.ledger == ledger, repeats.c.seq.between(first, last)))
    return len({row.seq for row in found if row.part != INTENT_ONLY}) + again.rowcount


def remove(connection: Connection, row: AnyRow) -> None:
    """Take one call out, sums included; `row` names its number, its part and its exchange (`n`, `part`, `name`)."""
    value, ledger = connection.execute(
        select(call_values.c.value, calls.c.ledger).join(calls, calls.c.n == call_values.c.n).where(calls.c.n == row.n)
    ).one()
    call = rows.decoded(value)
    gone = rows.ready(Found(call, row.name, row.part, ledger, call.seq or 0))
    sums.add(connection, sums.spread([gone]), sign=-1)
    for tag in gone.tags:
        this = (tags.c.kind == tag.kind, tags.c.value == tag.value, tags.c.time == gone.time, tags.c.n == row.n)
        connection.execute(delete(tags).where(*this))
    for table in (calls, call_values):
        connection.execute(delete(table).where(table.c.n == row.n))
