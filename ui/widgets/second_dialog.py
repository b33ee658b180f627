# SPDX-License-Identifier: Apache-2.0
"""Asks another auditor to confirm what is about to be revealed, with their own identity and passphrase."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QProgressBar, QWidget

from ui.models import formats
from ui.theme import theme
from ui.widgets.basics import across, button, down, label
from ui.widgets.facts import Facts
from ui.widgets.person_fields import PersonFields

WIDTH = 500
MEANING = "A reveal takes two people in this store. Another auditor reads what is asked and why, and signs it; both \
names are recorded before anything opens."


class SecondDialog(QDialog):
    """`signed` carries the `Person`; rejecting it opens nothing."""

    signed = Signal(object)

    def __init__(self, what: str, reason: str, asker: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("A second person")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.person = PersonFields("second person")
        self.problem = label("", "bad", wrap=True)
        self.problem.setAccessibleName("Problem")
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setAccessibleName("Opening what is sealed")
        self.submit, self.leave = button("Sign and reveal", "primary"), button("Cancel")
        self._arrange([("Reveals", what), ("Asked by", formats.one_line(asker, 80)), ("Reason", reason)])
        self.person.changed.connect(lambda: self.submit.setEnabled(self.person.filled))
        self.person.submitted.connect(self.submit.click)
        self.submit.clicked.connect(self._sign)
        self.leave.clicked.connect(self.reject)
        self._work(False)
        self.problem.hide()

    def _arrange(self, facts: list[tuple[str, str]]) -> None:
        layout = down(label("A second person", "title"), margins=(24, 20, 24, 20), spacing=10)
        for part in (label(MEANING, "muted", wrap=True), Facts("", facts), self.person, self.problem, self.busy):
            layout.addWidget(part)
        layout.addLayout(across(1, self.leave, self.submit))
        self.setLayout(layout)
        self.setFixedWidth(theme().px(WIDTH))
        self.submit.setDefault(True)

    def _sign(self) -> None:
        if self.person.filled:
            self.problem.hide()
            person = self.person.take()
            self._work(True)
            self.signed.emit(person)

    def fail(self, sentence: str) -> None:
        """Say in place why nothing was opened, ready for another try."""
        self._work(False)
        self.problem.setText(sentence)
        self.problem.show()
        self.person.passphrase.setFocus()

    def _work(self, busy: bool) -> None:
        self.busy.setVisible(busy)
        self.person.setEnabled(not busy)
        self.leave.setEnabled(not busy)
        self.submit.setEnabled(not busy and self.person.filled)
