# SPDX-License-Identifier: Apache-2.0
"""Ollama's own API: chat and generate, streamed as NDJSON unless asked otherwise.

Source: https://docs.ollama.com/api
"""

from collections.abc import Mapping, Sequence
from typing import Any

from auditor.calls import AnyPart, Message, Reasoning, Text, ToolCall, ToolResponse
from auditor.dialects.errors import stated_error
from auditor.dialects.facts import CONVERSATION, Answered, Asked, Assembled, Dialect, role_of
from auditor.dialects.framing import Event
from auditor.dialects.media import base64_blob
from auditor.dialects.openai_common import content_parts, openai_usage, tool_content, tool_definitions
from auditor.dialects.values import arguments, arr, first_text, flag, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]


def ask(wire: Wire) -> Asked:
    """Read a request of either kind."""
    body = wire.asked
    system = text(body.get("system"))
    stream = flag(body.get("stream"))
    prompt = _message({"role": "user", "content": body.get("prompt"), "images": body.get("images")})
    return Asked(
        model=text(body.get("model")),
        stream=True if stream is None else stream,
        system_instructions=(Text(content=system),) if system else (),
        input_messages=tuple(_message(one) for one in objs(body.get("messages")))
        or ((prompt,) if prompt.parts else ()),
        tool_definitions=tool_definitions(body.get("tools")),
    )


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer, plain or assembled."""
    fields = obj(body)
    reason = text(fields.get("done_reason"))
    message = obj(fields.get("message")) or {"content": fields.get("response"), "thinking": fields.get("thinking")}
    parts = _message({**message, "role": "assistant"}).parts
    return Answered(
        model=text(fields.get("model")),
        finish_reasons=(reason,) if reason else None,
        usage=openai_usage(fields),
        output_messages=(Message(role="assistant", parts=parts, finish_reason=reason),) if parts or reason else (),
        error=stated_error(fields),
    )


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together: texts grow, tool calls add up, the last object has the counts."""
    whole: dict[str, Any] = {}
    message: dict[str, Any] = {}
    done = False
    for _, data in events:
        fields = obj(data)
        done = done or fields.get("done") is True
        piece = obj(fields.get("message")) or {"content": fields.get("response"), "thinking": fields.get("thinking")}
        for name in ("content", "thinking"):
            message[name] = (message.get(name) or "") + (text(piece.get(name)) or "")
        message["tool_calls"] = [*message.get("tool_calls", ()), *objs(piece.get("tool_calls"))]
        whole |= {key: value for key, value in fields.items() if value is not None}
    return Assembled({**whole, "message": message}, done)


def _message(fields: Fields) -> Message:
    role, content = role_of(fields.get("role")), content_parts(fields.get("content"))
    if role == "tool":
        name = first_text(fields.get("tool_call_id"), fields.get("tool_name"), fields.get("name"))
        return Message(role=role, parts=(ToolResponse(response=tool_content(fields.get("content")), id=name),))
    thinking = text(fields.get("thinking"))
    images = (base64_blob(one, None, "image") for one in arr(fields.get("images")))
    parts: list[AnyPart] = [Reasoning(content=thinking)] if thinking else []
    parts += content
    parts += [one for one in images if one is not None]
    return Message(role=role, parts=(*parts, *_calls(fields)))


def _calls(fields: Fields) -> list[ToolCall]:
    functions = ((one, obj(one.get("function"))) for one in objs(fields.get("tool_calls")))
    return [
        ToolCall(name=name, id=text(one.get("id")), arguments=arguments(function.get("arguments")))
        for one, function in functions
        if (name := text(function.get("name")))
    ]


def recognises(body: Any) -> bool:
    """Whether a request body may be of this format; its path must say so too."""
    return text(obj(body).get("model")) is not None


CHAT = Dialect(
    name="ollama.chat",
    source="https://docs.ollama.com/api/chat",
    ask=ask,
    answer=answer,
    assemble=assemble,
    recognises=recognises,
    extracts=CONVERSATION,
)
GENERATE = CHAT._replace(name="ollama.generate", source="https://docs.ollama.com/api/generate")
