# SPDX-License-Identifier: Apache-2.0
"""The one thread that reads exchanges that are over: each becomes records, which are queued for the committer.

What holds: nothing is raised, and every exchange is queued or told as `broken`. Where conversations cannot be told
apart, a call is stored for itself.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from auditor.calls import Exchange
from auditor.gateway.committer import Entry
from auditor.gateway.digest import Digest
from auditor.gateway.skew import Skew
from auditor.gateway.totals import is_unparsed
from auditor.gateway.worker import Worker
from auditor.store.format.prepare import Prepared, prepare
from auditor.store.format.records import Draft, Gap
from auditor.store.ledger.conversations import Conversations

log = logging.getLogger(__name__)


class Finished(NamedTuple):
    """An exchange that is over, put together only when it is read; the name of its proxy, and what it will weigh."""

    id: str
    exchange: Callable[[], Exchange]
    proxy: str
    size: int


class Digester:
    """Owns the thread. `add`, `gap` and `broken` are called in it: a record to write, what is missing of an exchange,
    and exchanges that broke it."""

    def __init__(
        self,
        pipeline: Digest,
        add: Callable[[Entry], None],
        gap: Callable[[Gap], None],
        broken: Callable[[Sequence[Finished]], None],
    ) -> None:
        self.pipeline = pipeline
        """By which exchanges are read from now on."""
        self._add = add
        self._gap = gap
        self._broken = broken
        self._thread = Worker()
        self._conversations = Conversations()
        self._skew = Skew()

    def load(self, work: Callable[[], object]) -> None:
        """Begin to load what reading needs, beside the thread."""
        self._thread.load(work)

    @property
    def is_loading(self) -> bool:
        """Whether that still goes on."""
        return self._thread.is_loading

    def read(self, finished: Sequence[Finished]) -> None:
        """Have some exchanges read and queued, in their order."""
        self._thread.read(self._read, finished)

    def forget_old(self) -> None:
        """Remember no conversation that nobody goes on with."""
        self._thread.do(self._conversations.forget_old)

    def forget(self) -> None:
        """Remember no conversation: the ledger may not have what was queued."""
        self._thread.do(self._conversations.forget)

    def close(self) -> None:
        """Read what was handed over, then end the thread; blocks."""
        self._thread.close()

    # --- the thread ---------------------------------------------------------------------------------------------

    def _read(self, finished: Sequence[Finished]) -> None:
        queued = 0
        try:
            exchanges = [one.exchange() for one in finished]
            drafts = self.pipeline.process_all(exchanges)
            for one, exchange, draft in zip(finished, exchanges, drafts, strict=True):
                self._look(exchange)
                self._queue(one, exchange, draft)
                queued += 1
        except Exception as defect:  # a defect of ours must not cost calls without a word
            log.error("Exchanges could not be recorded: %s.", type(defect).__name__)
            self._broken(finished[queued:])

    def _queue(self, one: Finished, exchange: Exchange, draft: Draft) -> None:
        for beside in (self.pipeline.introduction(exchange), self.pipeline.withheld(exchange)):
            if beside:
                self._add(Entry(record=prepare(beside)))
        *passages, record = self._prepared(draft)
        for passage in passages:
            self._add(Entry(record=passage))
        unparsed = is_unparsed(draft)
        self._add(Entry(record=record, exchange=one.id, proxy=one.proxy, size=one.size, is_unparsed=unparsed))

    def _prepared(self, draft: Draft) -> tuple[Prepared, ...]:
        try:
            return self._conversations.prepare(draft)
        except Exception as defect:  # stored for itself, it takes room and is whole
            log.error("A call could not be told from its conversation: %s.", type(defect).__name__)
            self._conversations.forget()
            return (prepare(draft),)

    def _look(self, exchange: Exchange) -> None:
        """Tell what is missing of an exchange, and what its answer says of this machine's clock."""
        if exchange.truncated:
            now = datetime.now(UTC)
            detail = f"{exchange.truncated} bytes"
            self._gap(Gap(time=now, reason="body_truncated", count=1, until=now, detail=detail))
        if wrong := self._skew.seen(exchange):
            self._gap(wrong)
