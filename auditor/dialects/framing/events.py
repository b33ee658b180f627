# SPDX-License-Identifier: Apache-2.0
"""One event form over all framings: what a stream carries, whatever carries it.

The body decides which framing it is, the media type only where the body is silent: recorders and proxies often lose
or change the header.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from auditor.dialects.framing.aws import AwsMessage, EventStreamDecoder
from auditor.dialects.framing.jsonstream import JsonStreamDecoder
from auditor.dialects.framing.sse import SseDecoder
from auditor.dialects.values import decode_json, obj

_DONE = b"[DONE]"
"""How streams of OpenAI's formats end; no JSON."""
_SSE_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:data|event|id|retry|error)?:")
_AWS_TYPE = "application/vnd.amazon.eventstream"
_JSON_STREAM_TYPES = ("ndjson", "stream+json", "jsonl", "json-seq", "jsonlines")


class Event(NamedTuple):
    """One event of a stream: its name where the framing has one, and its data (JSON decoded, else text)."""

    name: str | None
    data: Any


def typed(events: Iterable[Event]) -> Iterator[dict[str, Any]]:
    """The objects of a stream whose events say their `type`; where one does not, the event's name says it."""
    for name, data in events:
        if isinstance(data, dict):
            yield data if "type" in data else {**data, "type": name}


def stream_events(body: bytes, content_type: str) -> list[Event] | None:
    """The events of a streamed body, or None where the body is no stream but one document (or nothing)."""
    if content_type.startswith(_AWS_TYPE) or _looks_aws(body):
        return _aws_events(body)
    if _SSE_START.match(body):
        return _sse_events(body)
    if any(kind in content_type for kind in _JSON_STREAM_TYPES):
        return _json_events(body)
    return None


def json_events(body: bytes) -> list[Event]:
    """The documents of a body that holds several."""
    return _json_events(body)


def _sse_events(body: bytes) -> list[Event]:
    decoder = SseDecoder()
    return [Event(name, _data(data)) for name, data in (*decoder.feed(body), *decoder.close())]


def _json_events(body: bytes) -> list[Event]:
    decoder = JsonStreamDecoder()
    return [Event(None, one) for one in (*decoder.feed(body), *decoder.close())]


def _aws_events(body: bytes) -> list[Event]:
    return [_aws_event(inner) for one in _aws_messages(body) for inner in _unsigned(one)]


def _aws_messages(body: bytes) -> list[AwsMessage]:
    decoder = EventStreamDecoder()
    return [*decoder.feed(body), *decoder.close()]


def _unsigned(message: AwsMessage) -> list[AwsMessage]:
    """A client signs each message by wrapping it in one that says no more than when, and the signature.

    Source: https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html
    """
    wrapped = ":event-type" not in message.headers and _looks_aws(message.payload)
    return _aws_messages(message.payload) if wrapped else [message]


def _aws_event(message: AwsMessage) -> Event:
    kind = message.headers.get(":event-type") or message.headers.get(":exception-type")
    data = _data(message.payload)
    if ":exception-type" in message.headers or message.headers.get(":message-type") == "error":
        return Event(
            "exception", {"type": kind or message.headers.get(":error-code"), "message": obj(data).get("message")}
        )
    wrapped = obj(data).get("bytes")
    if kind == "chunk" and isinstance(wrapped, str):
        try:
            return Event(kind, _data(base64.b64decode(wrapped)))
        except (binascii.Error, ValueError):
            return Event(kind, None)
    return Event(kind, data)


def _data(data: bytes) -> Any:
    if data.startswith((b"{", b"[")) and data != _DONE:
        try:
            return decode_json(data)
        except ValueError:
            pass
    return data.decode("utf-8", "replace")


def _looks_aws(body: bytes) -> bool:
    """Whether the body starts with an event stream's prelude: two small lengths, then headers that start with `:`."""
    return len(body) > 16 and body[0] == 0 and body[4] == 0 and body[13:14] == b":"
