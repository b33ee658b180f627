# SPDX-License-Identifier: Apache-2.0
"""When the pieces of a call came, as far as the record tells: every message of a socket; of an answer over HTTP the
pieces a gateway noted. Imported exchanges have none, and none are made up."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from auditor.calls import Call, Exchange, Frame
from auditor.dialects.framing.encodings import BodyTooLarge
from auditor.dialects.framing.events import stream_events
from auditor.dialects.wire import Side
from ui.models import formats

type Facts = list[tuple[str, str]]
MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class Mark:
    """One message, or one piece of an answer: milliseconds from the request, which way, and its size in bytes."""

    at_ms: float
    sent: bool
    size: int


@dataclass(frozen=True, slots=True)
class Stream:
    """What is known of a call's course; `lasted_ms` is the length of the line that `marks` stand on."""

    facts: Facts
    marks: tuple[Mark, ...] = ()
    lasted_ms: float = 0.0


def stream_of(call: Call, exchange: Exchange | None) -> Stream:
    """The course of an opened call."""
    if exchange is None:
        return Stream([])
    if exchange.frames:
        return _socket(exchange)
    facts = [("First byte", formats.duration(exchange.first_byte_ms))] if exchange.first_byte_ms is not None else []
    if call.stream and (events := _events(exchange)):
        unknown = "" if exchange.arrivals else "; when each came is not recorded"
        facts.append(("Events of the stream", f"{events:,}{unknown}"))
    if call.stream and exchange.arrivals:
        marks = tuple(_pieces(exchange.arrivals))
        facts.append(("Came in", formats.count(len(marks), "piece")))
        return Stream([*facts, *_lines(marks, "piece")], marks, max(exchange.duration_ms or 0.0, marks[-1].at_ms))
    return Stream(facts)


def _pieces(arrivals: tuple[int, ...]) -> Iterator[Mark]:
    times = accumulate(arrivals[::2])
    return (Mark(float(at_ms), sent=False, size=size) for at_ms, size in zip(times, arrivals[1::2], strict=True))


def _lines(marks: tuple[Mark, ...], one: str) -> Facts:
    """What came when, in words; of very many the first."""
    lines = [(formats.duration(mark.at_ms), _words(mark)) for mark in marks[:MOST_LINES]]
    if len(marks) > MOST_LINES:
        lines.append(("Later", f"{formats.count(len(marks) - MOST_LINES, one)} more"))
    return lines


def _events(exchange: Exchange) -> int:
    if exchange.response is None:
        return 0
    side = Side(exchange.response.headers, exchange.response.body)
    try:
        return len(stream_events(side.body, side.content_type) or ())
    except BodyTooLarge:
        return 0


def _socket(exchange: Exchange) -> Stream:
    timed = [_mark(frame, frame.at_ms) for frame in exchange.frames if frame.at_ms is not None]
    marks = tuple(sorted(timed, key=lambda mark: mark.at_ms))
    sent = sum(frame.direction == "sent" for frame in exchange.frames)
    facts = [("Messages", f"{sent:,} sent, {len(exchange.frames) - sent:,} received")]
    if len(marks) < len(exchange.frames):
        facts.append(("Without a time", formats.count(len(exchange.frames) - len(marks), "message")))
    return Stream(
        [*facts, *_lines(marks, "message")], marks, max([exchange.duration_ms or 0.0, *(mark.at_ms for mark in marks)])
    )


def _mark(frame: Frame, at_ms: float) -> Mark:
    size = len(frame.text.encode()) if frame.text is not None else len(frame.data or b"")
    return Mark(at_ms, frame.direction == "sent", size)


def _words(mark: Mark) -> str:
    return f"{'sent' if mark.sent else 'received'}, {formats.size(mark.size)}"
