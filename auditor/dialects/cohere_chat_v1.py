# SPDX-License-Identifier: Apache-2.0
"""Cohere chat, version 1, of Cohere and of Bedrock: a message, its history, and NDJSON streams.

Source: https://docs.cohere.com/v1/reference/chat
"""

from collections.abc import Mapping, Sequence
from typing import Any

from auditor.calls import AnyPart, Message, Text, ToolCall, ToolDefinition, ToolResponse, Usage
from auditor.dialects.facts import CONVERSATION, Answered, Asked, Assembled, Dialect, role_of
from auditor.dialects.framing import Event
from auditor.dialects.values import count, first_text, flag, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]


def ask(wire: Wire) -> Asked:
    """Read a request."""
    return asked_of(wire.asked)


def asked_of(body: Fields) -> Asked:
    """Read a request's fields."""
    preamble = text(body.get("preamble"))
    history = tuple(_turn(one) for one in objs(body.get("chat_history")))
    results = tuple(ToolResponse(response=one.get("outputs")) for one in objs(body.get("tool_results")))
    documents = tuple(Text(content=plain) for one in objs(body.get("documents")) for plain in _strings(one))
    message = text(body.get("message"))
    parts: tuple[AnyPart, ...] = (*documents, *((Text(content=message),) if message else ()))
    turns = (("tool", results), ("user", parts))
    return Asked(
        model=text(body.get("model")),
        stream=flag(body.get("stream")),
        system_instructions=(Text(content=preamble),) if preamble else (),
        input_messages=(*history, *(Message(role=role, parts=said) for role, said in turns if said)),
        tool_definitions=tuple(
            ToolDefinition(
                name=name, description=text(one.get("description")), parameters=one.get("parameter_definitions")
            )
            for one in objs(body.get("tools"))
            if (name := text(one.get("name")))
        ),
    )


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer, plain or assembled."""
    fields = obj(body)
    reason = text(fields.get("finish_reason"))
    plain = text(fields.get("text"))
    parts: tuple[AnyPart, ...] = (*((Text(content=plain),) if plain else ()), *_calls(fields))
    return Answered(
        id=first_text(fields.get("response_id"), fields.get("generation_id"), fields.get("id")),
        finish_reasons=(reason,) if reason else None,
        usage=usage_of(fields.get("meta")),
        output_messages=(Message(role="assistant", parts=parts, finish_reason=reason),) if parts or reason else (),
        error="ERROR" if reason == "ERROR" else None,
    )


def usage_of(meta: Any) -> Usage:
    """Token counts: those the model saw, else those that are billed."""
    fields = obj(meta)
    seen, billed = obj(fields.get("tokens")), obj(fields.get("billed_units"))
    return Usage(
        input_tokens=_first(count(seen.get("input_tokens")), count(billed.get("input_tokens"))),
        output_tokens=_first(count(seen.get("output_tokens")), count(billed.get("output_tokens"))),
        cache_read_input_tokens=count(fields.get("cached_tokens")),
    )


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together: its last event repeats the whole answer."""
    whole: dict[str, Any] = {}
    pieces: list[str] = []
    done = False
    for _, data in events:
        fields = obj(data)
        kind = fields.get("event_type")
        if kind == "text-generation":
            pieces.append(text(fields.get("text")) or "")
        elif kind == "stream-start":
            whole["generation_id"] = fields.get("generation_id")
        elif kind == "stream-end":
            whole |= {"finish_reason": fields.get("finish_reason"), **obj(fields.get("response"))}
            done = True
    return Assembled({"text": "".join(pieces), **whole}, done)


def _turn(fields: Fields) -> Message:
    plain = text(fields.get("message"))
    results = tuple(ToolResponse(response=one.get("outputs")) for one in objs(fields.get("tool_results")))
    said: tuple[AnyPart, ...] = (Text(content=plain),) if plain else ()
    return Message(role=role_of(fields.get("role")), parts=(*said, *_calls(fields), *results))


def _calls(fields: Fields) -> tuple[ToolCall, ...]:
    calls = objs(fields.get("tool_calls"))
    return tuple(
        ToolCall(name=name, arguments=one.get("parameters")) for one in calls if (name := text(one.get("name")))
    )


def _strings(fields: Fields) -> list[str]:
    return [value for value in fields.values() if isinstance(value, str) and value]


def _first(*counts: int | None) -> int | None:
    return next((one for one in counts if one is not None), None)


def recognises(body: Any) -> bool:
    """Whether a request body is of this format; its path must say so too."""
    return text(obj(body).get("message")) is not None


DIALECT = Dialect(
    name="cohere.chat_v1",
    source="https://docs.cohere.com/v1/reference/chat",
    ask=ask,
    answer=answer,
    assemble=assemble,
    recognises=recognises,
    extracts=CONVERSATION,
)
