# SPDX-License-Identifier: Apache-2.0
"""The pseudonyms that called in a period: how much, when, where to, and which data they sent."""

from collections import defaultdict
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, func, select

from auditor.archive.index import Index
from auditor.archive.schema import NANO_USD, calls, tags
from auditor.archive.times import microseconds, moment


class ActorShare(msgspec.Struct, frozen=True, kw_only=True):
    """What one actor did. `sent` says in how many calls each data type was sent, the most frequent first."""

    actor: str
    calls: int
    tokens: int
    cost_usd: float
    providers: int
    clients: int
    first: datetime
    last: datetime
    sent: tuple[tuple[str, int], ...] = ()


def actors(index: Index, since: datetime | None = None) -> tuple[ActorShare, ...]:
    """The actors of the calls from `since` on, those with the most calls first. Calls without one are left out."""
    period = [calls.c.actor.is_not(None), *([calls.c.time >= microseconds(since)] if since else [])]
    number = func.count().label("number")
    query = select(
        calls.c.actor,
        number,
        func.coalesce(func.sum(calls.c.tokens), 0).label("tokens"),
        func.coalesce(func.sum(calls.c.cost_nano), 0).label("cost"),
        func.count(calls.c.provider.distinct()).label("providers"),
        func.count(calls.c.client.distinct()).label("clients"),
        func.min(calls.c.time).label("first"),
        func.max(calls.c.time).label("last"),
    )
    query = query.where(*period).group_by(calls.c.actor).order_by(number.desc(), calls.c.actor)
    sent = _sent(index, period)
    with index.reading() as connection:
        return tuple(
            ActorShare(
                actor=row.actor,
                calls=row.number,
                tokens=row.tokens,
                cost_usd=row.cost / NANO_USD,
                providers=row.providers,
                clients=row.clients,
                first=moment(row.first),
                last=moment(row.last),
                sent=tuple(sent[row.actor]),
            )
            for row in connection.execute(query)
        )


def _sent(index: Index, period: list[ColumnElement[bool] | Any]) -> defaultdict[str, list[tuple[str, int]]]:
    number = func.count().label("number")
    query = select(calls.c.actor, tags.c.value, number).join(calls, calls.c.n == tags.c.n)
    query = query.where(tags.c.kind == "sent", *period).group_by(calls.c.actor, tags.c.value)
    found: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    with index.reading() as connection:
        for row in connection.execute(query.order_by(number.desc(), tags.c.value)):
            found[row.actor].append((row.value, row.number))
    return found
