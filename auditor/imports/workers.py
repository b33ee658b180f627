# SPDX-License-Identifier: Apache-2.0
"""Worker processes that make exchanges ready, beside the one that reads and writes.

Batches go out and come back in the same order, and only so many are under way as there are workers to feed, so memory
is bounded by the batch. A worker holds the pseudonym key and plaintext; it lives no longer than its parent.
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from typing import Self

import msgspec

from auditor.calls import Exchange
from auditor.errors import EnvironmentFailure
from auditor.imports.orders import Order, Outcome

MOST_WORKERS = 8
"""More would wait for the one writer."""
_UNDER_WAY = 2
"""Batches per worker: one being worked on, one waiting, so that no worker idles."""
_WORTH_WORKERS = 4 * 1024 * 1024
"""Bytes of recordings from which on the start of workers is earned back."""
_FORKS = sys.platform == "linux" and not getattr(sys, "frozen", False)
"""Whether workers are forked from a server process that has set up once what all of them need. Never from this
process: that would take locks and database connections along in whatever state they are."""


_encode = msgspec.msgpack.Encoder().encode
_decode_exchanges = msgspec.msgpack.Decoder(list[Exchange]).decode
_decode_outcomes = msgspec.msgpack.Decoder(list[Outcome]).decode


class Workers:
    """Makes exchanges ready, in `count` processes or, with 0, in this one. Use it as a context manager.

    What the processes need is set up at once, while the caller unlocks its store.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._pool = _pool(count) if count else None

    @classmethod
    def for_size(cls, size: int) -> "Workers":
        """As many workers as pay off for recordings of `size` bytes: none for small ones, they would only start up."""
        return cls(min(_cpus(), MOST_WORKERS) if size > _WORTH_WORKERS else 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=not any(failure), cancel_futures=True)

    def outcomes(self, batches: Iterable[list[Exchange]], order: Order) -> Iterator[list[Outcome]]:
        """The outcomes of each batch, in order. Raises `EnvironmentFailure` when a worker dies."""
        if self._pool is None:
            # loaded by whoever does it: with workers, this process needs none of it
            from auditor.imports import readying

            readying.begin()
            yield from (readying.made_ready(batch, order) for batch in batches)
            return
        try:
            yield from self._through_pool(self._pool, batches, order)
        except BrokenProcessPool as e:
            raise EnvironmentFailure(
                "A worker process of the import died; the machine may be short of memory.",
                "Run the import again: what is there already is not added twice.",
            ) from e

    def _through_pool(
        self, pool: ProcessPoolExecutor, batches: Iterable[list[Exchange]], order: Order
    ) -> Iterator[list[Outcome]]:
        under_way: deque[Future[bytes]] = deque()
        for batch in batches:
            with _interrupts_held():  # the pool starts a process for each batch that finds none idle
                under_way.append(pool.submit(_work, _encode(batch), order))
            if len(under_way) >= self._count * _UNDER_WAY:
                yield _decode_outcomes(under_way.popleft().result())
        while under_way:
            yield _decode_outcomes(under_way.popleft().result())


def _cpus() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _pool(count: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("forkserver" if _FORKS else "spawn")
    if _FORKS:
        forkserver.set_forkserver_preload(["auditor.imports.preloaded"])
        with _interrupts_held():
            forkserver.ensure_running()
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_begin)
    if not _FORKS:
        with _interrupts_held():
            for _ in range(count):
                pool.submit(_ready)
    return pool


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Processes started inside are not interrupted by Ctrl-C while they set up; this one is, a moment later."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# --- in a worker ------------------------------------------------------------------------------------------------


def _begin() -> None:
    """Sets a worker up: Ctrl-C is the parent's business, and a parent that was killed takes its workers along."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    from auditor.imports import preloaded  # noqa: F401


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _ready() -> None:
    """Nothing: the pool starts a process for each task that finds none idle."""


def _work(batch: bytes, order: Order) -> bytes:
    from auditor.imports.readying import made_ready

    return _encode(made_ready(_decode_exchanges(batch), order))
