# SPDX-License-Identifier: Apache-2.0
"""Cohere chat, version 2. Requests are like OpenAI chat; answers and streams are Cohere's own.

Source: https://docs.cohere.com/reference/chat, …/chat-stream
"""

from collections.abc import Mapping, Sequence
from typing import Any

from auditor.calls import Message, Text
from auditor.dialects import openai_chat
from auditor.dialects.cohere_chat_v1 import usage_of
from auditor.dialects.facts import CONVERSATION, Answered, Asked, Assembled, Dialect
from auditor.dialects.framing import Event
from auditor.dialects.values import arr, count, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]


def ask(wire: Wire) -> Asked:
    """Read a request; its documents are part of what is said."""
    asked = openai_chat.ask(wire)
    documents = [one for one in arr(wire.asked.get("documents")) if isinstance(one, (str, dict))]
    texts = [one if isinstance(one, str) else plain for one in documents for plain in _texts(one)]
    if not texts:
        return asked
    context = Message(role="user", parts=tuple(Text(content=one) for one in texts))
    return Asked(
        model=asked.model,
        stream=asked.stream,
        input_messages=(context, *asked.input_messages),
        tool_definitions=asked.tool_definitions,
    )


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer, plain or assembled."""
    fields = obj(body)
    reason = text(fields.get("finish_reason"))
    message = obj(fields.get("message"))
    parts = openai_chat.chat_message({**message, "role": "assistant"}).parts
    return Answered(
        id=text(fields.get("id")),
        finish_reasons=(reason,) if reason else None,
        usage=usage_of(fields.get("usage")),
        output_messages=(Message(role="assistant", parts=parts, finish_reason=reason),) if parts or reason else (),
        error="ERROR" if reason == "ERROR" else None,
    )


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together."""
    whole: dict[str, Any] = {}
    content: dict[int, dict[str, Any]] = {}
    calls: dict[int, dict[str, Any]] = {}
    plan: list[str] = []
    done = False
    for _, data in events:
        event = obj(data)
        kind, index, delta = event.get("type"), count(event.get("index")) or 0, obj(event.get("delta"))
        message = obj(delta.get("message"))
        if kind == "message-start":
            whole["id"] = event.get("id")
        elif kind in ("content-start", "content-delta"):
            _grow(content.setdefault(index, {}), obj(message.get("content")), ("text", "thinking"))
        elif kind == "tool-plan-delta":
            plan.append(text(message.get("tool_plan")) or "")
        elif kind in ("tool-call-start", "tool-call-delta"):
            _grow_call(calls.setdefault(index, {}), message.get("tool_calls"))
        elif kind == "message-end":
            whole |= {"finish_reason": delta.get("finish_reason"), "usage": delta.get("usage")}
            done = True
    whole["message"] = {
        "content": [content[index] for index in sorted(content)],
        "tool_calls": [calls[index] for index in sorted(calls)],
        "tool_plan": "".join(plan),
    }
    return Assembled(whole, done)


def _grow(into: dict[str, Any], piece: Fields, joined: tuple[str, ...]) -> None:
    for name, value in piece.items():
        if name in joined and isinstance(value, str):
            into[name] = (text(into.get(name)) or "") + value
        else:
            into.setdefault(name, value)


def _grow_call(into: dict[str, Any], piece: Any) -> None:
    fields = obj(piece) or obj(next(iter(objs(piece)), None))
    function = obj(fields.get("function"))
    _grow(into.setdefault("function", {}), function, ("arguments",))
    if text(fields.get("id")):
        into["id"] = fields["id"]


def _texts(document: Any) -> list[str]:
    fields = obj(document)
    inner = fields.get("data", fields)
    if isinstance(document, str) or isinstance(inner, str):
        return [document if isinstance(document, str) else inner]
    return [value for name, value in obj(inner).items() if isinstance(value, str) and value and name != "id"]


DIALECT = Dialect(
    name="cohere.chat",
    source="https://docs.cohere.com/reference/chat",
    ask=ask,
    answer=answer,
    assemble=assemble,
    recognises=openai_chat.recognises,
    extracts=CONVERSATION,
)
