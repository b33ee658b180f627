# SPDX-License-Identifier: Apache-2.0
"""A dialog for one thing that is done and recorded: what it means, its fields, what went wrong in place.

`KeysDialog` adds what unlocks the identity: whoever changes it, or who may read, shows once more that it is theirs.
"""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QProgressBar, QWidget

from ui.theme import theme
from ui.widgets.basics import across, button, down, label
from ui.widgets.dialogs.ground import Dialog
from ui.widgets.keys_form import KeysForm

WIDTH = 500


class ActionDialog(Dialog):
    """`wanted` fires once everything is given; the answer is `accept`, or `fail` with one sentence."""

    wanted = Signal()

    def __init__(self, title: str, meaning: str, does: str, parts: tuple[QWidget, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._parts = parts
        self.problem = label("", "bad", wrap=True)
        self.problem.setAccessibleName("Problem")
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setAccessibleName(f"{title}: under way")
        self.submit, self.leave = button(does, "primary"), button("Cancel")
        layout = down(label(title, "title"), label(meaning, "muted", wrap=True), margins=(24, 20, 24, 20), spacing=10)
        for part in (*parts, self.problem, self.busy):
            layout.addWidget(part)
        layout.addLayout(across(1, self.leave, self.submit))
        self.setLayout(layout)
        self.setFixedWidth(theme().px(WIDTH))
        self.submit.setDefault(True)
        self.submit.clicked.connect(self._give)
        self.leave.clicked.connect(self.reject)
        self.problem.hide()
        self._work(False)

    @property
    def ready(self) -> bool:
        """Whether everything that is needed is there."""
        return True

    def check(self) -> None:
        """Something was written or chosen."""
        self.submit.setEnabled(self.ready and not self.busy.isVisibleTo(self))

    def _give(self) -> None:
        if self.ready:
            self.problem.hide()
            self._work(True)
            self.wanted.emit()

    def fail(self, sentence: str) -> None:
        """Say in place why nothing was done, ready for another try."""
        self._work(False)
        self.problem.setText(sentence)
        self.problem.show()

    def _work(self, busy: bool) -> None:
        self.busy.setVisible(busy)
        for part in (*self._parts, self.leave):
            part.setEnabled(not busy)
        self.check()


class KeysDialog(ActionDialog):
    """An action that takes the identity once more; `given` carries its `Keys`. Every line among the parts is needed."""

    given = Signal(object)

    def __init__(
        self, title: str, meaning: str, does: str, parts: tuple[QWidget, ...], identity: Path, parent: QWidget
    ) -> None:
        self.keys = KeysForm(identity, "Your passphrase now")
        inner = (line for part in parts for line in (part, *part.findChildren(QLineEdit)))
        self.lines = [line for line in inner if isinstance(line, QLineEdit)]
        """The fields that have to be written."""

        super().__init__(title, meaning, does, (*parts, self.keys), parent)
        for line in self.lines:
            line.textChanged.connect(lambda _: self.check())
        self.keys.changed.connect(self.check)
        self.keys.submitted.connect(self.submit.click)
        self.wanted.connect(lambda: self.given.emit(self.keys.take()))

    @property
    def ready(self) -> bool:
        """Whether every line is written, and the identity's keys are there."""
        return self.keys.filled and all(line.text().strip() for line in self.lines)

    def fail(self, sentence: str) -> None:
        """Say in place why nothing was done, ready for another try."""
        super().fail(sentence)
        self.keys.focus()
