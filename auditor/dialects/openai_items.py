# SPDX-License-Identifier: Apache-2.0
"""Items of the OpenAI responses format: messages, tool calls, tool outputs, reasoning, and what the provider ran.

The same items make up the input and the output of a response, the turns of a conversation, and (nearly) the events
of a realtime session. A run of items of one speaker makes one message.
Source: https://platform.openai.com/docs/api-reference/responses/object
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from auditor.calls import AnyPart, Message, Reasoning, Text, ToolCall, ToolResponse
from auditor.dialects.facts import joined, role_of
from auditor.dialects.media import base64_blob
from auditor.dialects.openai_common import Fields, content_parts, tool_content
from auditor.dialects.values import arguments, arr, first_text, obj, objs, text

_PLAIN = frozenset(
    {"id", "type", "status", "output", "call_id", "outputs", "results", "result", "caller", "fingerprint"}
)


def messages_of(items: Any) -> tuple[Message, ...]:
    """The messages that items make up: consecutive parts of one role belong together, messages stay apart."""
    if isinstance(items, str):
        return (Message(role="user", parts=(Text(content=items),)),) if items else ()
    messages: list[Message] = []
    open_run = False
    for item in objs(items):
        message = item_message(item)
        if message is None:
            continue
        runs = _kind(item) != "message"
        if runs and open_run and messages[-1].role == message.role:
            messages[-1] = Message(role=message.role, parts=messages[-1].parts + message.parts)
        else:
            messages.append(message)
        open_run = runs
    return tuple(messages)


def answer_message(items: Any, finish_reason: str | None) -> tuple[Message, ...]:
    """The one message of an answer: all parts of its items in their order."""
    found = (item_message(item) for item in objs(items))
    parts = joined(part for message in found if message for part in message.parts)
    return (Message(role="assistant", parts=parts, finish_reason=finish_reason),) if parts else ()


def item_message(item: Fields) -> Message | None:
    """One item as a message of its speaker, or None where it says nothing."""
    kind = _kind(item)
    if kind == "message":
        return Message(role=role_of(item.get("role")), parts=content_parts(item.get("content")))
    if kind.endswith(("_output", "_response")):
        return Message(role="tool", parts=(_tool_response(item),))
    read = _ITEMS.get(kind)
    parts = tuple(read(item)) if read else _server_call(item) if kind.endswith(("_call", "program")) else ()
    return Message(role="assistant", parts=parts) if parts else None


def _kind(item: Fields) -> str:
    kind = item.get("type")
    return kind if isinstance(kind, str) else "message" if "role" in item else ""


def _tool_response(item: Fields) -> ToolResponse:
    call_id = first_text(item.get("call_id"), item.get("tool_call_id"), item.get("approval_request_id"), item.get("id"))
    value = item.get("output")
    if value is None:
        value = next((item[name] for name in ("result", "approve", "tools", "error") if name in item), None)
    if text(item.get("reason")):
        value = {"approve": value, "reason": item["reason"]}
    if isinstance(value, dict) and value.get("type") == "computer_screenshot":
        shot = content_parts([{"type": "input_image", "image_url": value.get("image_url")}])
        return ToolResponse(response=[_described(part) for part in shot], id=call_id)
    return ToolResponse(response=tool_content(value), id=call_id)


def _described(part: AnyPart) -> str:
    return f"screenshot {getattr(part, 'sha256', None) or getattr(part, 'uri', '')}"


def _function_call(item: Fields) -> Iterable[AnyPart]:
    name = text(item.get("name"))
    if name:
        call_id = first_text(item.get("call_id"), item.get("tool_call_id"), item.get("id"))
        yield ToolCall(name=name, id=call_id, arguments=arguments(item.get("arguments", item.get("input"))))


def _reasoning(item: Fields) -> Iterable[AnyPart]:
    pieces = (*objs(item.get("summary")), *objs(item.get("content")))
    return [Reasoning(content=plain) for one in pieces if (plain := text(one.get("text")))]


def _image_generation(item: Fields) -> Iterable[AnyPart]:
    drawn = text(item.get("revised_prompt"))
    asked = {"revised_prompt": drawn} if drawn else None
    yield ToolCall(name="image_generation", id=text(item.get("id")), arguments=asked, server=True)
    found = base64_blob(item.get("result"), f"image/{item.get('output_format') or 'png'}")
    if found:
        yield found


def _mcp_call(item: Fields) -> Iterable[AnyPart]:
    call_id, name = text(item.get("id")), text(item.get("name")) or "mcp"
    yield ToolCall(name=name, id=call_id, arguments=arguments(item.get("arguments")), server=True)
    returned = item.get("output") if item.get("output") is not None else item.get("error")
    if returned is not None:
        yield ToolResponse(response=returned, id=call_id)


def _mcp_tools(item: Fields) -> Iterable[AnyPart]:
    yield ToolCall(name="mcp_list_tools", id=text(item.get("id")), arguments=item.get("server_label"), server=True)


def _mcp_approval(item: Fields) -> Iterable[AnyPart]:
    name = text(item.get("name")) or "mcp"
    yield ToolCall(name=name, id=text(item.get("id")), arguments=arguments(item.get("arguments")), server=True)


def _command(item: Fields) -> Iterable[AnyPart]:
    """A command an agent ran in its own environment."""
    call_id, printed = text(item.get("id")), text(item.get("output"))
    asked = {name: item[name] for name in ("command", "cwd") if item.get(name)}
    yield ToolCall(name="command_execution", id=call_id, arguments=asked, server=True)
    if printed:
        yield ToolResponse(response=printed, id=call_id)


def _server_call(item: Fields) -> tuple[AnyPart, ...]:
    """A built-in tool (`web_search_call`, `code_interpreter_call` …): what it was asked, and what it printed."""
    name = str(item.get("type")).removesuffix("_call")
    call_id = first_text(item.get("call_id"), item.get("id"))
    asked = {key: value for key, value in item.items() if key not in _PLAIN and value is not None}
    call = ToolCall(name=name, id=call_id, arguments=asked or None, server=True)
    returned = [plain for one in arr(item.get("outputs")) if (plain := text(obj(one).get("logs")))]
    returned += [plain for one in arr(item.get("results")) if (plain := text(obj(one).get("text")))]
    return (call, ToolResponse(response="\n".join(returned), id=call_id)) if returned else (call,)


_ITEMS: Mapping[str, Callable[[Fields], Iterable[AnyPart]]] = {
    "function_call": _function_call,
    "custom_tool_call": _function_call,
    "reasoning": _reasoning,
    "image_generation_call": _image_generation,
    "mcp_call": _mcp_call,
    "mcp_list_tools": _mcp_tools,
    "mcp_approval_request": _mcp_approval,
    "command_execution": _command,
    "agent_message": lambda item: content_parts(item.get("content")),
}
