# SPDX-License-Identifier: Apache-2.0
"""Which data type went to which provider: calls counted by both at once. What was sent over whole days comes from the
roll-ups; else the tags of a period are read; a call has few, and most have none.
"""

from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import func, select

from auditor.archive import sums
from auditor.archive.charts import summed, whole_days
from auditor.archive.index import Index
from auditor.archive.schema import tags
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
    if direction == "sent" and whole_days(since, until):
        with index.reading() as connection:
            rows = connection.execute(summed(sums.SENT_TO, since, until))
            found = [_crossing(*sums.apart(row.value), calls=row.calls) for row in rows]
        return tuple(sorted(found, key=lambda one: (-one.calls, one.data, one.provider or "")))
    number = func.count().label("number")
    query = select(tags.c.value, tags.c.provider, number)
    query = query.where(tags.c.kind == direction).group_by(tags.c.value, tags.c.provider)
    if since is not None:
        query = query.where(tags.c.time >= microseconds(since))
    if until is not None:
        query = query.where(tags.c.time < microseconds(until))
    with index.reading() as connection:
        counted = connection.execute(query.order_by(number.desc(), tags.c.value, tags.c.provider))
        return tuple(Crossing(row.value, row.provider, row.number) for row in counted)


def _crossing(data: str | None, provider: str | None, *, calls: int) -> Crossing:
    return Crossing(data or "", provider, calls)
