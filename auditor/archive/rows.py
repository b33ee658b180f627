# SPDX-License-Identifier: Apache-2.0
"""A call as rows of the index, and back. Pure: no database here."""

from operator import attrgetter
from typing import Any, Final, NamedTuple

import msgspec

from auditor.archive.schema import NANO_USD, calls
from auditor.archive.times import microseconds
from auditor.calls import Call, Outcome
from auditor.store.format.records import Fingerprints, Intent
from auditor.terms.makers import maker_beside

OUTCOME_UNKNOWN: Final = "outcome-unknown"
"""Label of a call whose request left before its gateway broke down: nobody saw how it ended."""

INTENT_ONLY: Final = -1
"""The `part` of a call that is known by its intent only."""


class _Stored(Call, frozen=True, array_like=True):
    """A call without the names of its fields: a third of the size."""


_decode = msgspec.msgpack.Decoder(_Stored).decode
_encode = msgspec.msgpack.Encoder().encode

_TAKEN: Final = (
    *("provider", "operation", "dialect", "request_model", "response_model", "response_id", "actor", "credential"),
    *("client", "user_agent", "region", "server_address", "path", "method", "gateway", "error", "status", "stream"),
    *("duration_ms", "ttft_ms", "input_tokens", "output_tokens", "cache_read_input_tokens"),
    *("cache_creation_input_tokens", "reasoning_output_tokens", "request_bytes", "response_bytes"),
)
_taken = attrgetter(*_TAKEN)

COLUMNS: Final = (
    *("id", "exchange", "part", "ledger", "seq", "time", "outcome", "model", "maker", "tokens", "cost_nano"),
    *_TAKEN,
)
assert {"n", *COLUMNS} == set(calls.columns.keys())  # every column is filled


class Found(NamedTuple):
    """A call on its way into the index, and where its record lies."""

    call: Call
    exchange: str
    part: int
    ledger: str
    seq: int
    fingerprints: Fingerprints | None = None


class Tag(NamedTuple):
    """One of the things a call has several of."""

    kind: str
    value: str
    times: int


class Ready(NamedTuple):
    """A call with all that the index takes of it, but its row number: `row` is in the order of `COLUMNS`."""

    found: Found
    time: int
    row: tuple[Any, ...]
    value: bytes
    tags: list[Tag]


def ready(found: Found) -> Ready:
    """The rows of a call."""
    call = found.call
    time = microseconds(call.time)
    value = _encode(msgspec.structs.astuple(msgspec.structs.replace(call, seq=found.seq)))
    return Ready(found, time, _row(found, time), value, tags(call))


def _row(found: Found, time: int) -> tuple[Any, ...]:
    call = found.call
    exchange = None if call.id == found.exchange else found.exchange
    return (
        *(call.id, exchange, found.part, found.ledger, found.seq, time, call.outcome.value),
        *(call.response_model or call.request_model, maker(call), total_tokens(call), nano_usd(call), *_taken(call)),
    )


def columns(call: Call) -> dict[str, Any]:
    """A call as the columns of the index, by name; where its record lies is not known."""
    found = Found(call, call.id, 0, "", call.seq or 0)
    return dict(zip(COLUMNS, _row(found, microseconds(call.time)), strict=True))


def decoded(value: bytes) -> Call:
    """The call of a row of `call_values`."""
    return Call(**msgspec.structs.asdict(_decode(value)))


def tags(call: Call) -> list[Tag]:
    """The rows of `tags`: data types by direction, labels, tools, finish reasons."""
    found = [Tag(data.direction, data.type, data.count) for data in call.data]
    for kind, values in (("label", call.labels), ("tool", call.tool_calls), ("finish", call.finish_reasons)):
        if values:
            found += [Tag(kind, value, 1) for value in dict.fromkeys(values)]
    return found


def maker(call: Call) -> str | None:
    """Whose terms hold beside the provider's, by their id in the registry."""
    return maker_beside(call.provider, call.request_model or call.response_model)


def total_tokens(call: Call) -> int | None:
    """Input and output tokens together, where either is known."""
    if call.input_tokens is None and call.output_tokens is None:
        return None
    return (call.input_tokens or 0) + (call.output_tokens or 0)


def nano_usd(call: Call) -> int | None:
    """The cost in billionths of a dollar."""
    return None if call.cost_usd is None else round(call.cost_usd * NANO_USD)


def unfinished(intent: Intent, ledger: str, seq: int) -> Found:
    """The call of an intent whose completion will not come."""
    call = Call(
        id=intent.exchange,
        time=intent.time,
        provider=intent.provider,
        server_address=intent.server_address,
        path=intent.path,
        method=intent.method,
        actor=intent.actor,
        credential=intent.credential,
        outcome=Outcome.INTERRUPTED,
        labels=(OUTCOME_UNKNOWN,),
    )
    return Found(call, intent.exchange, INTENT_ONLY, ledger, seq)
