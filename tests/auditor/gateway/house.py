# SPDX-License-Identifier: Apache-2.0
"""A recorder on a real socket and links of proxies to it, with a ledger that the test controls."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from auditor.calls import Exchange, Frame, Origin
from auditor.errors import EnvironmentFailure
from auditor.gateway.link import Limits, RecorderLink
from auditor.gateway.messages import Answer, Ended, Opened, Passed
from auditor.gateway.recording import Recorder
from auditor.store.format import records
from auditor.store.format.prepare import Prepared
from auditor.store.format.records import (
    Completion,
    Draft,
    Intent,
    SealedExchange,
    Values,
    Withheld,
)


class Ledger:
    """The records of every recorder of a test; `broken` makes it fail, `gate` holds it."""

    def __init__(self) -> None:
        self.metas: list[records.AnyMeta] = []
        self.gate = threading.Event()
        self.gate.set()
        self.broken = False

    def append(self, drafts: Sequence[Draft | Prepared]) -> list[int]:
        self.gate.wait(5)
        if self.broken:
            raise EnvironmentFailure("The disk is full.")
        for one in drafts:
            self.metas.append(one.meta if isinstance(one, Draft) else records.decode_meta(one.raw_meta))
        return []

    def close(self) -> None:
        pass

    def of[T](self, kind: type[T]) -> list[T]:
        return [meta for meta in self.metas if isinstance(meta, kind)]


class Digest:
    """In place of the pipeline: keeps the exchanges it was given."""

    def __init__(self, seen: list[Exchange]) -> None:
        self._seen = seen

    def process_all(self, exchanges: Sequence[Exchange]) -> list[Draft]:
        self._seen += exchanges
        return [
            Draft(Completion(time=one.time, exchange=one.id, calls=()), SealedExchange(exchange=one))
            for one in exchanges
        ]

    def introduction(self, exchange: Exchange) -> None:
        """Nobody is introduced."""

    def withheld(self, exchange: Exchange) -> Draft | None:
        """Something was taken out of the exchange "card" only."""
        if exchange.id != "card":
            return None
        return Draft(Withheld(time=exchange.time, exchange=exchange.id), Values(values={"[PAYMENT_CARD#1]": "4111"}))

    def intent(self, exchange: Exchange) -> Draft:
        return Draft(Intent(time=exchange.time, exchange=exchange.id, method="POST", server_address="x", path="/"))


class House:
    """A recorder on a socket, and links to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "r.sock"
        self.ledger = Ledger()
        self.exchanges: list[Exchange] = []

    @asynccontextmanager
    async def recorder(self) -> AsyncIterator[Recorder]:
        one = Recorder(lambda: self.ledger, Digest(self.exchanges), Digest(self.exchanges), self.folder / "spool", 1000)
        server = await one.serve(self.socket)
        try:
            yield one
        finally:
            server.close()
            await one.close(5)
            with suppress(FileNotFoundError):
                self.socket.unlink()

    @asynccontextmanager
    async def link(self, patience: float = 20.0, limits: Limits | None = None) -> AsyncIterator[RecorderLink]:
        one = RecorderLink(self.socket, "proxy-1", patience, limits)
        running = asyncio.create_task(one.run())
        try:
            yield one
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
            one.hang_up()
            await asyncio.sleep(0)


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 60))


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - it happens in other threads
        await asyncio.sleep(0.005)


def opened(name: str) -> Opened:
    return Opened(id=name, time=datetime.now(UTC), method="POST", url="https://x/y", headers=(), origin=Origin())


def told(link: RecorderLink, name: str, body: bytes = b"answer") -> None:
    """The rest of an exchange."""
    link.passed(Passed(id=name, request=b"question", answer=Answer(status=200, headers=(("a", "b"),))))
    link.passed(Passed(id=name, response=body, frames=(Frame(direction="sent", text="hi"),)))
    link.ended(Ended(id=name, duration_ms=5.0, first_byte_ms=2.0))
