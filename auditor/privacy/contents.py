# SPDX-License-Identifier: Apache-2.0
"""Content with everything detectors found in it masked: names, addresses, secrets and the rest.

Where a match's place is not there any more, the whole text of its part is withheld (`masking`): shown is what is known
to be safe.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from auditor.calls import (
    AnyPart,
    Blob,
    Content,
    Message,
    PlacedMatch,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResponse,
    Uri,
)
from auditor.privacy.masking import mask
from auditor.privacy.texts import text_of, text_of_tool

type _At = dict[str, list[PlacedMatch]]


def masked(content: Content, matches: Iterable[PlacedMatch]) -> Content:
    """The same content with every match masked."""
    at: _At = {}
    for found in matches:
        at.setdefault(found.place, []).append(found)
    tools = tuple(
        msgspec.structs.replace(tool, description=_masked(text_of_tool(tool), at[place]), parameters=None)
        if (place := f"tool/{number}") in at
        else tool
        for number, tool in enumerate(content.tool_definitions)
    )
    return msgspec.structs.replace(
        content,
        system_instructions=_parts("system", content.system_instructions, at),
        input_messages=_messages("input", content.input_messages, at),
        output_messages=_messages("output", content.output_messages, at),
        tool_definitions=tools,
    )


def _messages(place: str, messages: tuple[Message, ...], at: _At) -> tuple[Message, ...]:
    return tuple(
        msgspec.structs.replace(message, parts=_parts(f"{place}/{number}", message.parts, at))
        for number, message in enumerate(messages)
    )


def _parts(place: str, parts: tuple[AnyPart, ...], at: _At) -> tuple[AnyPart, ...]:
    return tuple(
        _part(part, at[f"{place}/{number}"]) if f"{place}/{number}" in at else part for number, part in enumerate(parts)
    )


def _part(part: AnyPart, found: list[PlacedMatch]) -> AnyPart:
    text = _masked(text_of(part), found)
    replace: dict[str, Any]
    match part:
        case Text() | Reasoning() | Refusal():
            replace = {"content": text}
        case ToolCall():
            replace = {"arguments": text}
        case ToolResponse():
            replace = {"response": text}
        case Uri():
            replace = {"uri": text}
        case Blob():
            replace = {"text": text, "name": None}
        case _:
            return part
    return msgspec.structs.replace(part, **replace)


def _masked(text: str, found: list[PlacedMatch]) -> str:
    return mask(text, [one.match for one in found])
