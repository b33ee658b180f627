# SPDX-License-Identifier: Apache-2.0
"""Gemini interactions: steps (thoughts, tool calls, outputs) of a model or an agent, plain, streamed or fetched later.

Source: https://ai.google.dev/api/interactions-api
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from auditor.calls import AnyPart, Message, Reasoning, Text, ToolCall, ToolDefinition, ToolResponse, Usage
from auditor.dialects.errors import error_code
from auditor.dialects.facts import CONVERSATION, Answered, Asked, Assembled, Dialect, joined, role_of
from auditor.dialects.framing import Event
from auditor.dialects.media import base64_blob, located
from auditor.dialects.values import arguments, count, first_text, flag, obj, objs, text, total
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]


def ask(wire: Wire) -> Asked:
    """Read a request."""
    body = wire.asked
    system = text(body.get("system_instruction"))
    names = ((first_text(one.get("name"), one.get("type")), one) for one in objs(body.get("tools")))
    return Asked(
        model=text(body.get("model")),
        stream=flag(body.get("stream")),
        system_instructions=(Text(content=system),) if system else (),
        input_messages=tuple(_input(body.get("input"))),
        tool_definitions=tuple(
            ToolDefinition(name=name, description=text(one.get("description")), parameters=one.get("parameters"))
            for name, one in names
            if name
        ),
    )


def _input(value: Any) -> Iterator[Message]:
    """The input: a text, one content, an array of contents, or an array of turns or steps."""
    if isinstance(value, str):
        yield from (Message(role="user", parts=(Text(content=value),)),) if value else ()
        return
    loose: list[AnyPart] = []
    for one in objs([value] if isinstance(value, dict) else value):
        if "role" in one:
            yield Message(role=role_of(one.get("role")), parts=_content(one.get("content")))
        elif one.get("type") in ("user_input", "model_output"):
            role = "user" if one["type"] == "user_input" else "assistant"
            yield Message(role=role, parts=_content(one.get("content")))
        else:
            loose += _parts(one)
    if loose:
        tools = all(isinstance(part, ToolResponse) for part in loose)
        yield Message(role="tool" if tools else "user", parts=tuple(loose))


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer, plain or assembled."""
    fields = obj(body)
    status = text(fields.get("status"))
    steps = objs(fields.get("steps")) or objs(fields.get("outputs"))
    parts = joined(part for one in steps if one.get("type") != "user_input" for part in _parts(one))
    fetched = tuple(message for one in steps if one.get("type") == "user_input" for message in _input(one))
    failed = fields.get("error") or status == "failed"
    return Answered(
        model=first_text(fields.get("model"), fields.get("agent")),
        id=text(fields.get("id")),
        finish_reasons=(status,) if status else None,
        usage=_usage(obj(fields.get("usage"))),
        output_messages=(*fetched, *((Message(role="assistant", parts=parts, finish_reason=status),) if parts else ())),
        error=(error_code(fields) or "error") if failed else None,
    )


def _usage(fields: Fields) -> Usage:
    thoughts = count(fields.get("total_thought_tokens"))
    tools = count(fields.get("total_tool_use_tokens"))
    return Usage(
        input_tokens=total(count(fields.get("total_input_tokens")), tools),
        output_tokens=total(count(fields.get("total_output_tokens")), thoughts),
        cache_read_input_tokens=count(fields.get("total_cached_tokens")),
        reasoning_output_tokens=thoughts,
    )


def _content(value: Any) -> tuple[AnyPart, ...]:
    if isinstance(value, str):
        return (Text(content=value),) if value else ()
    return tuple(part for one in objs([value] if isinstance(value, dict) else value) for part in _parts(one))


def _parts(fields: Fields) -> tuple[AnyPart, ...]:
    """One content or step as parts."""
    kind = text(fields.get("type")) or "text"
    if kind in ("model_output", "user_input"):
        return _content(fields.get("content"))
    if kind == "text":
        plain = text(fields.get("text"))
        return (Text(content=plain),) if plain else ()
    if kind == "thought":
        summary = [text(one.get("text")) for one in objs(fields.get("summary"))]
        return tuple(Reasoning(content=one) for one in (*summary, text(fields.get("text"))) if one)
    if kind.endswith("_result"):
        return (ToolResponse(response=fields.get("result"), id=first_text(fields.get("call_id"), fields.get("name"))),)
    if kind.endswith("_call"):
        name = first_text(fields.get("name"), kind.removesuffix("_call")) or kind
        given, ran_there = arguments(fields.get("arguments")), kind != "function_call"
        return (ToolCall(name=name, id=text(fields.get("id")), arguments=given, server=ran_there),)
    mime_type = text(fields.get("mime_type"))
    found = base64_blob(fields.get("data"), mime_type, kind) or located(fields.get("uri"), kind, mime_type)
    return (found,) if found else ()


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together: steps grow by deltas, the interaction's last state closes it."""
    whole: dict[str, Any] = {}
    steps: dict[int, dict[str, Any]] = {}
    for name, data in events:
        event = obj(data)
        kind = first_text(event.get("event_type"), name) or ""
        index = count(event.get("index")) or 0
        if kind.startswith("interaction."):
            whole |= {key: value for key, value in obj(event.get("interaction")).items() if value}
            whole |= {"status": event["status"]} if text(event.get("status")) else {}
        elif kind in ("step.start", "content.start"):
            steps[index] = dict(obj(event.get("step")) or obj(event.get("content")))
        elif kind in ("step.delta", "content.delta"):
            _grow(steps.setdefault(index, {"type": "model_output"}), obj(event.get("delta")))
        elif kind == "error":
            whole["error"] = event.get("error") or event
    streamed = [steps[index] for index in sorted(steps)]
    complete = whole.get("status") not in (None, "in_progress")
    return Assembled({**whole, "steps": whole.get("steps") or streamed}, complete)


def _grow(step: dict[str, Any], delta: Fields) -> None:
    plain = text(delta.get("text"))
    if step.get("type") == "model_output":
        content: list[Any] = step.setdefault("content", [])
        last = content[-1] if content else None
        if plain and last is not None and "text" in last:
            content[-1] = {**last, "text": last["text"] + plain}
        elif plain or delta.get("data") or delta.get("uri"):
            content.append(dict(delta))
    elif step.get("type") == "thought":
        summary = text(obj(delta.get("content")).get("text")) or plain
        step["text"] = (text(step.get("text")) or "") + (summary or "")
    elif isinstance(delta.get("arguments"), str) and isinstance(step.get("arguments"), str):
        step["arguments"] += delta["arguments"]
    elif plain:
        step["text"] = (text(step.get("text")) or "") + plain
    else:
        step |= {key: value for key, value in delta.items() if key not in ("type", "signature") and value is not None}


DIALECT = Dialect(
    name="gemini.interactions",
    source="https://ai.google.dev/api/interactions-api",
    ask=ask,
    answer=answer,
    assemble=assemble,
    extracts=CONVERSATION,
    binary=True,
)
