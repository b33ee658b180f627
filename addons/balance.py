# SPDX-License-Identifier: Apache-2.0
"""Proxies on one socket take turns: whoever holds fewer connections takes the next one.

Left alone, the first one to wake takes all that wait, and keeps those clients as long as they stay connected: of two
processes one did everything. Each process writes how many connections it holds into memory that all of them map; one
that holds more than another leaves a new connection to that one for a moment, and takes it when nobody came.
"""

import mmap
import os
import socket
import time
from pathlib import Path
from typing import Any, Final, Self

PATIENCE: Final = 0.005
"""Seconds that a connection is left to a process that holds fewer: one that is at work looks up about as often."""
FILE: Final = "connections"


class Loads:
    """How many connections each process holds; ours stands at `place`."""

    def __init__(self, folder: Path, place: int, count: int) -> None:
        handle = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(handle, 4 * count)
            self._held = memoryview(mmap.mmap(handle, 4 * count)).cast("I")
        finally:
            os.close(handle)
        self._place = place
        self.hold(0)

    def hold(self, connections: int) -> None:
        """So many are held by this process."""
        self._held[self._place] = connections

    def took(self) -> None:
        """One more is held."""
        self._held[self._place] += 1

    @property
    def total(self) -> int:
        """How many all of them hold."""
        return sum(self._held)

    @property
    def is_fuller(self) -> bool:
        """Whether another process holds fewer."""
        return self._held[self._place] > min(self._held)


class Shared(socket.socket):
    """A listening socket that seems empty while the next connection is another process's to take."""

    loads: Loads
    _left = (-1, 0.0)
    """How many connections all held when one was left to others, and since when."""
    _asked = 0.0

    @classmethod
    def of(cls, descriptor: int, loads: Loads) -> Self:
        """The inherited socket."""
        shared = cls(fileno=descriptor)
        shared.loads = loads
        return shared

    def accept(self) -> tuple[socket.socket, Any]:
        """As of any socket; raises `BlockingIOError` while it is somebody else's turn."""
        if self.loads.is_fuller and not self._waited():
            raise BlockingIOError
        taken = super().accept()
        self._left = (-1, 0.0)
        self.loads.took()
        return taken

    def _waited(self) -> bool:
        """Whether nobody took anything for a while, and nobody asked again long ago."""
        now, held = time.monotonic(), self.loads.total
        if self._left[0] != held or now - self._asked > PATIENCE:
            self._left = (held, now)
        self._asked = now
        return now - self._left[1] > PATIENCE
