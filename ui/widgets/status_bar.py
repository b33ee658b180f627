# SPDX-License-Identifier: Apache-2.0
"""The status bar: are the gateways well, is everything recorded, what is running, and the lock."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from ui.background import Background, Job
from ui.theme import theme
from ui.widgets.basics import across, down, holder, label, picture, set_picture, tool

QUIET_MS = 300
"""Work shorter than this is not shown."""


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

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.health = Lamp("Gateways")
        self.completeness = Lamp("Completeness")
        self.lock = tool("lock", "Lock (Ctrl+Shift+L)", text="Lock")
        self.look = tool("theme", "Change the colours (Ctrl+Shift+T)", color="muted")
        self._jobs: list[Job] = []
        self._work = label("", "caption")
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(theme().px(110))
        self._progress.setAccessibleName("Work under way")
        self._cancel = tool("close", "Cancel the work under way", color="muted")
        self._patience = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._patience.timeout.connect(self._show_work)
        self.lock.clicked.connect(self.lock_wanted)
        self.look.clicked.connect(self.theme_wanted)
        self._cancel.clicked.connect(self._cancel_all)
        row = across(
            self.health, self.completeness, 1, self._work, self._progress, self._cancel, self.look, self.lock,
            margins=(14, 3, 10, 3), spacing=14,
        )  # fmt: skip
        self.setLayout(down(holder(row, "status")))
        background.started.connect(self._started)
        background.ended.connect(self._ended)
        self._show_work()

    def _started(self, job: Job) -> None:
        if job.label:
            self._jobs.append(job)
            job.progressed.connect(self._progressed)
            self._patience.start()

    def _ended(self, job: Job) -> None:
        if job in self._jobs:
            self._jobs.remove(job)
            if not self._jobs:
                self._show_work()

    def _cancel_all(self) -> None:
        for job in tuple(self._jobs):
            job.cancel()

    def _progressed(self, done: int, total: int) -> None:
        self._progress.setRange(0, total)
        self._progress.setValue(done)

    def _show_work(self) -> None:
        busy = bool(self._jobs)
        for part in (self._work, self._progress, self._cancel):
            part.setVisible(busy)
        if busy:
            self._work.setText(self._jobs[-1].label)
            self._progress.setRange(0, 0)
        else:
            self._patience.stop()
