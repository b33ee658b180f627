# SPDX-License-Identifier: Apache-2.0
"""The one thread that writes the ledger: what waits together is committed together, intents first.

What holds:
- An entry's `done` is called after its group is durable, or, for an intent, once it is certain that it is not.
- Completions and notes are never dropped here: a group that fails is tried again until the ledger takes it.
- They wait a moment for company: mostly they ride on the commit of the next intents, and rarely hold one up.
- A large one is committed alone, after the intents that wait; it is overtaken once.
- After a failure (`failure` says why) intents are refused at once for a moment, so that nobody waits for a broken disk;
  the first one after that tries the ledger again.
"""

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from auditor.errors import AuditorError
from auditor.gateway.vitals import Histogram
from auditor.store.format.prepare import Prepared
from auditor.store.format.records import Draft

log = logging.getLogger(__name__)

GROUP = 256
"""Records of one commit at most."""
LINGER = 0.02
"""Seconds that completions and notes wait for intents to be committed with."""
LARGE = 1 << 20
"""Bytes of a completion that takes long enough to seal and write that intents do not wait for it."""
RETRY = 0.5
"""Seconds of rest after a failure."""


class Ledger(Protocol):
    """What a committer needs of a `LedgerWriter`."""

    def append(self, drafts: Sequence[Draft | Prepared]) -> list[int]:
        """Seal and commit durably, all or nothing."""

    def close(self) -> None:
        """Seal the open segment's end."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A record to write; `exchange` and `proxy` say whom it concerns, `size` what its exchange weighs in memory."""

    record: Draft | Prepared
    exchange: str = ""
    proxy: str = ""
    size: int = 0
    is_intent: bool = False
    is_unparsed: bool = False


class Outcome(msgspec.Struct, frozen=True):
    """What became of a group: durable, or intents refused with a reason."""

    entries: tuple[Entry, ...]
    refused: str | None = None


class Committer:
    """Owns the ledger and its thread. `report` is called in that thread, once a group."""

    def __init__(self, open_ledger: Callable[[], Ledger], report: Callable[[Outcome], None]) -> None:
        self._open_ledger = open_ledger
        self._report = report
        self._ledger: Ledger | None = open_ledger()
        self._intents: deque[Entry] = deque()
        self._others: deque[Entry] = deque()
        self._wake = threading.Condition()
        self._closing = False
        self._overtaken = False
        self._rest_until = 0.0
        self._linger_until = 0.0
        self.failure: str | None = None
        self.commits = Histogram()
        self.written = 0
        self._thread = threading.Thread(target=self._run, name="committer", daemon=True)

    def start(self, first: Draft | None = None) -> None:
        """Write the first record at once, then begin the thread; raises what the ledger raises."""
        if first is not None and self._ledger is not None:
            self._ledger.append([first])
        self._thread.start()

    def add(self, entry: Entry) -> None:
        """Queue a record; any thread."""
        with self._wake:
            if entry.is_intent:
                self._intents.append(entry)
                self._wake.notify()
            else:
                self._others.append(entry)
                if len(self._others) == 1:  # when the others are due, the thread knows already
                    self._linger_until = time.monotonic() + LINGER
                    self._wake.notify()

    @property
    def refusal(self) -> str | None:
        """Why an intent is not even to be tried just now."""
        return self.failure if time.monotonic() < self._rest_until else None

    def __len__(self) -> int:
        return len(self._intents) + len(self._others)

    def close(self, grace: float) -> int:
        """Write what is queued, seal the ledger's end; returns how many records could not be written in time."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join(grace)
        return len(self)

    # --- the thread ---------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while group := self._next():
            self._commit(group)
        with contextlib.suppress(Exception):
            if self._ledger:
                self._ledger.close()

    def _next(self) -> list[Entry]:
        with self._wake:
            while not (self._is_due() or (self._closing and not self._others)):
                self._wake.wait(max(0.0, self._not_before() - time.monotonic()) if self._others else None)
            group = [self._intents.popleft() for _ in range(min(GROUP, len(self._intents)))]
            while self._others and len(group) < GROUP and self._rides(group):
                group.append(self._others.popleft())
            self._overtaken = bool(group and group[0].is_intent and self._others) and self._others[0].size >= LARGE
            return group

    def _rides(self, group: Sequence[Entry]) -> bool:
        """Whether the next of the others is committed with a group. What is large goes alone, but not for ever last."""
        if group and group[-1].size >= LARGE:
            return False
        return self._others[0].size < LARGE or not group or self._overtaken

    def _is_due(self) -> bool:
        """Whether there is something to write; an intent always is."""
        return bool(self._intents) or (bool(self._others) and time.monotonic() >= self._not_before())

    def _not_before(self) -> float:
        """When completions alone are worth a commit: not while a ledger that failed rests, nor at once."""
        return self._rest_until if self._closing else max(self._rest_until, self._linger_until)

    def _commit(self, group: list[Entry]) -> None:
        try:
            if self._ledger is None:
                self._ledger = self._open_ledger()
            began = time.perf_counter()
            self._ledger.append([entry.record for entry in group])
            self.commits.add(time.perf_counter() - began)
            self.written += len(group)
        except Exception as error:  # a defect, too, must be answered, and not end the thread that writes
            self._failed(group, error)
        else:
            if self.failure:
                log.warning("the ledger takes records again")
            self.failure = None
            self._report(Outcome(tuple(group)))

    def _failed(self, group: list[Entry], error: Exception) -> None:
        self.failure = (
            error.message if isinstance(error, AuditorError) else f"the ledger failed: {type(error).__name__}"
        )
        log.error("%s", self.failure, exc_info=None if isinstance(error, AuditorError) else error)
        with self._wake:
            self._others.extendleft(entry for entry in reversed(group) if not entry.is_intent)
            refused = [entry for entry in group if entry.is_intent] + list(self._intents)
            self._intents.clear()
        self._rest_until = time.monotonic() + RETRY
        self._report(Outcome(tuple(refused), refused=self.failure))
        with contextlib.suppress(Exception):  # the next group opens the ledger anew
            if self._ledger:
                self._ledger.close()
        self._ledger = None
