# SPDX-License-Identifier: Apache-2.0
"""OpenAI assistants, threads, messages and runs. The finish reason of a run is its status.

Source: https://platform.openai.com/docs/api-reference/assistants, …/threads, …/messages, …/runs, …/assistants-streaming
"""

from collections.abc import Mapping, Sequence
from typing import Any

from auditor.calls import Message, Text, ToolResponse
from auditor.dialects.errors import error_code
from auditor.dialects.facts import CONVERSATION, Answered, Asked, Assembled, Dialect, role_of
from auditor.dialects.framing import Event
from auditor.dialects.openai_chat import tool_calls
from auditor.dialects.openai_common import content_parts, openai_usage, tool_definitions
from auditor.dialects.values import count, first_text, flag, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]


def ask(wire: Wire) -> Asked:
    """Read a request."""
    body = wire.asked
    instructions = (text(body.get("instructions")), text(body.get("additional_instructions")))
    thread = obj(body.get("thread"))
    messages = [*objs(thread.get("messages")), *objs(body.get("messages")), *objs(body.get("additional_messages"))]
    outputs = tuple(
        ToolResponse(response=one.get("output"), id=text(one.get("tool_call_id")))
        for one in objs(body.get("tool_outputs"))
    )
    said = [_message(one) for one in messages]
    said += [_message(body)] if "content" in body else []
    said += [Message(role="tool", parts=outputs)] if outputs else []
    return Asked(
        model=text(body.get("model")),
        stream=flag(body.get("stream")),
        system_instructions=tuple(Text(content=one) for one in instructions if one),
        input_messages=tuple(said),
        tool_definitions=tool_definitions(body.get("tools")),
    )


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer, plain or assembled: an assistant, a thread, a message, a run, or a list of them."""
    fields = obj(body)
    kind, status = fields.get("object"), text(fields.get("status"))
    wanted = obj(obj(fields.get("required_action")).get("submit_tool_outputs"))
    messages = [_message(one) for one in objs(fields.get("messages") or fields.get("data")) if "content" in one]
    calls = tool_calls(wanted)
    if calls:
        messages.append(Message(role="assistant", parts=calls, finish_reason=status))
    failed = fields.get("error") or fields.get("last_error")
    return Answered(
        model=text(fields.get("model")),
        id=None if kind == "list" else text(fields.get("id")),
        finish_reasons=(status,) if status and kind == "thread.run" else None,
        usage=openai_usage(fields.get("usage")),
        output_messages=tuple(messages),
        error=(error_code(failed) or "error") if failed else None,
    )


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together: the last state of the run, and the messages it wrote."""
    run: dict[str, Any] = {}
    messages: dict[str, dict[str, Any]] = {}
    done = False
    for name, data in events:
        fields, name = obj(data), name or ""
        if name.startswith("thread.run.") and not name.startswith("thread.run.step"):
            run = dict(fields)
        elif name == "thread.message.delta":
            _grow(messages.setdefault(str(fields.get("id")), {"role": "assistant"}), obj(fields.get("delta")))
        elif name.startswith("thread.message.") and fields.get("content"):
            messages[str(fields.get("id"))] = dict(fields)
        elif name == "error":
            run["error"] = fields
        done = done or name == "done"
    return Assembled({**run, "messages": list(messages.values())}, done)


def _grow(message: dict[str, Any], delta: Fields) -> None:
    parts: list[Any] = message.setdefault("content", [])
    for piece in objs(delta.get("content")):
        index = min(count(piece.get("index")) or 0, len(parts))
        if index == len(parts):
            parts.append({"type": piece.get("type"), "text": {"value": ""}})
        held = obj(obj(parts[index]).get("text"))
        value = (text(held.get("value")) or "") + (text(obj(piece.get("text")).get("value")) or "")
        parts[index] = {**piece, "text": {"value": value}} if "text" in piece else dict(piece)


def _message(fields: Fields) -> Message:
    role = role_of(first_text(fields.get("role")), "user")
    return Message(role=role, parts=content_parts(fields.get("content")))


DIALECT = Dialect(
    name="openai.assistants",
    source="https://platform.openai.com/docs/api-reference/assistants",
    ask=ask,
    answer=answer,
    assemble=assemble,
    extracts=(*CONVERSATION, "ids"),
)
