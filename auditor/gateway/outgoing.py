# SPDX-License-Identifier: Apache-2.0
"""What a proxy has yet to write to its recorder: new calls go ahead of what other calls carry.

Their callers wait for the recorder's answer; nobody waits for content. Of content only a little is handed to the socket
at a time, so that a call's intent never stands behind a large upload.
"""

import asyncio
from collections import deque
from typing import Final

AHEAD: Final = 256 * 1024
"""Bytes handed to the transport, of which it says when they are gone: what a new call waits behind at most."""


class Outgoing:
    """Two queues of frames. What is put `first` leaves before what is not; else the order stays."""

    def __init__(self) -> None:
        self._first: list[bytes] = []
        self._rest: deque[bytes] = deque()
        self.size = 0

    def put(self, data: bytes, *, first: bool) -> None:
        """Have a frame wait for the next writing."""
        (self._first if first else self._rest).append(data)
        self.size += len(data)

    def write(self, transport: asyncio.Transport) -> None:
        """Hand over what there is room for, in one write where that is all; the transport says when there is more."""
        while self.size:
            room = AHEAD - transport.get_write_buffer_size()
            pieces, self._first = self._first, []
            while self._rest and room >= 0:
                pieces.append(self._rest.popleft())
                room -= len(pieces[-1])
            if not pieces:
                return
            data = b"".join(pieces)
            self.size -= len(data)
            transport.write(data)

    def clear(self) -> None:
        """Forget everything: the line is lost, and is told anew."""
        self._first.clear()
        self._rest.clear()
        self.size = 0
