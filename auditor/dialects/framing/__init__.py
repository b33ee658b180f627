# SPDX-License-Identifier: Apache-2.0
"""How bytes are framed on the wire, apart from what they say: encodings, event streams, JSON streams, forms.

Every stream decoder has the same shape: `feed(chunk)` returns the events completed by the chunk, `close()` what was
still pending at the end. Any split of a stream into chunks gives the same events; broken bytes give fewer events,
never an exception.
"""

from auditor.dialects.framing.aws import EventStreamDecoder
from auditor.dialects.framing.encodings import BodyTooLarge, decoded
from auditor.dialects.framing.events import Event, stream_events, typed
from auditor.dialects.framing.jsonstream import JsonStreamDecoder
from auditor.dialects.framing.multipart import FormPart, read_form
from auditor.dialects.framing.sse import SseDecoder

__all__ = [
    "BodyTooLarge",
    "Event",
    "EventStreamDecoder",
    "FormPart",
    "JsonStreamDecoder",
    "SseDecoder",
    "decoded",
    "read_form",
    "stream_events",
    "typed",
]
