# SPDX-License-Identifier: Apache-2.0
"""A gateway under mixed load for a long time: memory flat, nothing lost, no byte changed, no file descriptor leaked.

`python -m tests.benchmarks soak` runs ten minutes, `SOAK_MINUTES=60 python -m tests.benchmarks soak` an hour. The load:
HTTP/2 connections that never close, long streams, WebSockets, uploads of 50 MB, slow readers, clients that break off,
beside plain calls at a pace (about 60 % of what this machine carries: `SOAK_RATE`, calls a second).
"""

import asyncio
import hashlib
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import websockets

from auditor.store.format.records import Completion, Gap, Intent, Stopped
from tests.e2e.authority import TestAuthority
from tests.e2e.gateway import HOST, OTHER_HOST, WEBSOCKET_HOST, Gateway, children
from tests.e2e.upstream import Upstream, completion, events

MINUTES = float(os.environ.get("SOAK_MINUTES", "10"))
RATE = float(os.environ.get("SOAK_RATE", "40"))
UPLOAD = 50 << 20
BODY = {"model": "gpt-4o", "messages": [{"role": "user", "content": "The quick brown fox. " * 60}]}


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="bench-soak-") as name:
        folder = Path(name)
        authority = TestAuthority(folder, (HOST, OTHER_HOST, WEBSOCKET_HOST))
        with Upstream(authority) as upstream:
            upstream.keeps = False
            gateway = Gateway(folder / "audit", upstream)
            process = gateway.start(heartbeat=10.0)
            soak = Soak(gateway, {"supervisor": process.pid, **children(process)})
            try:
                asyncio.run(soak.run())
            finally:
                code = gateway.stop(process)
            soak.report(code)


class Refused(Exception):
    """The gateway answered 503: it could not record the call in time, and did not forward it."""


def checked(answer: httpx.Response) -> httpx.Response:
    """The answer, unless it is the gateway's refusal."""
    if answer.status_code == 503:
        raise Refused
    return answer


