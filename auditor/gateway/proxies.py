# SPDX-License-Identifier: Apache-2.0
"""The recorder's end of a proxy's connection, and the exchanges that the proxy has begun; `link` is the other end."""

import asyncio
from collections.abc import Callable

from auditor.gateway.assembly import Assembly
from auditor.gateway.messages import FrameReader, FromProxy, FromRecorder, Vitals, frame, from_proxy


class ProxyConnection(asyncio.Protocol):
    """One proxy's connection. `take` is called with each of its messages, `left` once it is gone."""

    def __init__(
        self,
        take: Callable[["ProxyConnection", FromProxy], None],
        left: Callable[["ProxyConnection"], None],
    ) -> None:
        self._take = take
        self._left = left
        self._frames = FrameReader()
        self._transport: asyncio.Transport | None = None
        self._paused = False
        self.name = ""
        self.open: dict[str, Assembly] = {}
        self.vitals = Vitals()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A proxy is here."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Some bytes of its messages are here."""
        for payload in self._frames.feed(data):
            self._take(self, from_proxy(payload))

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._transport = None
        self._left(self)

    def send(self, message: FromRecorder) -> None:
        """Answer; a proxy that is gone needs none."""
        if self._transport is not None:
            self._transport.write(frame(message))

    def pause(self, wanted: bool) -> None:
        """Stop or go on reading."""
        if self._transport is not None and wanted != self._paused:
            self._paused = wanted
            if wanted:
                self._transport.pause_reading()
            else:
                self._transport.resume_reading()

    def hang_up(self) -> None:
        """End the connection from this side."""
        if self._transport is not None:
            self._transport.abort()
