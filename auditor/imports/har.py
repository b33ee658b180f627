# SPDX-License-Identifier: Apache-2.0
"""HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/) as Chrome, Firefox, Proxyman and mitmproxy write it.

An entry that is sound JSON but no exchange is a bad entry of its own; the others are kept. HAR holds bodies after
their content encoding was undone, while the headers still name it: dialects cope with both.
"""

import base64
import binascii
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO, Literal
from urllib.parse import urlencode

import msgspec

from auditor.calls import Connection, Exchange, Frame, Headers, Request, Response
from auditor.imports import har_document
from auditor.imports.entries import BadEntry, Entry, Unreadable, cause, checked_url

_CONTROL_OPCODES = frozenset({8, 9, 10})


def exchanges(file: BinaryIO) -> Iterator[Entry]:
    """Yields the exchange, or the cause why there is none, of each entry of a document found sound before."""
    for number, value in enumerate(har_document.elements(file), start=1):
        try:
            yield _exchange(msgspec.convert(value, _Entry))
        except (msgspec.ValidationError, ValueError, OverflowError) as e:
            yield BadEntry(place=f"entry {number}", what=cause(e))


class _Pair(msgspec.Struct, frozen=True):
    name: str
    value: str | None = ""


class _PostData(msgspec.Struct, frozen=True):
    text: str | None = None
    params: tuple[_Pair, ...] | None = ()
    encoding: str | None = None


class _Request(msgspec.Struct, frozen=True):
    method: str
    url: str
    headers: tuple[_Pair, ...] | None = ()
    http_version: str | None = msgspec.field(default=None, name="httpVersion")
    post: _PostData | None = msgspec.field(default=None, name="postData")


class _Content(msgspec.Struct, frozen=True):
    text: str | None = None
    encoding: str | None = None
    size: float | None = 0


class _Response(msgspec.Struct, frozen=True):
    status: int
    headers: tuple[_Pair, ...] | None = ()
    content: _Content | None = None
    error: str | None = msgspec.field(default=None, name="_error")


class _Timings(msgspec.Struct, frozen=True):
    blocked: float | None = None
    dns: float | None = None
    connect: float | None = None
    send: float | None = None
    wait: float | None = None


class _Message(msgspec.Struct, frozen=True):
    type: Literal["send", "receive"]
    data: str
    opcode: float = 1
    time: float | None = None


class _Entry(msgspec.Struct, frozen=True):
    started: str = msgspec.field(name="startedDateTime")
    request: _Request
    response: _Response | None = None
    duration: float | None = msgspec.field(default=None, name="time")
    timings: _Timings | None = None
    server: str | None = msgspec.field(default=None, name="serverIPAddress")
    messages: tuple[_Message, ...] | None = msgspec.field(default=None, name="_webSocketMessages")


def _exchange(entry: _Entry) -> Exchange:
    started = _time(entry.started)
    answer = entry.response if entry.response and entry.response.status > 0 else None
    error = entry.response.error if entry.response else None
    return Exchange(
        id="",
        time=started,
        request=_request(entry.request),
        response=_response(answer) if answer else None,
        duration_ms=_known(entry.duration),
        first_byte_ms=_first_byte(entry.timings) if answer else None,
        connection=Connection(server_address=entry.server or None, http_version=entry.request.http_version or None),
        frames=tuple(_frames(entry.messages or (), started)),
        interrupted=_interrupted(error),
        truncated=_not_captured(answer),
    )


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable("startedDateTime: the value is not valid") from None
    if time.tzinfo is None:
        raise Unreadable("startedDateTime has no time zone")
    return time.astimezone(UTC)


def _request(request: _Request) -> Request:
    post = request.post or _PostData()
    if post.text is None and post.params:
        body = urlencode([(p.name, p.value or "") for p in post.params]).encode()
    else:
        body = _bytes(post.text, post.encoding, "request.postData")
    return Request(method=request.method, url=checked_url(request.url), headers=_headers(request.headers), body=body)


def _response(response: _Response) -> Response:
    content = response.content or _Content()
    body = _bytes(content.text, content.encoding, "response.content")
    return Response(status=response.status, headers=_headers(response.headers), body=body)


def _bytes(text: str | None, encoding: str | None, where: str) -> bytes:
    if encoding != "base64":
        return (text or "").encode()
    try:
        return base64.b64decode(text or "")
    except (binascii.Error, ValueError):
        raise Unreadable(f"{where}: the base64 is broken") from None


def _headers(pairs: tuple[_Pair, ...] | None) -> Headers:
    return tuple((p.name, p.value or "") for p in pairs or ())


def _known(milliseconds: float | None) -> float | None:
    """HAR writes -1 for a time that does not apply."""
    return milliseconds if milliseconds is not None and milliseconds >= 0 else None


def _first_byte(timings: _Timings | None) -> float | None:
    if timings is None or _known(timings.wait) is None:
        return None
    return sum(_known(getattr(timings, name)) or 0 for name in _Timings.__struct_fields__)


def _frames(messages: tuple[_Message, ...], started: datetime) -> Iterator[Frame]:
    for message in messages:
        if message.opcode in _CONTROL_OPCODES:
            continue
        direction: Literal["sent", "received"] = "sent" if message.type == "send" else "received"
        at_ms = None if message.time is None else round((message.time - started.timestamp()) * 1000, 3)
        if message.opcode == 2:
            data = _bytes(message.data, "base64", "_webSocketMessages")
            yield Frame(direction=direction, data=data, at_ms=at_ms)
        else:
            yield Frame(direction=direction, text=message.data, at_ms=at_ms)


def _interrupted(error: str | None) -> Literal["client", "provider"] | None:
    """Chrome names the network error; ERR_ABORTED is the page or the user giving up."""
    if not error:
        return None
    return "client" if error.endswith("ERR_ABORTED") else "provider"


def _not_captured(response: _Response | None) -> int:
    """A browser that dropped a body before the export still states its size."""
    content = response and response.content
    return int(content.size or 0) if content and content.text is None and (content.size or 0) > 0 else 0
