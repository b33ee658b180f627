# SPDX-License-Identifier: Apache-2.0
"""What the recorder does: turn what proxies tell into sealed, durable records.

    proxies ──socket──▶ event loop: assembles ──▶ worker: pipeline ──▶ committer: ledger ──▶ acknowledgement

What holds:
- An intent is acknowledged only when it is durable; intents overtake everything else in the committer's queue.
- Reading back, parsing and scanning run in the worker (`digesting`), sealing and committing in the committer; the loop
  only moves bytes.
- What waits is bounded: above `BACKLOG` bytes the proxies are read no further, and their new calls wait.
- A proxy that vanishes leaves no exchange open: each is completed as interrupted by the gateway.
- What could not be recorded is written as a gap as soon as the ledger takes records again.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal

import auditor
from auditor.batching import by_weight
from auditor.gateway.assembly import Assembly
from auditor.gateway.committer import Committer, Entry, Ledger, Outcome
from auditor.gateway.digest import Digest, Intents
from auditor.gateway.digesting import Digester, Finished
from auditor.gateway.messages import (
    Committed,
    Ended,
    FromProxy,
    Hello,
    Observed,
    Opened,
    Passed,
    Refused,
    Tally,
    Vitals,
)
from auditor.gateway.outbox import Standing
from auditor.gateway.proxies import ProxyConnection
from auditor.gateway.spill import Spill
from auditor.gateway.totals import Totals
from auditor.gateway.vitals import Histogram, Writing
from auditor.store.format.records import Counters, Draft, Gap, Heartbeat, Started, Stopped

log = logging.getLogger(__name__)

BACKLOG = 128 << 20
"""Bytes of exchanges waiting for the worker or the committer above which the proxies have to wait."""

LINGER = 0.05
"""Seconds that a finished exchange waits for company on its way to the worker: nobody waits for it."""
GROUP = 64
"""Exchanges that the worker is given at once at most."""
LARGE = 4 << 20
"""Bytes of exchanges after which the worker is given no more at once."""


type _Names = Mapping[str, Sequence[str]]
"""Of exchanges, by the name of their proxy."""


class Recorder:
    """Serves proxies at a Unix socket; lives in one event loop."""

    def __init__(
        self, open_ledger: Callable[[], Ledger], intents: Intents, pipeline: Digest, spool: Path, spill_bytes: int
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._committer = Committer(open_ledger, self._report)
        self._intents = intents
        self._worker = Digester(pipeline, self._committer.add, self._gap, self._broken)
        self._finished: list[Finished] = []
        self._spill = lambda: Spill(spool, spill_bytes)
        self._proxies: dict[str, ProxyConnection] = {}
        self._waiting_bytes = 0
        self._waiting = 0
        self.totals = Totals()
        self.unshipped: Callable[[], int] = lambda: 0
        self.forwarding: Callable[[], Sequence[Standing]] = tuple
        self.gaps: Counter[str] = Counter()
        self.waits = Histogram()

    # --- life ---------------------------------------------------------------------------------------------------

    async def serve(self, path: Path) -> asyncio.AbstractServer:
        """Take connections of proxies at a socket; the folder it lies in keeps others out."""
        self._committer.start(Draft(Started(time=datetime.now(UTC), version=auditor.__version__)))
        return await self._loop.create_unix_server(lambda: ProxyConnection(self._take, self._left), str(path))

    def ahead(self, work: Callable[[], object]) -> None:
        """Have something done before the worker reads the first exchange."""
        self._worker.load(work)

    @property
    def is_loading(self) -> bool:
        """Whether that still goes on."""
        return self._worker.is_loading

    def use(self, intents: Intents, pipeline: Digest) -> None:
        """Read exchanges by these pipelines from now on."""
        self._intents, self._worker.pipeline = intents, pipeline

    async def beat(self, every: float) -> None:
        """Write a sign of life with the totals, until cancelled."""
        while True:
            await asyncio.sleep(every)
            self._note(Heartbeat(time=datetime.now(UTC), counters=self.counters()))
            self._worker.forget_old()

    async def close(self, grace: float) -> int:
        """Make durable what is known, then stop; returns how many records could not be written.

        Proxies are gone by now, or are hung up on after a second; what they told last is read first, as there is room.
        """
        waited = 0
        while self._proxies and waited < 50:
            await asyncio.sleep(0.02)
            waited = 0 if self._is_full else waited + 1
        for proxy in tuple(self._proxies.values()):
            proxy.hang_up()
        await asyncio.sleep(0.02)
        self._hand_over()
        await asyncio.to_thread(self._worker.close)
        self._note(Stopped(time=datetime.now(UTC), counters=self.counters()))
        return await asyncio.to_thread(self._committer.close, grace)

    def counters(self) -> Counters:
        """The totals, and how many exchanges are begun and not yet durable."""
        waiting = self._waiting + sum(len(proxy.open) for proxy in tuple(self._proxies.values()))
        return self.totals.counters(waiting, self.unshipped())

    def vitals(self) -> dict[str, Vitals]:
        """The last report of every proxy that is here, by its name."""
        return {proxy.name.partition(".")[0]: proxy.vitals for proxy in tuple(self._proxies.values())}

    @property
    def writing(self) -> Writing:
        """What is written, and what waits to be."""
        committer = self._committer
        return Writing(committer.commits, committer.written, len(committer), self._waiting_bytes)

    @property
    def failure(self) -> str | None:
        """Why the ledger takes no records, while it does not."""
        return self._committer.failure

    # --- what proxies tell --------------------------------------------------------------------------------------

    def _take(self, proxy: ProxyConnection, message: FromProxy) -> None:
        match message:
            case Passed():
                self._passed(proxy, message)
            case Opened():
                self._opened(proxy, message)
            case Ended():
                self._ended(proxy, message)
            case Hello(proxy=name):
                self._joined(proxy, name)
            case Observed():
                self._observed(proxy, message)
            case Tally():
                self._tallied(message)
            case Vitals():
                self._reported(proxy, message)

    def _joined(self, proxy: ProxyConnection, name: str) -> None:
        """A proxy said who it is."""
        proxy.name = name
        self._proxies[name] = proxy

    def _opened(self, proxy: ProxyConnection, message: Opened) -> None:
        """A request is about to leave."""
        assembly = proxy.open[message.id] = Assembly(message, self._spill)
        if message.resumed:  # the recorder before this one saw it
            return
        self.totals.seen += 1
        if reason := self._committer.refusal:
            self._refuse(proxy.name, (message.id,), reason)
            return
        intent = self._intents.intent(assembly.head())
        self._committer.add(Entry(record=intent, exchange=message.id, proxy=proxy.name, is_intent=True))

    def _passed(self, proxy: ProxyConnection, message: Passed) -> None:
        """Something of an exchange passed."""
        if assembly := proxy.open.get(message.id):
            try:
                assembly.passed(message)
            except OSError as error:
                log.error("a body could not be spilled: %s", error.strerror)
                assembly.passed(Passed(id=message.id, skipped=len(message.request) + len(message.response)))

    def _ended(self, proxy: ProxyConnection, message: Ended) -> None:
        """An exchange is over."""
        if assembly := proxy.open.pop(message.id, None):
            self._complete(Finished(message.id, partial(assembly.finish, message), proxy.name, assembly.weight))

    def _observed(self, proxy: ProxyConnection, message: Observed) -> None:
        """A whole exchange at once."""
        self.totals.seen += 1
        exchange = message.exchange
        self._complete(Finished(exchange.id, lambda: exchange, proxy.name, exchange.weight))

    def _tallied(self, message: Tally) -> None:
        """Counts of what is not recorded one by one."""
        self.totals.add(message)
        if message.missed:
            self.totals.seen += message.missed
            self.totals.lost += message.missed
            now = datetime.now(UTC)
            since = message.missed_since or now
            self._gap(Gap(time=since, reason="store_failure", count=message.missed, until=now))

    def _left(self, proxy: ProxyConnection) -> None:
        """A proxy is gone; what it had begun will hear no more."""
        self._proxies.pop(proxy.name, None)
        now = datetime.now(UTC)
        for name, assembly in proxy.open.items():
            self._complete(Finished(name, partial(assembly.abandoned, now), proxy.name, assembly.weight))
        proxy.open.clear()

    def _reported(self, proxy: ProxyConnection, message: Vitals) -> None:
        """How a proxy is doing."""
        proxy.vitals = message
        if message.waited:
            self.waits.merge(message.waited, message.waited_total)

    # --- onwards ------------------------------------------------------------------------------------------------

    def _complete(self, finished: Finished) -> None:
        if self.failure and self._waiting_bytes + finished.size > BACKLOG:
            finished.exchange()  # what lies on disk is gone with that
            self._lost("queue_full", (finished,))
            return
        self._waiting += 1
        self._waiting_bytes += finished.size
        if not self._finished:
            self._loop.call_later(LINGER, self._hand_over)
        self._finished.append(finished)
        if len(self._finished) >= GROUP:
            self._hand_over()
        self._hold_back()

    def _hand_over(self) -> None:
        """Give the worker what is finished: large ones one by one, so that it holds few of them at once."""
        for group in by_weight(self._finished, lambda one: one.size, LARGE):
            self._worker.read(group)
        self._finished.clear()

    def _broken(self, finished: Sequence[Finished]) -> None:
        """In the worker's thread: it could make no records of these."""
        self._loop.call_soon_threadsafe(self._given_up, finished)

    def _given_up(self, finished: Sequence[Finished]) -> None:
        self._waiting -= len(finished)
        self._waiting_bytes -= sum(one.size for one in finished)
        self._lost("crash", finished)
        self._hold_back()

    def _report(self, outcome: Outcome) -> None:
        """In the committer's thread."""
        with contextlib.suppress(RuntimeError):  # the worker or the loop is closed: nobody waits any more
            if outcome.refused:  # the ledger is opened anew: what was remembered may not be in it
                self._worker.forget()
            self._loop.call_soon_threadsafe(self._settled, outcome)

    def _settled(self, outcome: Outcome) -> None:
        intents = _by_proxy((entry.proxy, entry.exchange) for entry in outcome.entries if entry.is_intent)
        done = [entry for entry in outcome.entries if entry.exchange and not entry.is_intent]
        self._waiting -= len(done)
        self._waiting_bytes -= sum(entry.size for entry in done)
        self.totals.recorded += len(done)
        self.totals.unparsed += sum(entry.is_unparsed for entry in done)
        if outcome.refused:
            for name, begun in intents.items():
                self._refuse(name, begun, outcome.refused)
        else:
            self._acknowledge(intents, _by_proxy((entry.proxy, entry.exchange) for entry in done))
        self._hold_back()

    def _acknowledge(self, intents: _Names, completions: _Names) -> None:
        """Tell proxies what they need not keep any longer."""
        for name in intents.keys() | completions.keys():
            if proxy := self._proxies.get(name):
                begun, done = tuple(intents.get(name, ())), tuple(completions.get(name, ()))
                proxy.send(Committed(intents=begun, completions=done))

    def _refuse(self, name: str, exchanges: Sequence[str], reason: str) -> None:
        """Refuse intents; of an exchange that is over by now the completion is on its way, which says as much."""
        proxy = self._proxies.get(name)
        if proxy is None:
            return
        still = tuple(exchange for exchange in exchanges if exchange in proxy.open)
        for exchange in still:
            proxy.open.pop(exchange).discard()
            self.totals.seen -= 1  # it does not leave, or is told as missed
        if still:
            proxy.send(Refused(intents=still, reason=reason))

    def _hold_back(self) -> None:
        """Read the proxies only while there is room; a failing ledger has no room to wait for, it refuses."""
        self.hold(self._is_full)

    @property
    def _is_full(self) -> bool:
        return self._waiting_bytes > BACKLOG and not self.failure

    def hold(self, wanted: bool) -> None:
        """Read the proxies no further, or go on."""
        for proxy in self._proxies.values():
            proxy.pause(wanted)

    def _lost(self, reason: Literal["queue_full", "crash"], finished: Sequence[Finished]) -> None:
        """Exchanges that will have no record; that they are lost has one, and their proxies need not keep them."""
        self.totals.lost += len(finished)
        now = datetime.now(UTC)
        self._gap(Gap(time=now, reason=reason, count=len(finished), until=now))
        self._acknowledge({}, _by_proxy((one.proxy, one.id) for one in finished))

    def _gap(self, gap: Gap) -> None:
        self.gaps[gap.reason] += gap.count
        self._note(gap)

    def _note(self, meta: Stopped | Heartbeat | Gap) -> None:
        self._committer.add(Entry(record=Draft(meta)))


def _by_proxy(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Names of exchanges, by their proxy's."""
    names: dict[str, list[str]] = {}
    for proxy, exchange in pairs:
        names.setdefault(proxy, []).append(exchange)
    return names
