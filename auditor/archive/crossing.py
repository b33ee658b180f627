# SPDX-License-Identifier: Apache-2.0
"""Which data type went to which provider: calls counted by both at once. The roll-ups sum each dimension alone, so
this reads the tags of a period; a call has few, and most have none.
"""

from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import func, select

from auditor.archive.index import Index
from auditor.archive.schema import calls, tags
from auditor.archive.times import microseconds


class Crossing(msgspec.Struct, frozen=True):
    """In how many calls data of a type went to (or came from) a provider; None where the provider is not known."""

    data: str
    provider: str | None
    calls: int


def cross(
    index: Index,
    direction: Literal["sent", "received"],
    since: datetime | None = None,
    until: datetime | None = None,
) -> tuple[Crossing, ...]:
    """Data types by provider over the calls from `since` on and before `until`, the greatest first."""
    number = func.count().label("number")
    query = select(tags.c.value, calls.c.provider, number).join(calls, calls.c.n == tags.c.n)
    query = query.where(tags.c.kind == direction).group_by(tags.c.value, calls.c.provider)
    if since is not None:
        query = query.where(calls.c.time >= microseconds(since))
    if until is not None:
        query = query.where(calls.c.time < microseconds(until))
    with index.reading() as connection:
        found = connection.execute(query.order_by(number.desc(), tags.c.value, calls.c.provider))
        return tuple(Crossing(row.value, row.provider, row.number) for row in found)
