# SPDX-License-Identifier: Apache-2.0
"""An exchange as text to read: start lines, headers, bodies without their content encoding, socket messages."""

from collections.abc import Iterator

from auditor.calls import Exchange, Headers
from auditor.dialects.wire import Side

_PRINTED = 256
"""Bytes of a body that is no text which are shown, as hexadecimal."""


def raw_lines(exchange: Exchange) -> Iterator[str]:
    """The exchange line by line, request first. Credentials were replaced before it was stored."""
    request, response = exchange.request, exchange.response
    yield f"{request.method} {request.url}"
    yield from _side(request.headers, request.body)
    yield ""
    if response is not None:
        yield f"{exchange.connection.http_version or 'HTTP'} {response.status}"
        yield from _side(response.headers, response.body)
    for frame in exchange.frames:
        data = frame.text if frame.text is not None else _shown(frame.data or b"")
        yield f"{'>' if frame.direction == 'sent' else '<'} {data}"
    if exchange.truncated:
        yield f"({exchange.truncated} more bytes passed and were not captured)"


def _side(headers: Headers, body: bytes) -> Iterator[str]:
    yield from (f"{name}: {value}" for name, value in headers)
    if body:
        yield ""
        yield _shown(Side(headers, body).body)


def _shown(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        more = "" if len(body) <= _PRINTED else " …"
        return f"({len(body)} bytes) {body[:_PRINTED].hex(' ')}{more}"
