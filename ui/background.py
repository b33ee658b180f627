# SPDX-License-Identifier: Apache-2.0
"""Background work: a `Query` reads, a `Command` writes; both run off the main thread and answer on it.

Two threads: one reader and one writer, each serial, so that a view is never ahead of a change it caused.
Invariants: work never touches a widget; an answer arrives on the main thread, or not at all when its job was
cancelled, was followed by a newer job of the same topic, or its owner is gone. A known failure (`AuditorError`) goes to
the job's own handler or to `Background.failed`; anything else is a defect and is raised on the main thread.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from auditor.errors import AuditorError

PROGRESS_EVERY_S = 0.05

type Work[T] = Callable[[Job], T]
type Then[T] = Callable[[T], object]
type Failed = Callable[[AuditorError], object]


class Cancelled(Exception):
    """Raised in work that reports progress after it was cancelled."""


class Job(QObject):
    """One piece of work under way. `report` and `cancelled` are for the work, the signals for whoever watches."""

    progressed = Signal(int, int)
    ended = Signal()
    _answered = Signal(object, object)

    def __init__(self, owner: QObject, work: Work[Any], then: Then[Any], failed: Failed | None, label: str) -> None:
        super().__init__()
        self.label = label
        self.owner = owner
        self.cancelled = False
        self.interrupt: Callable[[], object] | None = None
        """What stops the work while it runs (a database interrupt), set by the work itself."""
        self._work, self._then, self._failed = work, then, failed
        self._last_report = 0.0
        self.failed_unhandled: Failed | None = None
        self.done: Callable[[Job], object] | None = None
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def report(self, done: int, total: int) -> None:
        """From the work: `done` of `total` steps; passed on at most every 50 ms. Raises `Cancelled`."""
        if self.cancelled:
            raise Cancelled
        now = time.monotonic()
        if now - self._last_report >= PROGRESS_EVERY_S:
            self._last_report = now
            self.progressed.emit(done, total)

    def cancel(self) -> None:
        """Drop the answer, and stop the work where it can be stopped."""
        self.cancelled = True
        interrupt = self.interrupt  # the worker takes it away when the work ends, perhaps now
        if interrupt is not None:
            interrupt()

    def run(self) -> None:
        """Do the work (on a worker thread) and hand its answer to the main thread."""
        result: object = None
        error: BaseException | None = None
        if not self.cancelled:
            try:
                result = self._work(self)
            except Exception as caught:  # carried to the main thread: defects must surface there
                error = caught
        self.interrupt = None
        self._answered.emit(result, error)

    def _deliver(self, result: object, error: BaseException | None) -> None:
        then, failed, dropped = self._then, self._failed or self.failed_unhandled, self.cancelled
        self.ended.emit()
        if self.done is not None:
            self.done(self)
        self._release()
        if dropped or not isValid(self.owner):
            return
        if error is None:
            then(result)
        elif not isinstance(error, AuditorError):
            raise error
        elif failed is not None:
            failed(error)

    def _release(self) -> None:
        """Let go of everything the work holds: Python sees no cycle that goes through a Qt connection."""
        self._work = self._then = _nothing
        self._failed = self.failed_unhandled = self.done = None


def _nothing(_: object) -> None:
    """Stands where work and handlers were."""


class Background(QObject):
    """The worker threads and the jobs on them."""

    started = Signal(object)
    ended = Signal(object)
    failed = Signal(object)
    """A known failure no one handled: an `AuditorError`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = ThreadPoolExecutor(1, "reader")
        self._writer = ThreadPoolExecutor(1, "writer")
        self._errands = ThreadPoolExecutor(1, "errands")
        self._jobs: set[Job] = set()
        self._topics: dict[tuple[int, str], Job] = {}
        self._closed = False

    def query[T](
        self,
        owner: QObject,
        work: Work[T],
        then: Then[T],
        failed: Failed | None = None,
        *,
        topic: str = "",
        label: str = "",
    ) -> Job:
        """Read in the background. A newer query of the same owner and `topic` replaces an older one."""
        return self._start(self._reader, Job(owner, work, then, failed, label), topic)

    def command[T](
        self, owner: QObject, work: Work[T], then: Then[T], failed: Failed | None = None, *, label: str = ""
    ) -> Job:
        """Change something in the background; commands are never replaced."""
        return self._start(self._writer, Job(owner, work, then, failed, label), "")

    def errand[T](
        self, owner: QObject, work: Work[T], then: Then[T], failed: Failed | None = None, *, label: str = ""
    ) -> Job:
        """Something long, such as an export or a verification: it holds up neither reading nor writing."""
        return self._start(self._errands, Job(owner, work, then, failed, label), "")

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._jobs

    def cancel_all(self) -> None:
        """Cancel whatever is under way."""
        for job in tuple(self._jobs):
            job.cancel()

    def close(self) -> None:
        """Cancel everything and wait for the threads."""
        self._closed = True
        self.cancel_all()
        self._reader.shutdown(wait=True, cancel_futures=True)
        self._writer.shutdown(wait=True, cancel_futures=True)
        self._errands.shutdown(wait=True, cancel_futures=True)
        for job in self._jobs:
            job._release()
        self._jobs.clear()
        self._topics.clear()

    def _start(self, thread: ThreadPoolExecutor, job: Job, topic: str) -> Job:
        if self._closed:
            job.cancelled = True
            return job
        if topic:
            key = (id(job.owner), topic)
            if older := self._topics.get(key):
                older.cancel()
            self._topics[key] = job
        job.failed_unhandled = self.failed.emit
        job.done = self._end
        self._jobs.add(job)
        self.started.emit(job)
        thread.submit(job.run)
        return job

    def _end(self, job: Job) -> None:
        self._jobs.discard(job)
        self._topics = {key: other for key, other in self._topics.items() if other is not job}
        self.ended.emit(job)
