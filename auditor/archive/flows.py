# SPDX-License-Identifier: Apache-2.0
"""Who calls whom by which program: calls summed by actor, client, provider and host together.

Over whole days this comes from the roll-ups; for calls with some data, or parts of days, the calls are read.
"""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, func, select

from auditor.archive import sums
from auditor.archive.charts import summed, whole_days
from auditor.archive.index import Index
from auditor.archive.schema import NANO_USD, calls, rollups, tags
from auditor.archive.times import microseconds


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """What one actor sent by one program to one host; a fact that is not known is None."""

    actor: str | None
    client: str | None
    provider: str | None
    server: str | None
    calls: int
    tokens: int
    cost_usd: float


ANY_DATA = "*"
"""Asks for calls with data of any type."""


def flows(
    index: Index,
    since: datetime | None = None,
    until: datetime | None = None,
    data: str | None = None,
    actor: str | None = None,
) -> tuple[Flow, ...]:
    """The flows of the calls from `since` on and before `until`, the greatest first.

    `data` limits them to calls in which data of this type was sent, `ANY_DATA` to those with any; `actor` to those of
    one actor.
    """
    if data is None and whole_days(since, until):
        return _from_sums(index, since, until, actor)
    by = (calls.c.actor, calls.c.client, calls.c.provider, calls.c.server_address)
    number = func.count().label("number")
    sums = [func.coalesce(func.sum(column), 0) for column in (calls.c.tokens, calls.c.cost_nano)]
    query = select(*by, number, sums[0].label("tokens"), sums[1].label("cost")).where(*_period(since, until, data))
    if actor is not None:
        query = query.where(calls.c.actor == actor)
    query = query.group_by(*by).order_by(number.desc(), *by)
    with index.reading() as connection:
        return tuple(
            Flow(
                actor=row.actor,
                client=row.client,
                provider=row.provider,
                server=row.server_address,
                calls=row.number,
                tokens=row.tokens,
                cost_usd=row.cost / NANO_USD,
            )
            for row in connection.execute(query)
        )


def _from_sums(index: Index, since: datetime | None, until: datetime | None, actor: str | None) -> tuple[Flow, ...]:
    query = summed(sums.FLOW, since, until)
    if actor is not None:
        query = query.where(rollups.c.value.startswith(sums.joined(actor, ""), autoescape=True))
    with index.reading() as connection:
        return tuple(flow_of(row) for row in connection.execute(query))


def flow_of(row: Any) -> Flow:
    """The flow of a row of the sums."""
    actor, client, provider, server = sums.apart(row.value)
    return Flow(
        actor=actor,
        client=client,
        provider=provider,
        server=server,
        calls=row.calls,
        tokens=row.input_tokens + row.output_tokens,
        cost_usd=row.cost_nano / NANO_USD,
    )


def _period(since: datetime | None, until: datetime | None, data: str | None) -> list[ColumnElement[bool] | Any]:
    conditions: list[ColumnElement[bool] | Any] = []
    if since is not None:
        conditions.append(calls.c.time >= microseconds(since))
    if until is not None:
        conditions.append(calls.c.time < microseconds(until))
    if data is not None:
        found = select(tags.c.n).where(tags.c.kind == "sent")
        conditions.append(calls.c.n.in_(found if data == ANY_DATA else found.where(tags.c.value == data)))
    return conditions
