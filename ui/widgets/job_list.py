# SPDX-License-Identifier: Apache-2.0
"""The work under way, one line each: what it is, how far it is, and a button that ends it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QProgressBar, QWidget
from shiboken6 import isValid

from ui.background import Job
from ui.theme import theme
from ui.widgets.basics import across, down, holder, label, tool


class JobList(QFrame):
    """Opens over the status bar and closes when anything else is touched."""

    def __init__(self, jobs: Sequence[Job], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("Work under way")
        column = down(label("Work under way", "heading"), margins=(16, 12, 12, 12), spacing=8)
        for job in jobs:
            column.addWidget(self._line(job))
        if not jobs:
            column.addWidget(label("Nothing is running.", "muted"))
        self.setLayout(down(holder(column, "palette")))
        self.setFixedWidth(theme().px(380))
        self.adjustSize()

    def _line(self, job: Job) -> QWidget:
        bar = QProgressBar()
        bar.setTextVisible(False)
        bar.setRange(0, 0)
        bar.setFixedWidth(theme().px(110))
        bar.setAccessibleName(f"{job.label}: progress")
        stop = tool("close", f"Cancel: {job.label}", color="muted")
        words = label(job.label, wrap=True)
        row = across(words, bar, stop, spacing=10)
        row.setStretch(0, 1)
        line = holder(row)

        def progressed(done: int, total: int) -> None:
            if isValid(bar):
                bar.setRange(0, total)
                bar.setValue(done)

        def ended() -> None:
            if isValid(line):
                words.setText(f"{job.label}: done")
                bar.hide()
                stop.hide()

        job.progressed.connect(progressed)
        job.ended.connect(ended)
        stop.clicked.connect(job.cancel)
        return line
