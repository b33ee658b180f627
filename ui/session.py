# SPDX-License-Identifier: Apache-2.0
"""An unlocked store, from unlocking to locking: the archive and the threads that read it.

Invariants: the passphrase is used once and not kept; `close` drops identity, archive and every answer under way, so
that nothing readable outlives the lock (as far as Python allows: it cannot wipe memory). Views reach the archive only
through `query` and `command`, never on the main thread.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from auditor import keeping
from auditor.archive import Archive, Interrupted
from auditor.errors import AuditorError
from auditor.keeping import Due
from auditor.store import Identity, Location
from auditor.store.keys.notes import SealedNote
from ui.background import Background, Job
from ui.models.about import About, read_about
from ui.models.auditors import People, read_people
from ui.models.health import Health, read_health, verify_ledgers
from ui.models.keys import Keys
from ui.models.policy import policy_of

NEWS_EVERY_MS = 1_000
HEALTH_EVERY_MS = 5_000


class Session(QObject):
    """What is open, and how views read it."""

    opened = Signal()
    news = Signal(int)
    """Calls came into the index; how many."""

    changed = Signal()
    """Records came into the index: calls, or casework of others."""

    health_read = Signal(object)
    """A fresh `Health`."""

    def __init__(self, location: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.location = location
        self.calls = 0
        """Number of calls in the index, as far as known."""

        self.background = Background(self)
        self._archive: Archive | None = None
        self._identity: Identity | None = None
        self._identity_file = Path()
        self._looking = False
        self._index_is_stale = False
        self._news_clock = QTimer(self, interval=NEWS_EVERY_MS)
        self._news_clock.timeout.connect(self.look_for_news)
        self._health_clock = QTimer(self, interval=HEALTH_EVERY_MS)
        self._health_clock.timeout.connect(self.look_at_health)

    # --- opening and closing ---

    def unlock(self, keys: Keys, failed: Callable[[AuditorError], object]) -> Job:
        """Open identity and archive and bring the index up to date; the job reports the index's progress."""
        location, self._identity_file = self.location, keys.own.identity

        def work(job: Job) -> tuple[Identity, Archive, int]:
            identity = keys.open()
            archive = Archive.open(location, identity)
            try:
                archive.refresh(job.report)
                return identity, archive, archive.count()
            except BaseException:
                archive.close()
                raise

        return self.background.query(self, work, self._take, failed, topic="unlock")

    def _take(self, found: tuple[Identity, Archive, int]) -> None:
        self._identity, self._archive, self.calls = found
        self._news_clock.start()
        self._health_clock.start()
        self.opened.emit()
        self.look_at_health()

    def close(self) -> None:
        """Lock: stop everything and let go of the archive and the identity."""
        self._news_clock.stop()
        self._health_clock.stop()
        self.background.close()
        if self._archive is not None:
            self._archive.close()
            if self._index_is_stale and self._identity is not None:
                Archive.discard(self._archive.location, self._identity)
        self._archive = self._identity = None
        self.calls = 0

    def drop_index(self) -> None:
        """The index shows what was destroyed: delete it when the session is closed, which has to follow now."""
        self._index_is_stale = True

    @property
    def identity_file(self) -> Path:
        """The identity that is open."""
        return self._identity_file

    @property
    def place(self) -> Location:
        """Where the store is, parsed."""
        return self._unlocked().location

    @property
    def auditor(self) -> str:
        """Whose identity is open; empty while locked."""
        return self._identity.name if self._identity is not None else ""

    # --- reading ---

    def query[T](
        self,
        owner: QObject,
        work: Callable[[Archive, Job], T],
        then: Callable[[T], object],
        failed: Callable[[AuditorError], object] | None = None,
        *,
        topic: str = "",
        label: str = "",
    ) -> Job:
        """Read from the archive on the reader thread; the newest of a topic wins."""
        return self.background.query(owner, self._work(work), then, failed, topic=topic, label=label)

    def command[T](
        self,
        owner: QObject,
        work: Callable[[Archive, Job], T],
        then: Callable[[T], object],
        failed: Callable[[AuditorError], object] | None = None,
        *,
        label: str = "",
    ) -> Job:
        """Do something that is recorded, on the writer thread."""
        return self.background.command(owner, self._work(work), then, failed, label=label)

    def verify(
        self,
        owner: QObject,
        then: Callable[[tuple[bool, str]], object],
        failed: Callable[[AuditorError], object],
    ) -> Job:
        """Verify every ledger; the answer is whether all hold, and one sentence."""
        location, identity = self.location, self._identity
        return self.background.errand(
            owner,
            lambda job: verify_ledgers(location, identity, job.report),
            then,
            failed,
            label="Verifying the ledgers",
        )

    def find_due(self, owner: QObject, then: Callable[[Due], object], failed: Callable[[AuditorError], object]) -> Job:
        """What is past the times of the policy today; the job reports the ledgers' reading."""
        place, identity = self.place, self._held()

        def work(job: Job) -> Due:
            times = keeping.of_policy(policy_of(self.location).retention)
            return keeping.due(place, identity, times, datetime.now(UTC), job.report)

        return self.background.errand(owner, work, then, failed, label="Looking for what is past its time")

    def errand[T](
        self,
        owner: QObject,
        work: Callable[[Archive, Job], T],
        then: Callable[[T], object],
        failed: Callable[[AuditorError], object] | None = None,
        *,
        label: str = "",
    ) -> Job:
        """Something long, on a thread of its own: it holds up neither lists nor triage."""
        return self.background.errand(owner, self._work(work), then, failed, label=label)

    @property
    def note(self) -> SealedNote:
        """What this auditor keeps about the store beside the identity, sealed."""
        archive, identity = self._unlocked(), self._held()
        return SealedNote(self._identity_file, identity, archive.location.facts().id)

    def read_about(
        self, owner: QObject, then: Callable[[About], object], failed: Callable[[AuditorError], object]
    ) -> Job:
        """Read what is known of the store and of the identity that opened it."""
        identity, file = self._held(), self._identity_file
        return self.query(owner, lambda archive, _: read_about(archive, identity, file), then, failed, topic="about")

    def read_people(
        self, owner: QObject, then: Callable[[People], object], failed: Callable[[AuditorError], object]
    ) -> Job:
        """Read who reads the store."""
        identity = self._held()
        return self.query(
            owner, lambda archive, _: read_people(archive.location, identity), then, failed, topic="people"
        )

    def look_for_news(self) -> None:
        """Bring the index up to date on the writer thread; one look at a time."""
        if self._looking or self._archive is None:
            return
        self._looking = True
        self.command(self, refreshed, self._take_news, self._no_news)

    def look_at_health(self) -> None:
        """Read counters and signs of life."""
        if self._archive is not None:
            self.query(self, lambda archive, _: read_health(archive), self._take_health, topic="health")

    def _take_health(self, health: Health) -> None:
        self.health_read.emit(health)

    def _take_news(self, calls: int) -> None:
        self._looking = False
        if calls >= 0:
            self.changed.emit()
        if calls > self.calls:
            grown, self.calls = calls - self.calls, calls
            self.news.emit(grown)

    def _no_news(self, error: AuditorError) -> None:
        self._looking = False
        self.background.failed.emit(error)

    def _held(self) -> Identity:
        if self._identity is None:
            raise RuntimeError("the session is locked")
        return self._identity

    def _work[T](self, work: Callable[[Archive, Job], T]) -> Callable[[Job], T]:
        archive = self._unlocked()
        return lambda job: persistently(archive, work, job)

    def _unlocked(self) -> Archive:
        if self._archive is None:
            raise RuntimeError("the session is locked")
        return self._archive


def refreshed(archive: Archive, job: Job) -> int:
    """Take new records into the index; the number of calls that are in it."""
    return archive.count() if archive.refresh(job.report) else -1


def persistently[T](archive: Archive, work: Callable[[Archive, Job], T], job: Job) -> T:
    """Do the work so that cancelling it interrupts the database in this thread, and so that it outlives an interrupt
    that was meant for the job before it."""
    job.interrupt = partial(archive.interrupt, threading.get_ident())
    while True:
        try:
            return work(archive, job)
        except Interrupted:
            if job.cancelled:
                raise
