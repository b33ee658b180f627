# SPDX-License-Identifier: Apache-2.0
"""From exchanges to records ready to be sealed, in worker processes beside the one that reads and writes.

Batches go out and come back in the same order, and only so many are under way as there are workers to feed, so memory
is bounded by the batch. A worker holds the pseudonym key and plaintext; it lives no longer than its parent.
"""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Self

import msgspec

from auditor.calls import Exchange
from auditor.errors import EnvironmentFailure
from auditor.pipeline import Pipeline
from auditor.privacy import Pseudonyms
from auditor.store.prepare import Prepared, prepare
from auditor.store.records import Completion

if TYPE_CHECKING:
    from auditor.detectors import Scanner

MOST_WORKERS = 8
"""More would wait for the one writer."""
_UNDER_WAY = 2
"""Batches per worker: one being worked on, one waiting, so that no worker idles."""
_WORTH_WORKERS = 4 * 1024 * 1024
"""Bytes of recordings from which on the start of workers is earned back."""


class Outcome(msgspec.Struct, frozen=True, array_like=True):
    """An exchange made ready: `recognised` is whether a provider or a wire format was known."""

    record: Prepared
    recognised: bool


_encode = msgspec.msgpack.Encoder().encode
_decode_exchanges = msgspec.msgpack.Decoder(list[Exchange]).decode
_decode_outcomes = msgspec.msgpack.Decoder(list[Outcome]).decode


class Workers:
    """Makes exchanges ready, in `count` processes or, with 0, in this one. Use it as a context manager.

    `key` is the pseudonym key.
    """

    def __init__(self, key: bytes, count: int) -> None:
        self._count = count
        self._here = _pipeline(key) if count == 0 else None
        self._pool = _pool(key, count) if count else None
        if self._pool is not None:
            # Compiled patterns are cached on disk: once here is cheaper than at the same time in every worker.
            _scanner().scan("")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=not any(failure), cancel_futures=True)

    def outcomes(self, batches: Iterable[list[Exchange]]) -> Iterator[list[Outcome]]:
        """The outcomes of each batch, in order; raises `EnvironmentFailure` when a worker dies."""
        if self._here is not None:
            pipeline = self._here
            yield from (_processed(pipeline, batch) for batch in batches)
            return
        try:
            yield from self._through_pool(batches)
        except BrokenProcessPool as e:
            raise EnvironmentFailure(
                "A worker process of the import died; the machine may be short of memory.",
                "Run the import again: what is there already is not added twice.",
            ) from e

    def _through_pool(self, batches: Iterable[list[Exchange]]) -> Iterator[list[Outcome]]:
        assert self._pool is not None
        under_way: deque[Future[bytes]] = deque()
        for batch in batches:
            under_way.append(self._pool.submit(_work, _encode(batch)))
            if len(under_way) >= self._count * _UNDER_WAY:
                yield _decode_outcomes(under_way.popleft().result())
        while under_way:
            yield _decode_outcomes(under_way.popleft().result())


def worker_count(size: int) -> int:
    """How many workers pay off for recordings of `size` bytes: none for small ones, they would only start up."""
    return min(_cpus(), MOST_WORKERS) if size > _WORTH_WORKERS else 0


def _cpus() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _pool(key: bytes, count: int) -> ProcessPoolExecutor:
    # "spawn": a fork would take locks and database connections of this process along in whatever state they are.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, mp_context=context, initializer=_begin, initargs=(key,))


# --- in a worker ------------------------------------------------------------------------------------------------

_of_worker: list[Pipeline] = []


def _begin(key: bytes) -> None:
    """Sets a worker up: Ctrl-C is the parent's business, and a parent that was killed takes its workers along."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _of_worker.append(_pipeline(key))


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _work(batch: bytes) -> bytes:
    return _encode(_processed(_of_worker[0], _decode_exchanges(batch)))


def _pipeline(key: bytes) -> Pipeline:
    from auditor.providers import Providers

    return Pipeline(Providers.load(), Pseudonyms(key), _scanner())


def _scanner() -> "Scanner":
    from auditor.detectors import Scanner

    return Scanner()


def _processed(pipeline: Pipeline, batch: list[Exchange]) -> list[Outcome]:
    return [_outcome(pipeline, exchange) for exchange in batch]


def _outcome(pipeline: Pipeline, exchange: Exchange) -> Outcome:
    draft = pipeline.process(exchange)
    calls = draft.meta.calls if isinstance(draft.meta, Completion) else ()
    recognised = any(call.provider or call.dialect for call in calls)
    return Outcome(record=prepare(draft), recognised=recognised)
