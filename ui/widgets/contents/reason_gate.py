# SPDX-License-Identifier: Apache-2.0
"""What stands before content: says that it is sealed, asks for a reason, and says that the reading is recorded.

`ReasonLine` is the field with its button alone, for places that say themselves what is sealed.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QFrame, QLayout, QLineEdit, QProgressBar, QWidget

from ui.theme import theme
from ui.widgets.basics import across, button, down, label, picture

SHORTEST, LONGEST = 4, 300


class ReasonLine(QWidget):
    """A field for a reason and a button; `given` carries the reason. Reasons given before are proposed."""

    given = Signal(str)

    def __init__(self, does: str, parent: QWidget | None = None, *, beside: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reasons: list[str] = []
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("For example: incident 4711, customer data in prompts")
        self.reason.setAccessibleName(f"Reason: {does}")
        self.reason.setMaxLength(LONGEST)
        self.read = button(does, "primary")
        self.read.setEnabled(False)
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setAccessibleName("Opening what is sealed")
        self.problem = label("", "bad", wrap=True)
        self.reason.textChanged.connect(lambda text: self.read.setEnabled(len(text.strip()) >= SHORTEST))
        self.reason.returnPressed.connect(self.read.click)
        self.read.clicked.connect(self._give)
        layout = down(self.reason, self.problem, self.busy, spacing=10)
        layout.addLayout(across(1, *([beside] if beside is not None else []), self.read))
        self.setLayout(layout)
        self.reset()

    def reset(self) -> None:
        """Empty, ready for the next one."""
        self.reason.clear()
        self.reason.setEnabled(True)
        self.problem.hide()
        self.busy.hide()

    def fail(self, sentence: str) -> None:
        """Say in place why it could not be opened; the reason stays."""
        self.busy.hide()
        self.reason.setEnabled(True)
        self.read.setEnabled(True)
        self.problem.setText(sentence)
        self.problem.show()

    def _give(self) -> None:
        reason = self.reason.text().strip()
        if reason not in self._reasons:
            self._reasons.append(reason)
            completer = QCompleter(self._reasons, self)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            self.reason.setCompleter(completer)
        self.problem.hide()
        self.reason.setEnabled(False)
        self.read.setEnabled(False)
        self.busy.show()
        self.given.emit(reason)


class ReasonGate(QWidget):
    """Says that the content is sealed and asks for a reason; `given` carries it."""

    given = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = ReasonLine("Read content")
        self.reason, self.read, self.problem = self.line.reason, self.line.read, self.line.problem
        self.line.given.connect(self.given)
        self.setLayout(self._arrange())

    def _arrange(self) -> QLayout:
        card = QFrame()
        card.setProperty("look", "card")
        card.setMaximumWidth(theme().px(460))
        inner = down(margins=(22, 20, 22, 20), spacing=10)
        inner.addLayout(across(picture("lock", "accent", 20), label("The content is sealed", "heading"), 1, spacing=10))
        said = "Say why you read it. Your name, the time and the reason are recorded before it opens."
        inner.addWidget(label(said, "muted", wrap=True))
        inner.addWidget(self.line)
        card.setLayout(inner)
        layout = down(margins=(20, 20, 20, 20))
        layout.addStretch(1)
        middle = across(1, card, 1)
        middle.setStretchFactor(card, 8)
        layout.addLayout(middle)
        layout.addStretch(3)
        return layout

    def reset(self) -> None:
        """Empty, ready for the next call."""
        self.line.reset()

    def fail(self, sentence: str) -> None:
        """Say in place why it could not be opened; the reason stays."""
        self.line.fail(sentence)
