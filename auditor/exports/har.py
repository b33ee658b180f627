# SPDX-License-Identifier: Apache-2.0
"""Calls as an HTTP Archive 1.2 (http://www.softwareishard.com/blog/har-12-spec/).

Without content an entry tells who was called, when, how and with which sizes; with it, headers and bodies as they were
captured (credentials were replaced before they were stored). Written entry by entry, so its size needs no memory.
"""

import base64
from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import msgspec

import auditor
from auditor.calls import Call, Exchange, Frame, Headers, Response
from auditor.dialects.wire import Side

_encode = msgspec.json.Encoder().encode
_UNKNOWN: Final = -1


def har(entries: Iterable[tuple[Call, Exchange | None]]) -> Iterator[bytes]:
    """The pieces of one HAR document."""
    creator = _encode({"name": "AI Usage Auditor", "version": auditor.__version__})
    yield b'{"log":{"version":"1.2","creator":' + creator + b',"entries":['
    for number, (call, exchange) in enumerate(entries):
        yield (b",\n" if number else b"\n") + _encode(_entry(call, exchange))
    yield b"\n]}}\n"


def _entry(call: Call, exchange: Exchange | None) -> dict[str, Any]:
    wait = call.ttft_ms if call.ttft_ms is not None else call.duration_ms
    total = call.duration_ms or 0
    entry: dict[str, Any] = {
        "startedDateTime": call.time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "time": total,
        "request": _request(call, exchange),
        "response": _response(call, exchange.response if exchange else None),
        "cache": {},
        "timings": {"send": 0, "wait": wait or 0, "receive": max(total - (wait or 0), 0)},
        "comment": call.id,
    }
    if exchange is not None and exchange.frames:
        entry["_webSocketMessages"] = [_frame(one, exchange) for one in exchange.frames]
    return entry


def _request(call: Call, exchange: Exchange | None) -> dict[str, Any]:
    url = exchange.request.url if exchange else f"https://{call.server_address or ''}{call.path or ''}"
    request: dict[str, Any] = {
        "method": call.method or "",
        "url": url,
        "httpVersion": (exchange.connection.http_version if exchange else None) or "",
        "cookies": [],
        "headers": _headers(exchange.request.headers) if exchange else [],
        "queryString": [
            {"name": name, "value": value} for name, value in parse_qsl(urlsplit(url).query, keep_blank_values=True)
        ],
        "headersSize": _UNKNOWN,
        "bodySize": _UNKNOWN if call.request_bytes is None else call.request_bytes,
    }
    if exchange is not None and exchange.request.body:
        side = Side(exchange.request.headers, exchange.request.body)
        request["postData"] = {"mimeType": side.content_type, "params": [], **_text(side.body)}
    return request


def _response(call: Call, response: Response | None) -> dict[str, Any]:
    side = Side(response.headers, response.body) if response else None
    content: dict[str, Any] = {"size": call.response_bytes or 0, "mimeType": side.content_type if side else ""}
    if side is not None:
        content |= _text(side.body) | {"size": len(side.body)}
    return {
        "status": call.status or 0,
        "statusText": "",
        "httpVersion": "",
        "cookies": [],
        "headers": _headers(response.headers) if response else [],
        "content": content,
        "redirectURL": "",
        "headersSize": _UNKNOWN,
        "bodySize": _UNKNOWN if call.response_bytes is None else call.response_bytes,
    }


def _text(body: bytes) -> dict[str, str]:
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        return {"text": base64.b64encode(body).decode(), "encoding": "base64"}


def _headers(headers: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def _frame(frame: Frame, exchange: Exchange) -> dict[str, Any]:
    """A socket's message as Chromium writes it: opcode 1 is text, 2 bytes."""
    data = frame.text if frame.text is not None else base64.b64encode(frame.data or b"").decode()
    time = exchange.time.timestamp() + (frame.at_ms or 0) / 1000
    return {
        "type": "send" if frame.direction == "sent" else "receive",
        "time": time,
        "opcode": 1 if frame.text is not None else 2,
        "data": data,
    }
