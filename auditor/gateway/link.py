# SPDX-License-Identifier: Apache-2.0
"""The proxy's end of the line to the recorder: intents are awaited, everything else is told without waiting.

What holds:
- `begin(opened)` returns only when the intent is durable; else it raises `NotRecorded`, and the caller decides.
- Nothing grows: above the high-water mark new exchanges wait; above the limit bytes are counted, not queued.
- A recorder that dies and comes back is told again what it had not committed (see `retention`).
- New calls go ahead of content (see `outgoing`); messages of one turn of the event loop leave in one write.
"""

import asyncio
import contextlib
import logging
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from auditor.calls import Exchange
from auditor.gateway.messages import (
    Committed,
    Ended,
    FrameReader,
    FromProxy,
    FromRecorder,
    Hello,
    Observed,
    Opened,
    Passed,
    Refused,
    Tally,
    Vitals,
    frame,
    from_recorder,
)
from auditor.gateway.outgoing import AHEAD, Outgoing
from auditor.gateway.retention import Retention, payload_size
from auditor.gateway.vitals import Histogram, open_descriptors, resident_bytes

log = logging.getLogger(__name__)


class NotRecorded(Exception):
    """An intent could not be made durable; `reason` is a sentence without content."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds of a link: bytes, and seconds between attempts."""

    high_water: int = 16 << 20
    """Bytes queued towards the recorder above which new exchanges wait, until a quarter of it is left."""
    queued: int = 64 << 20
    """Bytes queued above which content is counted as skipped instead of queued."""
    kept: int = 1 << 20
    """Content of one exchange remembered until its record is durable."""
    kept_total: int = 32 << 20
    """Content of all exchanges remembered until their records are durable."""
    retry: float = 0.1
    """Pause between attempts to reach the recorder."""


