# SPDX-License-Identifier: Apache-2.0
"""The pseudonyms that called in a period: how much, when, where to, and which data they sent.

Sums are of whole days (UTC) and come from the roll-ups; the first and the last call from the index of actors.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, func, select

from auditor.archive import sums
from auditor.archive.charts import summed
from auditor.archive.flows import Flow, flow_of
from auditor.archive.index import Index
from auditor.archive.schema import calls
from auditor.archive.times import DAY, microseconds, moment


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
    """The actors of the calls from the day of `since` on, those with the most calls first. Calls without one are left
    out."""
    by_actor: defaultdict[str, list[Flow]] = defaultdict(list)
    with index.reading() as connection:
        for row in connection.execute(summed(sums.FLOW, since, None)):
            flow = flow_of(row)
            if flow.actor is not None:
                by_actor[flow.actor].append(flow)
        sent = _sent(connection, since)
        shares = [_share(connection, actor, found, sent[actor], since) for actor, found in by_actor.items()]
    return tuple(sorted(shares, key=lambda share: (-share.calls, share.actor)))


def _share(
    connection: Connection, actor: str, found: Sequence[Flow], sent: list[tuple[str, int]], since: datetime | None
) -> ActorShare:
    theirs = [calls.c.actor == actor]
    if since is not None:
        theirs.append(calls.c.time >= microseconds(since) // DAY * DAY)
    first, last = (connection.scalar(select(end(calls.c.time)).where(*theirs)) or 0 for end in (func.min, func.max))
    return ActorShare(
        actor=actor,
        calls=sum(flow.calls for flow in found),
        tokens=sum(flow.tokens for flow in found),
        cost_usd=sum(flow.cost_usd for flow in found),
        providers=len({flow.provider for flow in found} - {None}),
        clients=len({flow.client for flow in found} - {None}),
        first=moment(first),
        last=moment(last),
        sent=tuple(sent),
    )


def _sent(connection: Connection, since: datetime | None) -> defaultdict[str, list[tuple[str, int]]]:
    found: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in connection.execute(summed(sums.SENT_BY, since, None)):
        type_, actor = sums.apart(row.value)
        found[actor or ""].append((type_ or "", row.calls))
    return found
