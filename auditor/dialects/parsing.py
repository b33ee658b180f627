# SPDX-License-Identifier: Apache-2.0
"""From an exchange to its readings: finds the dialect, lets it read, and builds the calls.

Invariants: never raises; at least one reading comes back; what one side's breakage hides, the other side and the
connection still tell. Facts no dialect stated stay `None`.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from auditor.calls import Call, Content, Exchange, Outcome, Reading
from auditor.dialects import loose, marks
from auditor.dialects.cost import cost_usd
from auditor.dialects.errors import error_code
from auditor.dialects.facts import Answered, Asked, Dialect, Turn, tool_names
from auditor.dialects.routing import find
from auditor.dialects.storable import storable
from auditor.dialects.wire import Wire
from auditor.providers import Providers, client_name

_log = logging.getLogger(__name__)

UNLISTED = "self_hosted"
"""The provider of a call that is of a known format, at a host nobody listed."""


def parse(exchange: Exchange, providers: Providers) -> tuple[Reading, ...]:
    """Read an exchange: one reading a call, several where a socket carried several."""
    try:
        wire = Wire(exchange, providers)
        return tuple(_readings(wire))
    except Exception as failure:
        # Whatever is wrong with our reading must not lose the record; the kind of failure names no content.
        _log.warning("an exchange could not be read: %s", type(failure).__name__)
        return (Reading(call=Call(id=exchange.id, time=exchange.time, outcome=Outcome.UNPARSED)),)


def _readings(wire: Wire) -> list[Reading]:
    if wire.exchange.opaque:
        return [Reading(call=_call(wire, None, None, Turn(Asked(), Answered()), Outcome.OPAQUE))]
    route = find(wire)
    if route is None:
        return [Reading(call=_call(wire, None, None, Turn(Asked(), Answered()), _outcome(wire, None, Answered())))]
    dialect, operation = route
    turns = _safely(dialect.converse, wire) if dialect.converse and wire.exchange.frames else None
    if turns:
        return [_reading(wire, dialect, operation, turn, number) for number, turn in enumerate(turns)]
    asked = _safely(dialect.ask, wire) if _is_readable(wire, dialect) else None
    answered = _answered(dialect, wire)
    whole = asked is not None and answered is not None
    turn = Turn(asked or _safely(loose.ask, wire) or Asked(), answered or Answered())
    return [_reading(wire, dialect, operation, turn, 0, whole=whole)]


def _is_readable(wire: Wire, dialect: Dialect) -> bool:
    """Whether a request has the form its dialect needs; formats that carry bytes take any."""
    request = wire.request
    return dialect.binary or request.json is not None or bool(request.form) or not request.body.strip()


def _safely[T](read: Callable[[Wire], T], wire: Wire) -> T | None:
    try:
        return read(wire)
    except Exception as failure:  # the other side may be whole; as in `parse`, the kind names no content
        _log.warning("a %s could not be read: %s", read.__module__.rpartition(".")[2], type(failure).__name__)
        return None


def _answered(dialect: Dialect, wire: Wire) -> Answered | None:
    """What the answer states; None where it is broken."""
    if wire.response is None:
        return Answered()
    if (wire.status or 0) >= 400:
        return Answered(error=_refusal(wire))
    return _safely(lambda _: _answer(dialect, wire), wire)


def _answer(dialect: Dialect, wire: Wire) -> Answered | None:
    assert wire.response is not None
    events = wire.response.events
    if events is not None and dialect.assemble:
        body, complete = dialect.assemble(events)
        answered = dialect.answer(body, wire)
        return answered if complete else _cut(answered)
    body = wire.response.json
    if body is None and wire.response.body.strip() and not dialect.binary:
        return None
    answered = dialect.answer(body, wire)
    silent = dialect.assemble is not None and not wire.response.body.strip()
    return _cut(answered) if silent else answered


def _cut(answered: Answered) -> Answered:
    return answered if answered.error else _replaced(answered, complete=False)


def _replaced(answered: Answered, **changes: Any) -> Answered:
    return Answered(**{name: changes.get(name, getattr(answered, name)) for name in Answered.__struct_fields__})


def _refusal(wire: Wire) -> str:
    assert wire.response is not None
    events = wire.response.events
    body = wire.response.json if events is None else next((one.data for one in events), None)
    # Amazon's header may name the address of a schema behind its code.
    return error_code(body) or (wire.header("x-amzn-errortype") or "").partition(":")[0] or str(wire.status)


def _reading(wire: Wire, dialect: Dialect, operation: str, turn: Turn, number: int, *, whole: bool = True) -> Reading:
    asked, answered, _ = turn
    unread = dialect is loose.DIALECT and bool(wire.exchange.request.body or wire.exchange.frames)
    outcome = _outcome(wire, None if unread or not whole else dialect, answered)
    call = _call(wire, dialect, operation, turn, outcome, number)
    content = Content(
        system_instructions=asked.system_instructions,
        input_messages=asked.input_messages,
        output_messages=answered.output_messages,
        tool_definitions=asked.tool_definitions,
    )
    return Reading(call=call, content=storable(content))


def _outcome(wire: Wire, dialect: Dialect | None, answered: Answered) -> Outcome:
    exchange = wire.exchange
    if exchange.blocked:
        return Outcome.BLOCKED
    over = bool(exchange.frames) and dialect is not None and dialect.tells_ends and answered.complete
    if (exchange.interrupted and not over) or (exchange.response is None and not exchange.frames):
        return Outcome.INTERRUPTED
    if (wire.status or 0) >= 400:
        return Outcome.ERROR
    if dialect is None:
        return Outcome.UNPARSED
    if answered.error:
        return Outcome.ERROR
    if answered.complete:
        return Outcome.COMPLETE
    return Outcome.UNPARSED if exchange.truncated else Outcome.INTERRUPTED


def _call(
    wire: Wire, dialect: Dialect | None, operation: str | None, turn: Turn, outcome: Outcome, number: int = 0
) -> Call:
    asked, answered, at_ms = turn
    exchange, usage = wire.exchange, answered.usage
    user_agent = wire.request.headers.get("user-agent")
    provider = wire.provider.name if wire.provider else UNLISTED if dialect else None
    return Call(
        id=f"{exchange.id}.{number}" if number else exchange.id,
        time=exchange.time + timedelta(milliseconds=at_ms) if at_ms else exchange.time,
        duration_ms=exchange.duration_ms,
        ttft_ms=exchange.first_byte_ms,
        provider=provider,
        operation=operation,
        dialect=dialect.name if dialect else None,
        request_model=asked.model,
        response_model=answered.model,
        response_id=answered.id,
        finish_reasons=answered.finish_reasons,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_input_tokens=usage.cache_read_input_tokens,
        cache_creation_input_tokens=usage.cache_creation_input_tokens,
        reasoning_output_tokens=usage.reasoning_output_tokens,
        tool_calls=tool_names(answered.output_messages) if answered.output_messages else None,
        region=wire.provider.region if wire.provider else None,
        server_address=wire.host or exchange.connection.server_address,
        path=wire.path if wire.host else None,
        method=exchange.request.method.upper(),
        status=wire.status,
        stream=_streamed(wire, asked),
        user_agent=user_agent,
        client=client_name(user_agent) if user_agent else None,
        request_bytes=len(exchange.request.body) + _frame_bytes(exchange, "sent"),
        response_bytes=len(exchange.response.body) + _frame_bytes(exchange, "received") if exchange.response else None,
        cost_usd=cost_usd(provider, answered.model or asked.model, usage, exchange.time),
        labels=marks.labels(wire) if dialect else (),
        outcome=outcome,
        error=answered.error or exchange.opaque or exchange.blocked,
    )


def _streamed(wire: Wire, asked: Asked) -> bool | None:
    if wire.exchange.frames:
        return True
    if wire.response is None or not wire.exchange.response or not wire.exchange.response.body:
        return asked.stream
    if wire.response.events is not None:
        return True
    return bool(asked.stream) and isinstance(wire.response.json, list)


def _frame_bytes(exchange: Exchange, direction: str) -> int:
    return sum(len(one.data or (one.text or "").encode()) for one in exchange.frames if one.direction == direction)