class RecorderLink:
    """One proxy's line to the recorder at a Unix socket; lives in one event loop."""

    def __init__(self, path: Path, proxy: str, patience: float = 5.0, limits: Limits | None = None) -> None:
        self._path = path
        self._proxy = proxy
        self._limits = limits or Limits()
        self._told = Retention(self._limits.kept, self._limits.kept_total)
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._transport: asyncio.Transport | None = None
        self._open = asyncio.Event()
        self._out = Outgoing()
        self._flushing = False
        self._tally = Tally()
        self.waits = Histogram()
        """How long intents waited for their commit."""
        self.patience = patience
        """Seconds an intent waits: for a recorder to come back, for room, and for its commit."""
        self.failing = False
        """Whether the recorder refused the last intents."""

    # --- life ---------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Keep the line up until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            lost: asyncio.Future[None] = loop.create_future()
            try:
                await loop.create_unix_connection(lambda gone=lost: _Wire(self, gone), str(self._path))  # type: ignore[misc]
                await lost
                log.warning("the recorder went away")
            except OSError:
                await asyncio.sleep(self._limits.retry)

    def hang_up(self) -> None:
        """Close the line."""
        if self._transport is not None:
            self._transport.abort()

    async def reached(self, unless: asyncio.Event) -> bool:
        """Wait for a recorder; false where `unless` is set first."""
        waits = [asyncio.create_task(self._open.wait()), asyncio.create_task(unless.wait())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for task in waits:
            task.cancel()
        return not self.away

    async def drain(self, grace: float) -> int:
        """Wait for `grace` seconds until everything told is durable; returns how many exchanges are lost to it.

        What is not durable by then and lies with a recorder is the recorder's to answer for, who writes it yet.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace):
                while self._told or self._tally != Tally():
                    self._send_tally()
                    await asyncio.sleep(0.02)
        return len(self._told) if self.away or self._queued() else 0

    @property
    def away(self) -> bool:
        """Whether no recorder listens."""
        return self._transport is None

    # --- telling ------------------------------------------------------------------------------------------------

    async def begin(self, opened: Opened) -> None:
        """Tell of a request about to leave, and wait until its intent is durable.

        Raises `NotRecorded` where it is not. The caller then blocks the request and says so by `withdraw`; or it lets
        the request go, and tells of it as of any other where the link still `tells` of it, else counts it as missed.
        """
        waiting = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        try:
            async with asyncio.timeout(self.patience):
                await self._open.wait()
                self._waiting[opened.id] = waiting
                self.announce(opened)
                await waiting
        except TimeoutError:
            raise NotRecorded("the recorder is away" if self.away else "the recorder does not answer") from None
        finally:
            self._waiting.pop(opened.id, None)
            self.waits.add(time.perf_counter() - began)

    def tells(self, exchange: str) -> bool:
        """Whether the recorder was told of an exchange, or will be, and has not refused it."""
        return exchange in self._told

    def withdraw(self, exchange: str, blocked: str) -> None:
        """The request was blocked. Should its intent be written yet, its record says so."""
        if exchange in self._told:
            self._told.forget(exchange)
            self._send(Ended(id=exchange, duration_ms=0.0, blocked=blocked))

    def announce(self, opened: Opened) -> None:
        """Tell of a request about to leave, without waiting."""
        self._told.add(opened)
        self._send(opened)

    async def room(self) -> bool:
        """Wait for a recorder that can take more, up to the link's patience; tells whether there is one."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.patience):
                await self._open.wait()
        return self._open.is_set()

    def passed(self, message: Passed) -> None:
        """Tell what passed of an exchange; of one that was refused, nothing is told."""
        if message.id not in self._told:
            return
        if self._queued() > self._limits.queued:
            message = Passed(id=message.id, answer=message.answer, skipped=message.skipped + payload_size(message))
        self._told.passed(message)
        self._send(message)

    def ended(self, message: Ended) -> None:
        """Tell how an exchange ended."""
        if message.id in self._told:
            self._told.ended(message)
            self._send(message)

    def observed(self, exchange: Exchange) -> None:
        """Tell a whole exchange at once; without a recorder it is counted as missed."""
        if self.away:
            self.count(missed=1)
        self._send(Observed(exchange=exchange))

    def count(self, *, missed: int = 0, **more: int) -> None:
        """Add to the totals by the names of `Tally`; they are told within a moment."""
        before = self._tally
        self._tally = msgspec.structs.replace(
            before,
            missed=before.missed + missed,
            missed_since=before.missed_since or (datetime.now(UTC) if missed else None),
            **{name: getattr(before, name) + number for name, number in more.items()},
        )
        if before == Tally():
            asyncio.get_running_loop().call_later(0.2, self._send_tally)

    def tell_vitals(self, exchanges: int, connections: int) -> None:
        """Say how this process is doing; without a recorder nobody hears it."""
        if self._transport is None:
            return
        waited, total = self.waits.take()
        self._send(
            Vitals(
                exchanges=exchanges,
                connections=connections,
                queued=self._queued(),
                memory=resident_bytes(),
                descriptors=open_descriptors(),
                waited=waited,
                waited_total=total,
            )
        )

    # --- the wire -----------------------------------------------------------------------------------------------

    def up(self, transport: asyncio.Transport) -> None:
        """The line is up: tell again what the last recorder did not commit."""
        transport.set_write_buffer_limits(high=min(AHEAD, self._limits.high_water))
        self._transport = transport
        self._send(Hello(proxy=self._proxy))
        for told in self._told:
            for message in told.again():
                self._send(message)
        self._open.set()
        self._send_tally()

    def down(self) -> None:
        """The line is lost; intents keep waiting for the next recorder as long as their patience lasts."""
        self._transport = None
        self._open.clear()
        self._out.clear()

    def writable(self) -> None:
        """The line takes more again."""
        self._flush()

    def receive(self, message: FromRecorder) -> None:
        """An answer of the recorder."""
        match message:
            case Committed(intents=intents, completions=completions):
                self.failing = False
                for exchange in intents:
                    self._told.committed(exchange)
                    self._resolve(exchange)
                for exchange in completions:
                    self._told.forget(exchange)
            case Refused(intents=intents, reason=reason):
                self.failing = True
                for exchange in intents:
                    self._refused(exchange, reason)

    def _resolve(self, exchange: str) -> None:
        waiting = self._waiting.get(exchange)
        if waiting and not waiting.done():
            waiting.set_result(None)

    def _refused(self, exchange: str, reason: str) -> None:
        waiting = self._waiting.get(exchange)
        if waiting and not waiting.done():
            waiting.set_exception(NotRecorded(reason))
        elif exchange in self._told:
            self.count(missed=1)
        self._told.forget(exchange)

    def _send_tally(self) -> None:
        if self._transport is not None and self._tally != Tally():
            self._send(self._tally)
            self._tally = Tally()

    def _queued(self) -> int:
        return self._out.size + (self._transport.get_write_buffer_size() if self._transport else 0)

    def _send(self, message: FromProxy) -> None:
        if self._transport is None:
            return
        self._out.put(frame(message), first=not isinstance(message, Passed | Ended | Observed))
        if not self._flushing:
            self._flushing = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        """Write what there is room for; while too much is left, new exchanges wait."""
        self._flushing = False
        if self._transport is None:
            return
        self._out.write(self._transport)
        if self._queued() > self._limits.high_water:
            self._open.clear()
        elif self._queued() <= self._limits.high_water // 4:
            self._open.set()


class _Wire(asyncio.Protocol):
    """The socket under a link."""

    def __init__(self, link: RecorderLink, lost: asyncio.Future[None]) -> None:
        self._link = link
        self._lost = lost
        self._frames = FrameReader()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._link.up(transport)

    def data_received(self, data: bytes) -> None:
        for payload in self._frames.feed(data):
            self._link.receive(from_recorder(payload))

    def resume_writing(self) -> None:
        self._link.writable()

    def connection_lost(self, exc: Exception | None) -> None:
        self._link.down()
        if not self._lost.done():
            self._lost.set_result(None)
