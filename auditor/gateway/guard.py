# SPDX-License-Identifier: Apache-2.0
"""How often who may ask the listener of sealed records."""

import collections
import threading
import time
from collections.abc import Callable
from typing import Final

from auditor.gateway.readers import Reader

MOST_FAILURES: Final = 10
FAILURE_SPAN: Final = 60.0
"""An address with so many wrong tokens within so many seconds is not heard."""

_MOST_ADDRESSES = 10_000
"""Addresses whose failures are remembered before all are forgotten."""


class Guard:
    """How often who may ask: a rate a token, and few failures an address. Any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._left: dict[str, tuple[float, float]] = {}
        self._failures: dict[str, collections.deque[float]] = {}

    def admits(self, reader: Reader) -> bool:
        """Take one request from a token's bucket, which holds two seconds' worth."""
        with self._lock:
            now, most = self._clock(), max(2 * reader.rate, 1.0)
            left, since = self._left.get(reader.id, (most, now))
            left = min(most, left + (now - since) * reader.rate)
            self._left[reader.id] = (max(left - 1, 0), now)
            return left >= 1

    def failed(self, address: str) -> None:
        """Note a wrong token."""
        with self._lock:
            if len(self._failures) > _MOST_ADDRESSES:
                self._failures.clear()
            self._failures.setdefault(address, collections.deque(maxlen=MOST_FAILURES)).append(self._clock())

    def is_barred(self, address: str) -> bool:
        """Whether an address failed too often of late."""
        with self._lock:
            noted = self._failures.get(address, collections.deque[float]())
            return len(noted) == MOST_FAILURES and self._clock() - noted[0] < FAILURE_SPAN
