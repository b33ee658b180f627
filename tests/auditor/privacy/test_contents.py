# SPDX-License-Identifier: Apache-2.0
"""Masked content: every match gives way, wherever it lies; what cannot be placed is withheld."""

from typing import Literal

import pytest

from auditor.calls import (
    AnyPart,
    Blob,
    Content,
    Match,
    Message,
    PlacedMatch,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolDefinition,
    ToolResponse,
    Uri,
)
from auditor.privacy import masked, text_of, text_of_tool
from auditor.privacy.masking import WITHHELD

NAME = "Zoe Keller"


def found(text: str, place: str, direction: Literal["sent", "received"] = "sent") -> PlacedMatch:
    start = text.index(NAME)
    match = Match(start=start, end=start + len(NAME), type="PERSON", score=1.0, masked="Z…")
    return PlacedMatch(match=match, direction=direction, role="user", place=place)


@pytest.mark.parametrize(
    "part",
    [
        Text(content=f"Dear {NAME}, hello"),
        Reasoning(content=f"it is {NAME}"),
        Refusal(content=f"not {NAME}"),
        ToolCall(id="1", name="mail", arguments={"to": NAME, "cc": ["x"]}),
        ToolResponse(id="1", response={"from": NAME}),
        Blob(modality="document", name=f"{NAME}.pdf", text="a letter"),
        Uri(uri=f"https://example.org/{NAME}", modality="image"),
    ],
)
def test_a_name_in_any_part_is_masked(part: AnyPart) -> None:
    message = Message(role="user", parts=(Text(content="before"), part))
    content = Content(input_messages=(message,), output_messages=(message,), system_instructions=(part,))
    places = ("input/0/1", "output/0/1", "system/0")
    shown = masked(content, [found(text_of(part), place) for place in places])
    assert NAME not in repr(shown)
    assert repr(shown).count("Z…") == 3
    assert shown.input_messages[0].parts[0] == Text(content="before")


def test_the_definition_of_a_tool_is_masked() -> None:
    tool = ToolDefinition(name="mail", description=f"Mails {NAME}", parameters={"type": "object"})
    shown = masked(Content(tool_definitions=(tool,)), [found(text_of_tool(tool), "tool/0")])
    assert NAME not in repr(shown)
    assert "Mails Z…" in repr(shown)


def test_what_cannot_be_placed_any_more_is_withheld() -> None:
    match = PlacedMatch(
        match=Match(start=50, end=60, type="PERSON", score=1.0), direction="sent", role="user", place="input/0/0"
    )
    message = Message(role="user", parts=(Text(content=f"short, {NAME}"),))
    shown = masked(Content(input_messages=(message,)), [match])
    assert shown.input_messages[0].parts == (Text(content=WITHHELD),)


def test_nothing_found_changes_nothing() -> None:
    content = Content(input_messages=(Message(role="user", parts=(Text(content="hello"),)),))
    assert masked(content, []) == content
