# SPDX-License-Identifier: Apache-2.0
"""The roll-ups: sums of each dimension alone, kept as calls come and go, so that charts need not read every call.

Invariant: the sums equal those of the rows that are there, whatever the order and the batches they came in; a sum that
falls to no calls is gone. Calls are first gathered by what few values they share (model, client, outcome, …) and only
then spread over the dimensions: a batch of thousands has some dozens of such combinations.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Final

from sqlalchemy import Connection, delete

from auditor.archive import rows
from auditor.archive.rows import Ready
from auditor.archive.schema import rollups
from auditor.archive.times import DAY, HOUR

DIMENSIONS: Final[Mapping[str, str]] = {
    "outcome": "outcome",
    "provider": "provider",
    "operation": "operation",
    "client": "client",
    "server": "server_address",
    "dialect": "dialect",
    "gateway": "gateway",
}
"""Dimensions with few values, and the attributes of a call they are; beside them model, ledger, actor, credential."""

ALL: Final = (
    *(*DIMENSIONS, "model", "ledger", "actor", "credential"),
    *("sent", "received", "label", "tool", "finish"),
)
"""Every dimension; the last five are the kinds of `tags`."""

HOURLY: Final = frozenset({"outcome", "provider", "model", "sent", "received"})
"""Dimensions that are summed by the hour too; the others by the day and over all time."""

FLOW: Final = "flow"
SENT_ANY, SENT_TO, SENT_BY = "sent any", "sent to", "sent by"
"""Sums of several facts together, by the day and over all time: actor, client, provider and host of a call; calls in
which any data was sent; a data type sent and the provider, and the actor. `joined` writes their values."""

_JOINT: Final = "\x1f"

type Key = tuple[str, str, int, str]
"""Grain, dimension, bucket, value."""

_shared = attrgetter(*DIMENSIONS.values())
_UPSERT: Final = (
    "INSERT INTO rollups (grain, dimension, bucket, value, calls, input_tokens, output_tokens, cost_nano)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (grain, dimension, bucket, value) DO UPDATE SET"
    " calls = calls + excluded.calls, input_tokens = input_tokens + excluded.input_tokens,"
    " output_tokens = output_tokens + excluded.output_tokens, cost_nano = cost_nano + excluded.cost_nano"
)


def joined(*facts: str | None) -> str:
    """Facts as one value of a sum; `apart` takes it apart again."""
    return _JOINT.join(fact or "" for fact in facts)


def apart(value: str) -> tuple[str | None, ...]:
    """The facts of a value; None for those that are not known."""
    return tuple(fact or None for fact in value.split(_JOINT))


class Sums[K]:
    """Calls, input tokens, output tokens and nano-dollars by some key."""

    def __init__(self) -> None:
        self.held: defaultdict[K, list[int]] = defaultdict(lambda: [0, 0, 0, 0])

    def add(self, key: K, calls: int, asked: int, answered: int, cost: int) -> None:
        """Add amounts to a key's."""
        held = self.held[key]
        held[0] += calls
        held[1] += asked
        held[2] += answered
        held[3] += cost


def add(connection: Connection, sums: Sums[Key], sign: int = 1) -> None:
    """Add sums to the roll-ups; `sign` -1 takes them away."""
    connection.exec_driver_sql(_UPSERT, [(*key, *(sign * n for n in held)) for key, held in sums.held.items()])
    if sign < 0:
        connection.execute(delete(rollups).where(rollups.c.calls == 0))


def spread(calls: Iterable[Ready]) -> Sums[Key]:
    """The sums of these calls by grain, dimension, bucket and value."""
    shared: Sums[tuple[int, tuple[str | None, ...]]] = Sums()
    single: Sums[tuple[int, str, str]] = Sums()
    for one in calls:
        call = one.found.call
        hour, day = one.time - one.time % HOUR, one.time - one.time % DAY
        amounts = (1, call.input_tokens or 0, call.output_tokens or 0, rows.nano_usd(call) or 0)
        model = call.response_model or call.request_model
        shared.add((hour, (*_shared(call), model, one.found.ledger)), *amounts)
        if call.actor:
            single.add((day, "actor", call.actor), *amounts)
        if call.credential:
            single.add((day, "credential", call.credential), *amounts)
        single.add((day, FLOW, joined(call.actor, call.client, call.provider, call.server_address)), *amounts)
        for tag in one.tags:
            single.add((hour, tag.kind, tag.value), *amounts)
        sent = {tag.value for tag in one.tags if tag.kind == "sent"}
        if sent:
            single.add((day, SENT_ANY, ""), *amounts)
        for type_ in sent:
            single.add((day, SENT_TO, joined(type_, call.provider)), *amounts)
            single.add((day, SENT_BY, joined(type_, call.actor)), *amounts)
    return _folded(shared, single)


def _folded(shared: Sums[tuple[int, tuple[str | None, ...]]], single: Sums[tuple[int, str, str]]) -> Sums[Key]:
    sums: Sums[Key] = Sums()
    names = (*DIMENSIONS, "model", "ledger")
    for (hour, values), amounts in shared.held.items():
        for dimension, value in zip(names, values, strict=True):
            if value is not None:
                _fold(sums, dimension, hour, str(value), amounts)
    for (start, dimension, value), amounts in single.held.items():
        _fold(sums, dimension, start, value, amounts)
    return sums


def _fold(sums: Sums[Key], dimension: str, start: int, value: str, amounts: list[int]) -> None:
    sums.add(("all", dimension, 0, value), *amounts)
    sums.add(("day", dimension, start - start % DAY, value), *amounts)
    if dimension in HOURLY:
        sums.add(("hour", dimension, start, value), *amounts)
