# SPDX-License-Identifier: Apache-2.0
from typing import get_args

import pytest

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
from auditor.exports.conversation import conversation_lines, part_text

PARTS: list[tuple[AnyPart, str]] = [
    (Text(content="Hi"), "Hi"),
    (Reasoning(content="Hm"), "[reasoning] Hm"),
    (Refusal(content="No"), "[refusal] No"),
    (ToolCall(name="get_weather", arguments={"city": "Köln"}), '[tool call get_weather] {"city":"Köln"}'),
    (ToolCall(name="search", arguments="{broken", server=True), "[tool call search, run by the provider] {broken"),
    (ToolResponse(response=["12 °C"]), '[tool result] ["12 °C"]'),
    (ToolResponse(response=None), "[tool result] "),
    (Blob(modality="image", mime_type="image/png", size=7), "[image] image/png, 7 bytes"),
    (Blob(modality="document", name="a.pdf", text="[page 1]\nHi"), "[document] a.pdf\n[page 1]\nHi"),
    (Blob(modality="document", size=9, unread="no_text"), "[document] 9 bytes, not read to its end: no text"),
    (Uri(modality="image", uri="https://example.org/x.png"), "[image] https://example.org/x.png"),
    (FileRef(file_id="file-1"), "[document] file file-1"),
]


@pytest.mark.parametrize(("part", "text"), PARTS)
def test_each_part_is_told(part: AnyPart, text: str) -> None:
    assert part_text(part) == text


def test_no_kind_of_part_is_forgotten() -> None:
    assert {type(part) for part, _ in PARTS} == set(get_args(AnyPart.__value__))


def test_a_conversation_is_told_in_its_order() -> None:
    content = Content(
        tool_definitions=(ToolDefinition(name="get_weather", description="Tells the weather"),),
        system_instructions=(Text(content="Be brief."),),
        input_messages=(Message(role="user", name="zoe", parts=(Text(content="Weather?"),)),),
        output_messages=(Message(role="assistant", parts=(Text(content="Rain."),), finish_reason="stop"),),
    )
    assert list(conversation_lines(content)) == [
        *("── tools ──", "get_weather: Tells the weather", ""),
        *("── system ──", "Be brief.", ""),
        *("── user (zoe) ──", "Weather?", ""),
        *("── assistant, stop ──", "Rain.", ""),
    ]


def test_nothing_said_is_nothing_told() -> None:
    assert list(conversation_lines(Content())) == []
