# SPDX-License-Identifier: Apache-2.0
"""Every text of a call has a place, and structured values keep their strings as they are."""

from hypothesis import given
from hypothesis import strategies as st

from auditor.calls import (
    Blob,
    Content,
    FileRef,
    Match,
    Message,
    Reasoning,
    Text,
    ToolCall,
    ToolDefinition,
    ToolResponse,
    Uri,
)
from auditor.privacy import mask, texts
from auditor.privacy.texts import SEALED, lines

CONTENT = Content(
    system_instructions=(Text(content="be kind"),),
    tool_definitions=(ToolDefinition(name="look", description="looks", parameters={"type": "object"}),),
    input_messages=(
        Message(role="user", parts=(Text(content=""), Text(content="hello"), Uri(uri="https://x", modality="image"))),
        Message(
            role="assistant", parts=(ToolCall(name="look", arguments={"at": "me\nann@example.org", "n": [1, None]}),)
        ),
        Message(role="tool", parts=(ToolResponse(response="seen"), Blob(modality="image", name="a.png"))),
    ),
    output_messages=(Message(role="assistant", parts=(Reasoning(content="hm"), FileRef(file_id="f"))),),
)


def test_places_directions_and_roles() -> None:
    found = [(t.place, t.direction, t.role, t.text) for t in texts(CONTENT)]
    assert found == [
        ("system/0", "sent", "system", "be kind"),
        ("tool/0", "sent", "system", "look\nlooks\ntype: object"),
        ("input/0/1", "sent", "user", "hello"),
        ("input/0/2", "sent", "user", "https://x"),
        ("input/1/0", "sent", "assistant", "at: me\nann@example.org\nn:\n  - 1\n  - null"),
        ("input/2/0", "sent", "tool", "seen"),
        ("input/2/1", "sent", "tool", "a.png"),
        ("output/0/0", "received", "assistant", "hm"),
    ]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(json_values)
def test_any_structure_has_a_text(value: object) -> None:
    assert isinstance(lines(value), str)


def test_what_a_provider_sealed_for_itself_is_no_text() -> None:
    blob = "u+Ngnb6ZTaCxhQ11Je3UOObcVPb/" * 8
    found = [{"type": "web_search_result", "encrypted_content": blob, "title": "News"}]
    assert lines(found).splitlines()[2:] == [f"  encrypted_content: {SEALED}", "  title: News"]
    for text in ("sk-proj-" + "a" * 30, blob + " and a key", blob.replace("/", ".")):
        assert text in lines({"encrypted_content": text})
    assert blob in lines({"content": blob})


def test_depth_is_bounded() -> None:
    deep: object = "bottom"
    for _ in range(500):
        deep = [deep]
    assert "bottom" in lines(deep)


def test_masks_take_the_place_of_matches() -> None:
    text = "mail ann@example.org or bob@example.org now"
    found = [
        Match(start=24, end=39, type="EMAIL", masked="b…@e…"),
        Match(start=5, end=20, type="EMAIL", masked="a…@e…"),
        Match(start=9, end=20, type="HOST"),
    ]
    assert mask(text, found) == "mail a…@e… or b…@e… now"
    assert mask("x 12", [Match(start=2, end=4, type="PHONE")]) == "x [PHONE]"
