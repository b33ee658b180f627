# SPDX-License-Identifier: Apache-2.0
"""The roll-ups: sums of each dimension alone, kept as calls come and go, so that charts need not read every call.

Invariant: the sums equal those of the rows that are there, whatever the order and the batches they came in; a sum that
falls to no calls is gone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import Connection, collate, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from auditor.archive.schema import calls, rollups
from auditor.archive.times import DAY, HOUR

COLUMNS: Final[Mapping[str, str]] = {
    "outcome": "outcome",
    "provider": "provider",
    "model": "model",
    "operation": "operation",
    "client": "client",
    "actor": "actor",
    "credential": "credential",
    "server": "server_address",
    "dialect": "dialect",
    "gateway": "gateway",
    "ledger": "ledger",
}
"""Dimensions that are columns of `calls`; the kinds of `tags` are dimensions too."""

HOURLY: Final = frozenset({"outcome", "provider", "model", "sent", "received"})
"""Dimensions that are summed by the hour too; the others by the day and over all time."""

type Amounts = tuple[int, int, int, int]
"""Calls, input tokens, output tokens, cost in nano-dollars."""

type Sums = dict[tuple[str, str, int, str], list[int]]
"""By grain, dimension, bucket and value."""

type TagAmounts = Iterable[tuple[int, str, str, Amounts]]
"""Time, kind, value and amounts of tags."""


def add(connection: Connection, first: int, last: int, tags: TagAmounts, sign: int = 1) -> None:
    """Add the rows `first` to `last` of `calls` to the sums, with their tags; `sign` -1 takes them away."""
    sums: Sums = defaultdict(lambda: [0, 0, 0, 0])
    for dimension, column in COLUMNS.items():
        _columns(connection, dimension, column, first, last, sums)
    for time, kind, value, amounts in tags:
        _fold(sums, kind, time - time % HOUR, value, amounts)
    _store(connection, sums, sign)


def _columns(connection: Connection, dimension: str, column: str, first: int, last: int, sums: Sums) -> None:
    value, time = collate(calls.c[column], "BINARY"), calls.c.time
    hour = (time - time % HOUR).label("hour")
    amounts = (func.coalesce(func.sum(calls.c[name]), 0) for name in ("input_tokens", "output_tokens", "cost_nano"))
    query = (
        select(hour, value, func.count(), *amounts)
        .where(calls.c.n.between(first, last), value.is_not(None))
        .group_by(hour, value)
    )
    for bucket, text, *found in connection.execute(query):
        _fold(sums, dimension, bucket, text, (found[0], found[1], found[2], found[3]))


def _fold(sums: Sums, dimension: str, hour: int, value: str, amounts: Amounts) -> None:
    buckets = [("all", 0), ("day", hour - hour % DAY)]
    if dimension in HOURLY:
        buckets.append(("hour", hour))
    for grain, bucket in buckets:
        held = sums[grain, dimension, bucket, value]
        for place, amount in enumerate(amounts):
            held[place] += amount


def _store(connection: Connection, sums: Sums, sign: int) -> None:
    if not sums:
        return
    names = rollups.columns.keys()
    rows = [dict(zip(names, (*key, *(sign * n for n in held)), strict=True)) for key, held in sums.items()]
    upsert = insert(rollups)
    summed = {name: rollups.c[name] + upsert.excluded[name] for name in names[4:]}
    connection.execute(upsert.on_conflict_do_update(index_elements=names[:4], set_=summed), rows)
    if sign < 0:
        connection.execute(delete(rollups).where(rollups.c.calls == 0))
