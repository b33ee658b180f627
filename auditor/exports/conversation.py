# SPDX-License-Identifier: Apache-2.0
"""What was said in a call, as text to read: one block a message, tool calls and media named in their place."""

from collections.abc import Iterable, Iterator
from functools import singledispatch
from typing import Any

import msgspec

from auditor.calls import (
    AnyPart,
    Blob,
    Content,
    FileRef,
    Message,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolDefinition,
    ToolResponse,
    Uri,
)


def conversation_lines(content: Content) -> Iterator[str]:
    """The conversation line by line: tools offered, system instructions, then the messages in their order."""
    if content.tool_definitions:
        yield from _block("tools", (_tool(one) for one in content.tool_definitions))
    if content.system_instructions:
        yield from _block("system", map(part_text, content.system_instructions))
    for message in (*content.input_messages, *content.output_messages):
        yield from _block(_speaker(message), map(part_text, message.parts))


def _block(heading: str, texts: Iterable[str]) -> Iterator[str]:
    yield f"── {heading} ──"
    yield from texts
    yield ""


def _speaker(message: Message) -> str:
    name = f" ({message.name})" if message.name else ""
    finish = f", {message.finish_reason}" if message.finish_reason else ""
    return f"{message.role}{name}{finish}"


def _tool(tool: ToolDefinition) -> str:
    return f"{tool.name}: {tool.description}" if tool.description else tool.name


@singledispatch
def part_text(part: AnyPart) -> str:
    """A part of a message in one piece of text."""
    raise TypeError(type(part).__name__)


@part_text.register
def _text(part: Text) -> str:
    return part.content


@part_text.register
def _reasoning(part: Reasoning) -> str:
    return f"[reasoning] {part.content}"


@part_text.register
def _refusal(part: Refusal) -> str:
    return f"[refusal] {part.content}"


@part_text.register
def _call(part: ToolCall) -> str:
    where = ", run by the provider" if part.server else ""
    return f"[tool call {part.name}{where}] {_value(part.arguments)}"


@part_text.register
def _response(part: ToolResponse) -> str:
    return f"[tool result] {_value(part.response)}"


@part_text.register
def _blob(part: Blob) -> str:
    size = f"{part.size} bytes" if part.size is not None else None
    unread = f"not read to its end: {part.unread.replace('_', ' ')}" if part.unread else None
    facts = (part.name, part.mime_type, size, unread)
    described = f"[{part.modality}] {', '.join(fact for fact in facts if fact)}"
    return f"{described}\n{part.text}" if part.text else described


@part_text.register
def _uri(part: Uri) -> str:
    return f"[{part.modality}] {part.uri}"


@part_text.register
def _file(part: FileRef) -> str:
    return f"[{part.modality}] file {part.file_id}"


def _value(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
