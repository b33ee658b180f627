# SPDX-License-Identifier: Apache-2.0
"""A dialog that asks for the reason to read contents, and shows how far the reading is; closed, it is cancelled."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.theme import theme
from ui.widgets.basics import button, down, label
from ui.widgets.contents.reason_gate import ReasonLine
from ui.widgets.dialogs.ground import Dialog

WIDTH = 520


class ReasonDialog(Dialog):
    """`given` carries the reason. `fields` are asked for above it, each under its name."""

    given = Signal(str)
    cancelled = Signal()

    def __init__(
        self, title: str, does: str, said: Sequence[str], parent: QWidget, fields: Sequence[tuple[str, QWidget]] = ()
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        leave = button("Cancel")
        leave.clicked.connect(self.reject)
        self.gate = ReasonLine(does, beside=leave)
        layout = down(label(title, "title"), margins=(24, 20, 24, 20), spacing=10)
        for text in said:
            layout.addWidget(label(text, "muted", wrap=True))
        for name, field in (*fields, ("Reason", self.gate)):
            layout.addWidget(label(name, "caption"))
            layout.addWidget(field)
        self.setLayout(layout)
        self.gate.read.setDefault(True)  # else Return in a field would press the first button, which cancels
        self.setMinimumWidth(theme().px(WIDTH))
        self.gate.given.connect(self.given)

    def show_progress(self, done: int, total: int) -> None:
        """How far it is."""
        self.gate.busy.setRange(0, total)
        self.gate.busy.setValue(done)

    def fail(self, sentence: str) -> None:
        """Say in place why nothing was read."""
        self.gate.fail(sentence)

    def done(self, result: int) -> None:
        """Closed: what is under way is cancelled."""
        self.cancelled.emit()
        super().done(result)
