# SPDX-License-Identifier: Apache-2.0
"""A call's content as a conversation for people: turns of pieces, with the data found in them masked.

Invariant: a match's characters never reach a piece's text or title (see `auditor.privacy.masking`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from auditor.calls import (
    AnyPart,
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
)
from auditor.privacy import text_of, text_of_tool
from auditor.privacy.masking import Segment, segments
from ui.models import formats
from ui.models.attachments import Attachment, attachment


class Kind(StrEnum):
    """What a piece is."""

    TEXT = "text"
    REASONING = "reasoning"
    REFUSAL = "refusal"
    TOOL_CALL = "tool call"
    TOOL_RESULT = "tool result"
    ATTACHMENT = "attachment"
    TOOL = "tool"


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a message: its kind, a title where it has one, and its masked text."""

    kind: Kind
    segments: tuple[Segment, ...]
    place: str
    title: str = ""
    icon: str = ""
    attachment: Attachment | None = None

    @property
    def text(self) -> str:
        """The masked text."""
        return "".join(segment.text for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Turn:
    """One message: who, which way, and what."""

    role: str
    pieces: tuple[Piece, ...]
    sent: bool
    name: str = ""
    finish: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns in order, and the tools that were offered."""

    turns: tuple[Turn, ...]
    tools: tuple[Piece, ...] = ()


def masked(text: str, matches: Iterable[Match]) -> tuple[Segment, ...]:
    """The text in segments that are safe to show, each match replaced by its mask."""
    return tuple(Segment(formats.safe_text(run.text), run.match) for run in segments(text, matches))


def conversation(content: Content, found: Sequence[PlacedMatch]) -> Conversation:
    """What was said, in order: instructions, what was sent, what came back; `found` lies in this call."""
    at: dict[str, list[Match]] = defaultdict(list)
    for placed in found:
        at[placed.place].append(placed.match)
    turns = [*_instructions(content.system_instructions, at)]
    turns += _turns("input", content.input_messages, at, sent=True)
    turns += _turns("output", content.output_messages, at, sent=False)
    tools = tuple(_tool(tool, f"tool/{number}", at) for number, tool in enumerate(content.tool_definitions))
    return Conversation(tuple(turns), tools)


type Found = dict[str, list[Match]]


def _instructions(parts: tuple[AnyPart, ...], at: Found) -> Iterator[Turn]:
    if parts:
        yield Turn("system", _pieces("system", parts, at), sent=True)


def _turns(side: str, messages: tuple[Message, ...], at: Found, *, sent: bool) -> Iterator[Turn]:
    for number, message in enumerate(messages):
        yield Turn(
            role=message.role,
            pieces=_pieces(f"{side}/{number}", message.parts, at),
            sent=sent,
            name=formats.one_line(message.name, 80) if message.name else "",
            finish=formats.one_line(message.finish_reason, 60) if message.finish_reason else "",
        )


def _pieces(place: str, parts: tuple[AnyPart, ...], at: Found) -> tuple[Piece, ...]:
    return tuple(_piece(part, f"{place}/{number}", at) for number, part in enumerate(parts))


def _piece(part: AnyPart, place: str, at: Found) -> Piece:
    said = masked(text_of(part), at.get(place, ()))
    match part:
        case Text():
            return Piece(Kind.TEXT, said, place)
        case Reasoning():
            return Piece(Kind.REASONING, said, place, "Reasoning", "reasoning")
        case Refusal():
            return Piece(Kind.REFUSAL, said, place, "Refusal", "blocked")
        case ToolCall():
            where = " · run by the provider" if part.server else ""
            return Piece(Kind.TOOL_CALL, said, place, formats.one_line(part.name, 120) + where, "tool")
        case ToolResponse():
            return Piece(Kind.TOOL_RESULT, said, place, "Result", "received")
        case _:
            return _attachment(part, place, at)


def _attachment(part: AnyPart, place: str, at: Found) -> Piece:
    """A picture or a file: its name as the title, what was read in it below. A match across both hides both."""
    name, text, found = getattr(part, "name", None) or "", text_of(part), at.get(place, [])
    begin = len(name) + 1 if name else 0
    title = masked(name, (match for match in found if match.start < len(name)))
    below = (
        msgspec.structs.replace(match, start=max(match.start - begin, 0), end=match.end - begin)
        for match in found
        if match.end > begin
    )
    return Piece(
        kind=Kind.ATTACHMENT,
        segments=masked(text[begin:], below),
        place=place,
        title=formats.one_line("".join(run.text for run in title), 160) if name else "",
        attachment=attachment(part),
    )


def _tool(tool: ToolDefinition, place: str, at: Found) -> Piece:
    return Piece(
        Kind.TOOL, masked(text_of_tool(tool), at.get(place, ())), place, formats.one_line(tool.name, 120), "tool"
    )
