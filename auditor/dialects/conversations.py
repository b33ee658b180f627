# SPDX-License-Identifier: Apache-2.0
"""Conversations: those of Mistral's agents, which answer at once, and those of OpenAI, which only store items.

Source: https://docs.mistral.ai/api/#tag/beta.conversations
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from auditor.calls import Message, Text
from auditor.dialects import openai_stored
from auditor.dialects.errors import stated_error
from auditor.dialects.facts import CONVERSATION, Answered, Asked, Assembled, Dialect
from auditor.dialects.framing import Event
from auditor.dialects.openai_common import openai_usage, tool_definitions
from auditor.dialects.openai_items import answer_message, messages_of
from auditor.dialects.values import arguments, count, flag, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]

_TYPES = {"message.output": "message", "message.input": "message", "function.call": "function_call",
          "function.result": "function_call_output"}  # fmt: skip
"""Mistral's entries by the names of OpenAI's items, which are of the same form."""


def ask(wire: Wire) -> Asked:
    """Read a request of either kind."""
    body = wire.asked
    if "inputs" not in body:
        return openai_stored.ask(wire)
    instructions = text(body.get("instructions"))
    return Asked(
        model=text(body.get("model")),
        stream=flag(body.get("stream")),
        system_instructions=(Text(content=instructions),) if instructions else (),
        input_messages=_messages(body["inputs"]),
        tool_definitions=tool_definitions(body.get("tools")),
    )


def answer(body: Any, wire: Wire) -> Answered:
    """Read an answer of either kind."""
    fields = obj(body)
    if not objs(fields.get("outputs")):
        answered = openai_stored.answer(body, wire)
        return msgspec.structs.replace(answered, id=answered.id or text(fields.get("conversation_id")))
    return Answered(
        id=text(fields.get("conversation_id")),
        model=next((text(one.get("model")) for one in objs(fields["outputs"]) if one.get("model")), None),
        usage=openai_usage(fields.get("usage")),
        output_messages=answer_message(_items(fields["outputs"]), None),
        error=stated_error(fields),
    )


def _messages(entries: Any) -> tuple[Message, ...]:
    return messages_of(entries if isinstance(entries, str) else _items(entries))


def _items(entries: Any) -> list[Fields]:
    return [_item(one, text(one.get("type")) or "") for one in objs(entries)]


def _item(entry: Fields, kind: str) -> Fields:
    if kind == "tool.execution":  # a tool the provider ran: `web_search`, `code_interpreter` …
        ran = {"id": entry.get("id"), "arguments": arguments(entry.get("arguments"))}
        return {**ran, "type": f"{text(entry.get('name')) or 'tool'}_call"}
    return {**entry, "type": _TYPES[kind]} if kind in _TYPES else entry


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together: outputs grow by deltas, the last event has the usage."""
    whole: dict[str, Any] = {}
    outputs: dict[int, dict[str, Any]] = {}
    done = False
    for name, data in events:
        event = obj(data)
        kind = text(event.get("type")) or name or ""
        entry, _, step = kind.rpartition(".")
        if entry in ("message.output", "function.call", "tool.execution") and step in ("started", "delta"):
            _grow(outputs.setdefault(count(event.get("output_index")) or 0, {"type": entry}), event)
        if kind == "conversation.response.error":
            whole["error"] = {"code": event.get("code")}
        whole |= {key: event[key] for key in ("conversation_id", "usage") if event.get(key)}
        done = done or kind == "conversation.response.done"
    whole["outputs"] = [outputs[index] for index in sorted(outputs)]
    return Assembled(whole, done)


def _grow(output: dict[str, Any], event: Fields) -> None:
    for name in ("content", "arguments"):
        piece = event.get(name)
        plain = piece if isinstance(piece, str) else text(obj(piece).get("text"))
        if plain:
            output[name] = (text(output.get(name)) or "") + plain
    output |= {key: event[key] for key in ("id", "role", "model", "name", "tool_call_id") if event.get(key)}
    output.setdefault("role", "assistant")


DIALECT = Dialect(
    name="conversations",
    source="https://platform.openai.com/docs/api-reference/conversations, https://docs.mistral.ai/api/#tag/beta.conversations",
    ask=ask,
    answer=answer,
    assemble=assemble,
    extracts=(*CONVERSATION, "ids"),
    binary=True,
)
