# SPDX-License-Identifier: Apache-2.0
"""A call's content as a conversation for people: turns of pieces, with the data found in them masked.

Invariant: a match's characters never reach a piece's text; where the offsets do not fit the text (it was read by
another version of the dialect), the piece is withheld rather than shown unmasked.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from auditor.calls import (
    AnyPart,
    Blob,
    Content,
    FileRef,
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
from auditor.privacy import text_of, text_of_tool
from ui.models import formats

WITHHELD = "Withheld: data was found here, but its place no longer fits the text."


class Kind(StrEnum):
    """What a piece is."""

    TEXT = "text"
    REASONING = "reasoning"
    REFUSAL = "refusal"
    TOOL_CALL = "tool call"
    TOOL_RESULT = "tool result"
    ATTACHMENT = "attachment"
    TOOL = "tool"


class Segment(NamedTuple):
    """A run of text; `match` is set where the text is a mask."""

    text: str
    match: Match | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a message: its kind, a title where it has one, and its masked text."""

    kind: Kind
    segments: tuple[Segment, ...]
    place: str
    title: str = ""
    icon: str = ""

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
    """The text in segments, each match replaced by its mask; the first of overlapping matches covers them all."""
    segments: list[Segment] = []
    done = 0
    for match in sorted(matches, key=lambda found: (found.start, -found.end)):
        if match.end > len(text) or match.start < 0:
            return (Segment(WITHHELD),)
        if match.start >= done:
            if match.start > done:
                segments.append(Segment(formats.safe_text(text[done : match.start])))
            segments.append(Segment(formats.safe_text(match.masked or f"[{match.type}]"), match))
        done = max(done, match.end)
    if done < len(text):
        segments.append(Segment(formats.safe_text(text[done:])))
    return tuple(segments)


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
    segments = masked(text_of(part), at.get(place, ()))
    match part:
        case Text():
            return Piece(Kind.TEXT, segments, place)
        case Reasoning():
            return Piece(Kind.REASONING, segments, place, "Reasoning", "reasoning")
        case Refusal():
            return Piece(Kind.REFUSAL, segments, place, "Refusal", "blocked")
        case ToolCall():
            where = " · run by the provider" if part.server else ""
            return Piece(Kind.TOOL_CALL, segments, place, formats.one_line(part.name, 120) + where, "tool")
        case ToolResponse():
            return Piece(Kind.TOOL_RESULT, segments, place, "Result", "received")
        case _:
            return _attachment(part, segments, place)


def _attachment(part: AnyPart, segments: tuple[Segment, ...], place: str) -> Piece:
    icons = {"image": "image", "audio": "audio", "video": "image"}
    match part:
        case Blob():
            unread = f"not read to its end: {part.unread.replace('_', ' ')}" if part.unread else ""
            size = formats.size(part.size) if part.size is not None else ""
            facts: tuple[str, ...] = (part.mime_type or part.modality, size, unread)
            icon = icons.get(part.modality, "file")
        case Uri():
            facts = (part.mime_type or part.modality, "link")
            icon = "link"
        case FileRef():
            facts = (part.mime_type or part.modality, f"file {formats.one_line(part.file_id, 60)}")
            icon = "file"
        case _:
            facts, icon = ("", ""), "file"
    return Piece(Kind.ATTACHMENT, segments, place, " · ".join(fact for fact in facts if fact), icon)


def _tool(tool: ToolDefinition, place: str, at: Found) -> Piece:
    return Piece(
        Kind.TOOL, masked(text_of_tool(tool), at.get(place, ())), place, formats.one_line(tool.name, 120), "tool"
    )
