# SPDX-License-Identifier: Apache-2.0
"""Asks for words to look for in what was said, and for the reason to read it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.models import formats
from ui.models.searching import MOST
from ui.theme import theme
from ui.widgets.basics import button, down, label
from ui.widgets.dialog import Dialog
from ui.widgets.reason_gate import ReasonLine

WIDTH = 520


class SearchDialog(Dialog):
    """`wanted` carries words and reason."""

    wanted = Signal(str, str)
    cancelled = Signal()

    def __init__(self, listed: int, filter_said: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Search content")
        opened = min(listed, MOST)
        part = "" if opened == listed else f" of {listed:,}"
        narrow = "" if opened == listed else " Narrow the filter to search others."
        meaning = (
            f"{formats.count(opened, 'call')}{part} will be opened.{narrow} The reading is recorded with your reason "
            "and all their ids before anything is opened; the words are not recorded."
        )
        self.words = QLineEdit()
        self.words.setAccessibleName("Words to look for")
        self.words.setPlaceholderText("Words that must all occur")
        self.words.setMaxLength(200)
        leave = button("Cancel")
        leave.clicked.connect(self.reject)
        self.gate = ReasonLine("Search", beside=leave)
        layout = down(label("Search what was said", "title"), margins=(24, 20, 24, 20), spacing=10)
        for text in (filter_said, meaning):
            layout.addWidget(label(text, "muted", wrap=True))
        for name, part_ in (("Words", self.words), ("Reason", self.gate)):
            layout.addWidget(label(name, "caption"))
            layout.addWidget(part_)
        self.setLayout(layout)
        self.setMinimumWidth(theme().px(WIDTH))
        self.gate.given.connect(self._give)
        self.words.setFocus()

    def _give(self, reason: str) -> None:
        words = self.words.text().strip()
        if not words:
            self.gate.fail("Say what to look for.")
            self.words.setFocus()
            return
        self.wanted.emit(words, reason)

    def show_progress(self, done: int, total: int) -> None:
        """How far it is."""
        self.gate.busy.setRange(0, total)
        self.gate.busy.setValue(done)

    def fail(self, sentence: str) -> None:
        """Say in place why nothing was searched."""
        self.gate.fail(sentence)

    def done(self, result: int) -> None:
        """Closed: what is under way is cancelled."""
        self.cancelled.emit()
        super().done(result)
