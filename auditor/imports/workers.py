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
from contextlib import contextmanager
from functools import lru_cache
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, NamedTuple, Self
from urllib.parse import urlsplit

import msgspec

from auditor.calls import Call, Exchange, Span
from auditor.dialects.parsing import UNLISTED
from auditor.errors import EnvironmentFailure
from auditor.pipeline import Pipeline
from auditor.privacy import Pseudonyms
from auditor.providers import FAMILIES
from auditor.store.prepare import Prepared, prepare
from auditor.store.records import Completion, Draft

if TYPE_CHECKING:
    from auditor.detectors import Scanner

MOST_WORKERS = 8
"""More would wait for the one writer."""
_UNDER_WAY = 2
"""Batches per worker: one being worked on, one waiting, so that no worker idles."""
_WORTH_WORKERS = 4 * 1024 * 1024
"""Bytes of recordings from which on the start of workers is earned back."""


class Outcome(msgspec.Struct, frozen=True, array_like=True):
    """An exchange made ready; without a record, it went to no AI provider and was not asked for.

    `introduction` says who stands behind its actor's pseudonym, the first time. `proposed` names a host that no list
    knows but whose calls are of a known format, as a gateway is told of it (`HOST[:PORT]=DIALECT`).
    """

    record: Prepared | None = None
    introduction: Prepared | None = None
    proposed: str | None = None


class Order(NamedTuple):
    """How exchanges are to be made ready.

    `key` is the pseudonym key, `span` how long a pseudonym stays; `keep_elsewhere` also asks for what went to no AI
    provider.
    """

    key: bytes
    span: Span = "forever"
    keep_elsewhere: bool = False


_encode = msgspec.msgpack.Encoder().encode
_decode_exchanges = msgspec.msgpack.Decoder(list[Exchange]).decode
_decode_outcomes = msgspec.msgpack.Decoder(list[Outcome]).decode


class Workers:
    """Makes exchanges ready, in `count` processes or, with 0, in this one. Use it as a context manager.

    Processes start at once and set themselves up while the caller unlocks its store.
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
            yield from (_processed(batch, order) for batch in batches)
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
            under_way.append(pool.submit(_work, _encode(batch), order))
            if len(under_way) >= self._count * _UNDER_WAY:
                yield _decode_outcomes(under_way.popleft().result())
        while under_way:
            yield _decode_outcomes(under_way.popleft().result())


def _cpus() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _pool(count: int) -> ProcessPoolExecutor:
    # "spawn": a fork would take locks and database connections of this process along in whatever state they are.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_begin)
    # Compiled patterns are cached on disk: once here is cheaper than at the same time in every worker.
    _scanner().scan("")
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
    _scanner().scan("")


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _ready() -> None:
    """Nothing: the pool starts a process for each task that finds none idle."""


def _work(batch: bytes, order: Order) -> bytes:
    return _encode(_processed(_decode_exchanges(batch), order))


@lru_cache(maxsize=1)
def _pipeline(key: bytes, span: Span) -> Pipeline:
    """The pipeline, one for all batches: it remembers what it has scanned."""
    from auditor.providers import Providers

    return Pipeline(Providers.load(), Pseudonyms(key, span), _scanner())


def _scanner() -> "Scanner":
    from auditor.detectors import Scanner

    return Scanner()


def _processed(batch: list[Exchange], order: Order) -> list[Outcome]:
    pipeline = _pipeline(order.key, order.span)
    drafts = pipeline.process_all(batch)
    return [
        _outcome(pipeline, exchange, draft, keep_elsewhere=order.keep_elsewhere)
        for exchange, draft in zip(batch, drafts, strict=True)
    ]


def _outcome(pipeline: Pipeline, exchange: Exchange, draft: Draft, *, keep_elsewhere: bool) -> Outcome:
    calls = draft.meta.calls if isinstance(draft.meta, Completion) else ()
    if not keep_elsewhere and not any(call.provider or call.dialect for call in calls):
        return Outcome()
    introduction = pipeline.introduction(exchange)
    return Outcome(
        record=prepare(draft),
        introduction=prepare(introduction) if introduction else None,
        proposed=next((_proposal(exchange, call) for call in calls if call.provider == UNLISTED), None),
    )


def _proposal(exchange: Exchange, call: Call) -> str:
    place = urlsplit(exchange.request.url)
    port = f":{place.port}" if place.port else ""
    family = (call.dialect or "").partition(".")[0]
    return f"{call.server_address}{port}={family if family in FAMILIES else 'openai'}"
