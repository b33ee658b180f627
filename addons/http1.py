# SPDX-License-Identifier: Apache-2.0
"""Two gaps of mitmproxy's HTTP/1 parser, closed: heads without end, and trailers.

It collects a head until it is complete, however long, and what a client sends while its last request is answered: one
connection could fill the memory ("FIXME: protect against header size DoS"). And a chunked body with trailers makes it
give up without an answer. `install()` bounds the first (431 to a client, a broken exchange for a provider) and drops
the second, as an intermediary may (RFC 9110, section 6.5.1).
"""

from typing import Any

import h11
from h11._receivebuffer import ReceiveBuffer
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.http import _http1
from mitmproxy.proxy.layers.http._base import ReceiveHttp
from mitmproxy.proxy.layers.http._events import ErrorCode

MOST = 256 * 1024
"""Bytes of a head, and of what is sent ahead of an answer. Common servers stop at 8 to 64 KiB."""
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"

_handle = _http1.Http1Connection._handle_event
_make_reader = _http1.make_body_reader


def _bounded(self: _http1.Http1Connection, event: events.Event) -> CommandGenerator[None]:
    yield from _handle(self, event)
    waiting = isinstance(event, events.DataReceived) and self.state in (self.read_headers, self.wait)
    if waiting and len(self.buf) > MOST:
        yield from _give_up(self)


def _give_up(self: _http1.Http1Connection) -> CommandGenerator[None]:
    self.buf = ReceiveBuffer()
    if isinstance(self, _http1.Http1Server) and self.state == self.read_headers:
        yield commands.SendData(self.conn, TOO_LARGE)
    yield commands.CloseConnection(self.conn)
    if self.request is not None and self.stream_id is not None:
        error = self.ReceiveProtocolError(self.stream_id, "the head is too large", ErrorCode.GENERIC_SERVER_ERROR)
        yield ReceiveHttp(error)
    self.state = self.done


def _without_trailers(expected_size: int | None) -> Any:
    reader = _make_reader(expected_size)

    class Reader:
        """The same reader; the end of the message carries nothing."""

        read_eof = reader.read_eof

        def __call__(self, buffer: ReceiveBuffer) -> Any:
            event = reader(buffer)
            return h11.EndOfMessage() if isinstance(event, h11.EndOfMessage) else event

    return Reader() if expected_size is None else reader


def install() -> None:
    """Close both gaps in this process; calling it again changes nothing."""
    _http1.Http1Connection._handle_event = _bounded  # type: ignore[method-assign]
    _http1.make_body_reader = _without_trailers
