# SPDX-License-Identifier: Apache-2.0
"""Every text of a content and its place, so that a match found here can be shown there.

The offsets of a `PlacedMatch` count in `text_of(part)`. Places are "system/P", "input/M/P", "output/M/P" (message and
part, from 0) and "tool/N" for the definition of a tool. Structured values (tool arguments and results) are written as
indented `name: value` lines with their strings as they are: in JSON's own spelling an escaped line break would put
its `n` before the word that follows.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

import msgspec

from auditor.calls import (
    AnyPart,
    Blob,
    Content,
    Message,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolDefinition,
    ToolResponse,
    Uri,
)

DEEPEST: Final = 64
"""Structures nested deeper are written as JSON."""

SEALED: Final = "(sealed by the provider)"
"""Stands for what a provider encrypted for itself, which nobody else reads and chance alone makes look like a key."""

_SEALED_FIELDS: Final = frozenset({
    *("encrypted_content:", "encrypted_index:", "encrypted_stdout:", "encrypted_code_output:"),
    *("signature:", "thoughtSignature:", "thought_signature:"),
})  # fmt: skip
"""Fields of that kind: Anthropic's results of web search and of code, OpenAI's and Gemini's reasoning
(https://docs.claude.com/en/docs/agents-and-tools/tool-use/web-search-tool,
https://platform.openai.com/docs/guides/reasoning, https://ai.google.dev/gemini-api/docs/thought-signatures)."""

_CARRIERS: Final[Mapping[type[AnyPart], str]] = {
    ToolCall: "tool_call",
    ToolResponse: "tool_result",
    Uri: "link",
    Reasoning: "reasoning",
}

_BLOB: Final = re.compile(r"[A-Za-z0-9+/_=-]{100,}")


class PlacedText(msgspec.Struct, frozen=True):
    """One text of a call: where it lies, which way it went, and who said it."""

    place: str
    direction: Literal["sent", "received"]
    role: str
    text: str
    carrier: str | None = None
    """What holds it where that is no plain text, as in `PlacedMatch`."""


def texts(content: Content) -> Iterator[PlacedText]:
    """The texts of a content in reading order, empty ones left out."""
    yield from _parts("system", "sent", "system", content.system_instructions)
    for number, tool in enumerate(content.tool_definitions):
        yield PlacedText(f"tool/{number}", "sent", "system", text_of_tool(tool), "tool_definition")
    yield from _messages("input", "sent", content.input_messages)
    yield from _messages("output", "received", content.output_messages)


def documents(content: Content) -> Iterator[Blob]:
    """The inline documents, images and recordings of a content."""
    for message in (*content.input_messages, *content.output_messages):
        yield from (part for part in message.parts if isinstance(part, Blob))
    yield from (part for part in content.system_instructions if isinstance(part, Blob))


def text_of(part: AnyPart) -> str:
    """The text of one part; "" for parts that hold none."""
    match part:
        case Text() | Reasoning() | Refusal():
            return part.content
        case ToolCall():
            return lines(part.arguments)
        case ToolResponse():
            return lines(part.response)
        case Uri():
            return part.uri
        case Blob():
            return "\n".join(filter(None, (part.name, part.text)))
        case _:
            return ""


def carrier_of(part: AnyPart) -> str | None:
    """What kind of part holds a text, where it is no plain one: a key in a tool's result was not typed by anybody."""
    if isinstance(part, Blob):
        return "image" if part.modality == "image" else "file"
    return _CARRIERS.get(type(part))


def text_of_tool(tool: ToolDefinition) -> str:
    """The text of a tool's definition: name, description and parameters."""
    described = f"{tool.name}\n{tool.description or ''}".rstrip()
    return described if tool.parameters is None else f"{described}\n{lines(tool.parameters)}"


def lines(value: Any) -> str:
    """A structured value as text for people: one `name: value` or `- value` a line, nested ones indented."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return "\n".join(_lines(value, 0))


def _lines(value: Any, depth: int) -> Iterator[str]:
    indent = "  " * depth
    if depth >= DEEPEST:
        yield indent + msgspec.json.encode(value).decode()
        return
    marked = ((f"{key}:", item) for key, item in value.items()) if isinstance(value, dict) else None
    if marked is None and isinstance(value, list | tuple):
        marked = (("-", item) for item in value)
    if marked is None:
        yield indent + _scalar(value)
        return
    for mark, item in marked:
        if mark in _SEALED_FIELDS and isinstance(item, str) and _BLOB.fullmatch(item):
            yield f"{indent}{mark} {SEALED}"
        elif isinstance(item, dict | list | tuple) and item:
            yield indent + mark
            yield from _lines(item, depth + 1)
        else:
            yield f"{indent}{mark} {_scalar(item)}".rstrip()


def _scalar(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value, enc_hook=repr).decode()


def _parts(
    place: str, direction: Literal["sent", "received"], role: str, parts: tuple[AnyPart, ...]
) -> Iterator[PlacedText]:
    for number, part in enumerate(parts):
        if type(part) is Text:  # as nearly all are
            if part.content:
                yield PlacedText(f"{place}/{number}", direction, role, part.content)
        elif text := text_of(part):
            yield PlacedText(f"{place}/{number}", direction, role, text, carrier_of(part))


def _messages(
    place: str, direction: Literal["sent", "received"], messages: tuple[Message, ...]
) -> Iterator[PlacedText]:
    for number, message in enumerate(messages):
        yield from _parts(f"{place}/{number}", direction, message.role, message.parts)
