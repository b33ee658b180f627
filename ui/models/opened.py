# SPDX-License-Identifier: Apache-2.0
"""A call whose content was opened for a recorded reason: everything the inspector shows, made off the main thread."""

from dataclasses import dataclass

from auditor.archive import Archive
from auditor.calls import Call, Exchange, PlacedMatch
from auditor.privacy import texts
from auditor.store import Identity
from ui.models import raw
from ui.models.conversation import Conversation, conversation
from ui.models.stream import Stream, stream_of

UNMASKED = "raw exchange, not masked"
"""The scope under which a raw reading is recorded."""

NOTHING_LEFT = "Nothing was captured of this exchange, or it was erased."


@dataclass(frozen=True, slots=True)
class Opened:
    """Masked content of one call, and the facts of its connection; `exchange` is None where nothing is left."""

    call: Call
    reason: str
    conversation: Conversation
    matches: tuple[PlacedMatch, ...]
    exchange: Exchange | None
    stream: Stream


@dataclass(frozen=True, slots=True)
class RawExchange:
    """Request and response as text, not masked."""

    request: str
    response: str


def open_content(archive: Archive, call_id: str, reason: str) -> Opened:
    """Record the access, then open one call. Raises what the archive raises; then nothing was opened."""
    [found] = archive.content([call_id], reason)
    matches = found.sealed.matches if found.sealed else ()
    exchange = found.sealed.exchange if found.sealed else None
    course = stream_of(found.call, exchange)
    return Opened(found.call, reason, conversation(found.content, matches), matches, exchange, course)


def open_raw(archive: Archive, call_id: str, reason: str, second: Identity | None = None) -> RawExchange:
    """Record the access to what is not masked, then read one exchange as text."""
    [found] = archive.content([call_id], reason, scope=UNMASKED, unmasked=True, second=second)
    if found.captured is None:
        return RawExchange(NOTHING_LEFT, NOTHING_LEFT)
    return RawExchange(raw.request_text(found.captured), raw.response_text(found.captured))


def open_value(archive: Archive, call_id: str, reason: str, placed: PlacedMatch, second: Identity | None = None) -> str:
    """Record the access to one value that is not masked, then read it.

    The record names the data type and the place, never the value.
    """
    scope = f"one value, not masked: {placed.match.type} in {placed.place}"
    [found] = archive.content([call_id], reason, scope=scope, unmasked=True, second=second)
    text = next((one.text for one in texts(found.content) if one.place == placed.place), "")
    match = found.now(placed).match
    return text[match.start : match.end] or NOTHING_LEFT
