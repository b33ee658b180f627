# SPDX-License-Identifier: Apache-2.0
"""The status bar: are the gateways well, is everything recorded, what is running, and the lock."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from ui.background import Background, Job
from ui.models import formats
from ui.theme import theme
from ui.widgets.basics import across, down, holder, label, picture, set_picture, tool
from ui.widgets.job_list import JobList

QUIET_MS = 300
"""Work shorter than this is not shown."""

SOON_S = 60
"""From so many seconds on, the time to the lock is shown."""


class Lamp(QWidget):
    """A drawing and a sentence."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._mark = picture("clock", "muted", 15)
        self.words = label("", "caption")
        self.setLayout(across(self._mark, self.words, spacing=6))

    def say(self, drawing: str, tone: str, words: str, more: str = "") -> None:
        """Set drawing, colour and words; `more` is the tooltip."""
        set_picture(self._mark, drawing, tone, 15)
        self.words.setText(words)
        self.setToolTip(more)
        self.setAccessibleName(f"{self._name}: {words}")
        self.setAccessibleDescription(more)


class StatusBar(QWidget):
    """Health on the left, work and lock on the right."""

    lock_wanted = Signal()
    theme_wanted = Signal()
    palette_wanted = Signal()

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.health = Lamp("Gateways")
        self.completeness = Lamp("Completeness")
        self.lock = tool("lock", "Lock (Ctrl+Shift+L)", text="Lock")
        self.look = tool("theme", "Change the colours (Ctrl+Shift+T)", color="muted")
        self.search = tool("search", "Find a page or a command (Ctrl+K)", text="Ctrl+K", color="muted")
        self.countdown = label("", "caption")
        self.jobs: list[Job] = []
        self.work = tool("down", "Work under way: show it", color="muted")
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(theme().px(110))
        self._progress.setAccessibleName("Work under way")
        self._patience = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._patience.timeout.connect(self._show_work)
        self.lock.clicked.connect(self.lock_wanted)
        self.look.clicked.connect(self.theme_wanted)
        self.search.clicked.connect(self.palette_wanted)
        self.work.clicked.connect(self.show_jobs)
        row = across(
            self.health, self.completeness, 1, self.work, self._progress, self.countdown, self.search, self.look,
            self.lock, margins=(14, 3, 10, 3), spacing=12,
        )  # fmt: skip
        self.setLayout(down(holder(row, "status")))
        background.started.connect(self._started)
        background.ended.connect(self._ended)
        self.show_remaining(-1)
        self._show_work()

    def show_remaining(self, seconds: int) -> None:
        """How long until the desktop locks itself; -1: it does not."""
        soon = 0 <= seconds <= SOON_S
        self.countdown.setVisible(soon)
        self.countdown.setText(f"locks in {seconds // 60:02d}:{seconds % 60:02d}" if soon else "")
        when = f"; locks itself in {seconds // 60} min {seconds % 60} s without a touch" if seconds >= 0 else ""
        self.lock.setToolTip(f"Lock (Ctrl+Shift+L){when}")

    def show_jobs(self) -> None:
        """The list of what is under way, each with its progress and its way out."""
        listed = JobList(self.jobs, self)
        hint = listed.sizeHint()
        corner = self.work.mapToGlobal(self.work.rect().topRight())
        listed.move(corner.x() - hint.width(), corner.y() - hint.height() - theme().px(6))
        listed.show()

    def _started(self, job: Job) -> None:
        if job.label:
            self.jobs.append(job)
            job.progressed.connect(self._progressed)
            self._patience.start()

    def _ended(self, job: Job) -> None:
        if job in self.jobs:
            self.jobs.remove(job)
            if not self.jobs or self.work.isVisible():
                self._show_work()

    def _progressed(self, done: int, total: int) -> None:
        self._progress.setRange(0, total)
        self._progress.setValue(done)

    def _show_work(self) -> None:
        busy = bool(self.jobs)
        for part in (self.work, self._progress):
            part.setVisible(busy)
        if not busy:
            self._patience.stop()
            return
        others = f" · {formats.count(len(self.jobs) - 1, 'other')}" if len(self.jobs) > 1 else ""
        said = f"{self.jobs[-1].label}{others}"
        self.work.setText(said)
        self.work.setAccessibleName(f"Work under way: {said}")
        self._progress.setRange(0, 0)
