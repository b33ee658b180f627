# SPDX-License-Identifier: Apache-2.0
"""The targets: bytes in, and an assertion of what must hold. Also run by the test suite, on a few inputs each."""

import contextlib
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from auditor.calls import Exchange, Frame, Request, Response
from auditor.dialects import parse
from auditor.dialects.framing import EventStreamDecoder, JsonStreamDecoder, SseDecoder, read_form
from auditor.errors import InputError
from auditor.imports import read
from auditor.policy.loading import parse as parse_policy
from auditor.providers import Providers

PLACES = (
    "https://api.openai.com/v1/chat/completions",
    "https://api.openai.com/v1/responses",
    "https://api.openai.com/v1/files",
    "https://api.anthropic.com/v1/messages",
    "https://generativelanguage.googleapis.com/v1beta/models/m:streamGenerateContent",
    "https://bedrock-runtime.eu-west-1.amazonaws.com/model/m/converse-stream",
    "https://api.cohere.com/v2/chat",
    "https://nobody.example/any",
    "wss://api.openai.com/v1/realtime",
)
KINDS = (
    "application/json",
    "text/event-stream",
    "multipart/form-data; boundary=b",
    "application/vnd.amazon.eventstream",
    "application/x-ndjson",
    "",
)
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_PROVIDERS = Providers.load()


def dialects(data: bytes) -> None:
    """An exchange is always read into at least one call."""
    choice, size, rest = data[:1] or b"\0", int.from_bytes(data[1:3], "big"), data[3:]
    url, kind = PLACES[choice[0] % len(PLACES)], KINDS[choice[0] // 16 % len(KINDS)]
    sent, received = rest[:size], rest[size:]
    frames = ()
    if url.startswith("wss"):
        frames = tuple(_frame(number, part) for number, part in enumerate(rest.split(b"\0")))
    exchange = Exchange(
        id="fuzz",
        time=_NOW,
        request=Request(method="POST", url=url, headers=(("content-type", kind),), body=sent),
        response=Response(status=200, headers=(("content-type", kind),), body=received),
        frames=frames,
    )
    assert parse(exchange, _PROVIDERS)


def _frame(number: int, part: bytes) -> Frame:
    """The client speaks first, then by turns."""
    return Frame(direction="received" if number % 2 else "sent", text=part.decode("utf-8", "replace"))


def sse(data: bytes) -> None:
    """Server-sent events: any cutting gives as many."""
    _cut(SseDecoder, data)


def event_stream(data: bytes) -> None:
    """AWS event streams."""
    _cut(EventStreamDecoder, data)


def json_stream(data: bytes) -> None:
    """Objects run together."""
    _cut(JsonStreamDecoder, data)


def multipart(data: bytes) -> None:
    """Forms, with and without their boundary."""
    boundary, _, body = data.partition(b"\n")
    read_form(body, f"multipart/form-data; boundary={boundary.decode('latin-1')}")
    read_form(data, "")


def har(data: bytes) -> None:
    """Recordings: refused in a sentence, or read entry by entry."""
    with tempfile.NamedTemporaryFile(suffix=".har") as file:
        file.write(data)
        file.flush()
        try:
            for _ in read(Path(file.name)):
                pass
        except InputError:
            pass


def policy(data: bytes) -> None:
    """The organisation's policy: refused in a sentence, or read."""
    with contextlib.suppress(InputError):
        parse_policy(data.decode("utf-8", "replace"), Path("policy.toml"))


def _cut[T](decoder: Callable[[], T], data: bytes) -> None:
    whole, pieces = decoder(), decoder()
    at_once = [*whole.feed(data), *whole.close()]  # type: ignore[attr-defined]
    found = [event for at in range(0, len(data), 7) for event in pieces.feed(data[at : at + 7])]  # type: ignore[attr-defined]
    found += pieces.close()  # type: ignore[attr-defined]
    assert len(found) == len(at_once)


TARGETS: dict[str, Callable[[bytes], None]] = {
    one.__name__: one for one in (dialects, sse, event_stream, json_stream, multipart, har, policy)
}
