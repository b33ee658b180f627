# SPDX-License-Identifier: Apache-2.0
"""What was withheld comes back where it stood, and matches lie where they lay."""

from hypothesis import given
from hypothesis import strategies as st

from auditor.archive.restoring import restored
from auditor.calls import Content, Match, Message, PlacedMatch, Text, ToolCall
from auditor.privacy import texts

VALUES = {"[SECRET#1]": "AKIAQZ7XWPLMN3RT2VKB", "[SECRET#10]": "x", "[PHONE#1]": "+43 660 1234567"}
PIECES = st.lists(st.sampled_from([*VALUES, "a", " ", "世", "[SECRET#2]", "[", "\n"]), max_size=12)


def content(text: str) -> Content:
    parts = (
        Text(content=text),
        ToolCall(id="t", name="f", arguments={"key": [text, 1, None]}),
    )
    return Content(input_messages=(Message(role="user", parts=parts),))


@given(PIECES)
def test_texts_are_as_they_were_and_matches_cover_the_values(pieces: list[str]) -> None:
    stored, said = "".join(pieces), "".join(VALUES.get(piece, piece) for piece in pieces)
    matches, place = [], 0
    for piece in pieces:
        if piece in VALUES:
            match = Match(start=place, end=place + len(piece), type="SECRET")
            matches.append(PlacedMatch(match=match, direction="sent", role="user", place="input/0/0"))
        place += len(piece)
    back, moved = restored(content(stored), matches, VALUES)
    assert back == content(said)
    (whole,) = [text.text for text in texts(back) if text.place == "input/0/0"] or [""]
    assert [whole[one.match.start : one.match.end] for one in moved] == [VALUES[p] for p in pieces if p in VALUES]


def test_what_is_unknown_stays() -> None:
    placed = PlacedMatch(match=Match(start=0, end=4, type="EMAIL"), direction="sent", role="user", place="input/9/0")
    assert restored(content("[CARD#1]"), (placed,), VALUES) == (content("[CARD#1]"), (placed,))
