# SPDX-License-Identifier: Apache-2.0
"""Puts an exchange together from what a proxy tells of it, in bounded memory."""

from collections.abc import Callable
from datetime import datetime

from cryptography.exceptions import InvalidTag

from auditor.calls import BARE, Connection, Exchange, Frame, Request, Response, size_of
from auditor.gateway.messages import Answer, Ended, Opened, Passed, Side
from auditor.gateway.spill import Spill

type NewSpill = Callable[[], Spill]


class Assembly:
    """One exchange in flight, as the recorder knows it. `size` is what it holds in memory."""

    def __init__(self, opened: Opened, spill: NewSpill) -> None:
        self.opened = opened
        self._request = spill()
        self._response = spill()
        self._answer: Answer | None = None
        self._frames: list[Frame] = []
        self._skipped = 0

    def passed(self, message: Passed) -> None:
        """Take in what passed."""
        self._request.write(message.request)
        self._response.write(message.response)
        self._frames += message.frames
        self._answer = message.answer or self._answer
        self._skipped += message.skipped

    @property
    def skipped(self) -> int:
        """Bytes that passed but were not told."""
        return self._skipped

    @property
    def weight(self) -> int:
        """About how many bytes the exchange holds in memory once it is finished."""
        return BARE + len(self._request) + len(self._response) + size_of(self._frames)

    def head(self) -> Exchange:
        """The exchange as far as its intent needs it."""
        opened = self.opened
        return Exchange(
            id=opened.id,
            time=opened.time,
            request=Request(method=opened.method, url=opened.url, headers=opened.headers),
            origin=opened.origin,
            dialect=opened.dialect,
        )

    def finish(self, ended: Ended) -> Exchange:
        """The whole exchange; its spilled parts are read back and gone from the disk."""
        opened, answer = self.opened, self._answer
        sent, received = self._read(self._request), self._read(self._response)
        return Exchange(
            id=opened.id,
            time=opened.time,
            request=Request(method=opened.method, url=opened.url, headers=opened.headers, body=sent),
            response=Response(status=answer.status, headers=answer.headers, body=received) if answer else None,
            duration_ms=ended.duration_ms,
            first_byte_ms=ended.first_byte_ms,
            origin=opened.origin,
            connection=ended.connection,
            frames=tuple(self._frames),
            interrupted=ended.interrupted,
            blocked=ended.blocked,
            truncated=self._skipped,
            dialect=opened.dialect,
            arrivals=ended.arrivals,
        )

    def abandoned(self, now: datetime, side: Side = "gateway") -> Exchange:
        """The exchange as far as it is known, its proxy being gone."""
        duration = max(0.0, (now - self.opened.time).total_seconds() * 1000)
        return self.finish(Ended(id=self.opened.id, duration_ms=duration, connection=Connection(), interrupted=side))

    def discard(self) -> None:
        """Let go of everything; nothing stays on the disk."""
        self._read(self._request)
        self._read(self._response)

    def _read(self, spill: Spill) -> bytes:
        """What was spilled; of a disk that fails, the count of what is lost."""
        spilled = spill.spilled
        try:
            return spill.read()
        except (OSError, InvalidTag):
            self._skipped += spilled
            return b""