class Soak:
    """The clients, what they found wrong, and what the processes held meanwhile."""

    def __init__(self, gateway: Gateway, pids: dict[str, int]) -> None:
        self._gateway = gateway
        self._pids = pids
        self._end = time.monotonic() + MINUTES * 60
        self.done: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.samples: list[dict[str, tuple[int, int]]] = []
        self.left: dict[str, int] = {}
        """Descriptors by process, when all clients are gone."""

    async def run(self) -> None:
        """All clients at once, until the time is over."""
        async with asyncio.TaskGroup() as clients:
            clients.create_task(self._sample())
            for _ in range(4):
                clients.create_task(self._steady(http2=False))
            for _ in range(2):
                clients.create_task(self._steady(http2=True))
                clients.create_task(self._again("stream", self._stream))
            clients.create_task(self._again("socket", self._socket))
            clients.create_task(self._again("upload", self._upload, 20.0))
            clients.create_task(self._again("slow reader", self._slow_reader))
            clients.create_task(self._again("abort", self._abort, 0.5))
        await asyncio.sleep(3)  # connections end behind the answers
        self.left = {name: held(pid)[1] for name, pid in self._pids.items()}

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() > self._end

    def _client(self, http2: bool = False) -> httpx.AsyncClient:
        return httpx.AsyncClient(proxy=self._gateway.url, verify=self._gateway.trust(), http2=http2, timeout=60)

    async def _again(self, kind: str, work: Callable[[], Awaitable[bool]], pause: float = 0.05) -> None:
        while not self.over:
            try:
                right = await work()
            except Refused:
                self.refused[kind] += 1
                right = True
            except websockets.InvalidStatus as error:
                self.refused[kind] += error.response.status_code == 503
                self.wrong[f"{kind}: {error.response.status_code}"] += error.response.status_code != 503
                right = True
            except (OSError, httpx.HTTPError, websockets.WebSocketException) as error:
                self.wrong[f"{kind}: {type(error).__name__}"] += 1
                right = True
            self.done[kind] += 1
            self.wrong[kind] += not right
            await asyncio.sleep(pause)

    async def _steady(self, http2: bool) -> None:
        """One connection, as long as the soak lasts; calls at an even pace with the others."""
        async with self._client(http2) as client:

            async def call() -> bool:
                answer = await client.post(f"https://{HOST}/v1/chat/completions", json=BODY)
                return checked(answer).content == completion()

            await self._again("http2 call" if http2 else "http1 call", call, 6 / RATE)

    async def _stream(self) -> bool:
        seed = f"s{random.random()}"
        url = f"https://{HOST}/v1/stream?n=400&delay=0.05&seed={seed}"
        async with self._client() as client:
            return checked(await client.post(url, json=BODY)).content == b"".join(events(400, seed))

    async def _socket(self) -> bool:
        url = f"wss://{WEBSOCKET_HOST}/v1/listen"
        async with websockets.connect(url, ssl=self._gateway.trust(), proxy=self._gateway.url) as talk:
            for number in range(200):
                await talk.send(f"message {number} " * 20)
                if await talk.recv() != f"message {number} " * 20:
                    return False
                await asyncio.sleep(0.02)
        return True

    async def _upload(self) -> bool:
        data = os.urandom(1 << 20) * (UPLOAD >> 20)
        async with self._client() as client:
            answer = await client.post(f"https://{HOST}/v1/digest", content=data)
        return bool(checked(answer).json()["sha256"] == hashlib.sha256(data).hexdigest())

    async def _slow_reader(self) -> bool:
        size, found = 4 << 20, hashlib.sha256()
        async with self._client() as client, client.stream("GET", _bytes(size)) as answer:
            checked(answer)
            async for piece in answer.aiter_raw(65536):
                found.update(piece)
                await asyncio.sleep(0.1)
        return found.digest() == hashlib.sha256(hashlib.shake_256(b"slow").digest(size)).digest()

    async def _abort(self) -> bool:
        url = f"https://{HOST}/v1/stream?n=50&delay=0.05"
        async with self._client() as client, client.stream("POST", url, json=BODY) as answer:
            async for _ in answer.aiter_raw():
                break
        return True

    # --- what the processes held --------------------------------------------------------------------------------

    async def _sample(self) -> None:
        while not self.over:
            self.samples.append({name: held(pid) for name, pid in self._pids.items()})
            if len(self.samples) % 30 == 0:
                self._progress()
            await asyncio.sleep(2)

    def _progress(self) -> None:
        """One line a minute, so that a run that is ended early tells something too."""
        now = ", ".join(
            f"{name} {memory / 1e6:.0f} MB, {files} files" for name, (memory, files) in self.samples[-1].items()
        )
        say(f"{len(self.samples) // 30:3} min, {self.done.total():6} done: {now}")

    def report(self, code: int) -> None:
        """Print what is demanded, and what was found."""
        say(f"{MINUTES:g} minutes: " + ", ".join(f"{count} x {kind}" for kind, count in sorted(self.done.items())))
        quarter = len(self.samples) // 4
        for name in self._pids:
            memory = [sample[name][0] for sample in self.samples]
            files = [sample[name][1] for sample in self.samples]
            second, last = memory[quarter : 2 * quarter], memory[3 * quarter :]
            say(
                f"{name}: {_megabytes(second)} in the second quarter, {_megabytes(last)} in the last (ratio "
                f"{statistics.mean(last) / statistics.mean(second):.3f}, of the medians "
                f"{statistics.median(last) / statistics.median(second):.3f}), "
                f"{statistics.mean(files[quarter : 2 * quarter]):.1f} descriptors then, "
                f"{statistics.mean(files[3 * quarter :]):.1f} in the last, {self.left[name]} when all clients were gone"
            )
        metas = [one.meta for one in self._gateway.metas()]
        intents = {meta.exchange for meta in metas if isinstance(meta, Intent)}
        completed = {meta.exchange for meta in metas if isinstance(meta, Completion)}
        stopped = next(meta for meta in reversed(metas) if isinstance(meta, Stopped))
        gaps = Counter(f"{meta.reason} ({meta.count})" for meta in metas if isinstance(meta, Gap))
        say(
            f"{len(intents)} intents, {len(intents - completed)} of them without completion, "
            f"lost {stopped.counters.lost}, gaps {dict(gaps) or 'none'}, exit code {code}"
        )
        say(f"answered 503, because their record took longer than `patience`: {dict(self.refused) or 'none'}")
        say(f"wrong bytes or broken off: {dict(+self.wrong) or 'none'}")


def held(pid: int) -> tuple[int, int]:
    """Resident bytes and open file descriptors of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE"), len(os.listdir(f"/proc/{pid}/fd"))


def _megabytes(samples: list[int]) -> str:
    """Their mean and peak: an upload of 50 MB is held in several forms for a second, so a mean tells of load too."""
    return f"{statistics.mean(samples) / 1e6:.0f} MB (at most {max(samples) / 1e6:.0f})"


def _bytes(size: int) -> str:
    return f"https://{HOST}/v1/bytes?seed=slow&size={size}"


def say(text: str) -> None:
    """One line of result."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
