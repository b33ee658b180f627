# SPDX-License-Identifier: Apache-2.0
"""What a step with a finding needs to be told, asked in place: a comment, an owner, a reason, an end.

Nobody dismisses or accepts without a word: the button stays off until everything the step needs is there, and says
what is missing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QPlainTextEdit, QWidget

from auditor.findings import Reason, State, Step
from ui.models.findings import REASONS
from ui.theme import theme
from ui.widgets.basics import across, button, down, follow_theme, label
from ui.widgets.choice import Choice

SHORTEST = 4
USUAL_DAYS = 90
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Ask:
    """One kind of step: title, what its button says, and which fields it shows."""

    title: str
    button: str
    fields: tuple[str, ...]
    status: State | None = None


ASKS = {
    "comment": Ask("Comment", "Add comment", ("comment",)),
    "assign": Ask("Assign", "Assign", ("owner", "due")),
    "dismiss": Ask("Dismiss", "Dismiss", ("reason", "comment"), State.DISMISSED),
    "accept": Ask("Accept the risk", "Accept", ("approver", "until", "comment"), State.ACCEPTED),
}


class StepForm(QFrame):
    """Asks for one step at a time; `given` carries it, `left` says that nothing came of it."""

    given = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.ask = ASKS["comment"]
        self.title = label("", "heading")
        self.reason = Choice()
        self.reason.addItem("Choose why", None)
        for reason, words in REASONS.items():
            self.reason.addItem(words, reason)
        self.owner, self.approver = self._line(80), self._line(80)
        self.due, self.until = self._line(10), self._line(10)
        self.comment = QPlainTextEdit()
        self.comment.setProperty("look", "field")
        self.comment.setTabChangesFocus(True)
        follow_theme(self.comment, lambda: self.comment.setFixedHeight(theme().px(72)))
        self.problem = label("", "muted", wrap=True)
        self.submit = button(self.ask.button, "primary")
        self.cancel = button("Cancel")
        self._fields: dict[str, list[QWidget]] = {}
        self._arrange()
        self._connect()
        self.hide()

    def _line(self, longest: int) -> QLineEdit:
        line = QLineEdit()
        line.setMaxLength(longest)
        return line

    def _arrange(self) -> None:
        layout = down(self.title, margins=(18, 14, 18, 14), spacing=8)
        named: tuple[tuple[str, str, QWidget], ...] = (
            ("reason", "Reason", self.reason),
            ("owner", "Owner", self.owner),
            ("due", "Due (YYYY-MM-DD, may be empty)", self.due),
            ("approver", "Approved by", self.approver),
            ("until", "Accepted until (YYYY-MM-DD)", self.until),
            ("comment", "Comment", self.comment),
        )
        for key, words, field in named:
            caption = label(words, "caption")
            caption.setBuddy(field)
            field.setAccessibleName(words)
            self._fields[key] = [caption, field]
            layout.addWidget(caption)
            layout.addWidget(field)
        foot = across(self.problem, self.cancel, self.submit, spacing=10)
        foot.setStretchFactor(self.problem, 1)
        layout.addSpacing(theme().px(4))
        layout.addLayout(foot)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.reason.currentIndexChanged.connect(lambda _: self.check())
        for line in (self.owner, self.due, self.approver, self.until):
            line.textChanged.connect(lambda _: self.check())
            line.returnPressed.connect(self._give)
        self.comment.textChanged.connect(self.check)
        self.submit.clicked.connect(self._give)
        self.cancel.clicked.connect(self.leave)

    def open(self, kind: str, many: int, auditor: str) -> None:
        """Ask for a step of this kind with so many findings."""
        self.ask = ASKS[kind]
        self.title.setText(self.ask.title if many == 1 else f"{self.ask.title}: {many:,} findings")
        self.setAccessibleName(self.title.text())
        self.reason.setCurrentIndex(0)
        self.comment.clear()
        self.owner.setText(auditor)
        self.approver.clear()
        self.due.clear()
        self.until.setText(f"{datetime.now(UTC) + timedelta(days=USUAL_DAYS):%Y-%m-%d}")
        for key, parts in self._fields.items():
            for part in parts:
                part.setVisible(key in self.ask.fields)
        self.submit.setText(self.ask.button)
        self.check()
        self.show()
        self._fields[self.ask.fields[0]][1].setFocus()

    def check(self) -> bool:
        """Whether everything is there; says what is missing."""
        missing = self._missing()
        self.problem.setText(missing)
        self.submit.setEnabled(not missing)
        self.submit.setAccessibleDescription(missing)
        return not missing

    def _missing(self) -> str:
        fields = self.ask.fields
        checks: tuple[tuple[str, Callable[[], bool], str], ...] = (
            ("reason", lambda: self._reason() is not None, "Choose a reason."),
            ("approver", lambda: bool(self.approver.text().strip()), "Name who approved it."),
            ("until", lambda: _ahead(self.until.text()), "Write a day to come, such as 2027-03-31."),
            ("due", lambda: not self.due.text().strip() or _day(self.due.text()) is not None, "Write a day."),
            (
                "comment",
                lambda: SHORTEST <= len(self.comment.toPlainText().strip()) <= LONGEST,
                "Say why in a comment.",
            ),
        )
        return next((words for key, holds, words in checks if key in fields and not holds()), "")

    def step(self) -> Step:
        """The step as it was told."""
        fields = self.ask.fields
        return Step(
            status=self.ask.status,
            comment=self.comment.toPlainText().strip() if "comment" in fields else "",
            reason=self._reason() if "reason" in fields else None,
            owner=self.owner.text().strip() if "owner" in fields else None,
            due=_day(self.due.text()) if "due" in fields else None,
            approver=self.approver.text().strip() if "approver" in fields else None,
            until=_day(self.until.text()) if "until" in fields else None,
        )

    def _reason(self) -> Reason | None:
        """The reason chosen; Qt hands the enum back as a plain text."""
        chosen = self.reason.currentData()
        return Reason(chosen) if chosen else None

    def leave(self) -> None:
        """Nothing is done."""
        self.hide()
        self.left.emit()

    def _give(self) -> None:
        if self.check():
            self.hide()
            self.given.emit(self.step())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves, Ctrl+Return takes the step."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._give()
        else:
            super().keyPressEvent(event)


def _day(text: str) -> datetime | None:
    """The beginning of a day (UTC), or None where none is written."""
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None


def _ahead(text: str) -> bool:
    day = _day(text)
    return day is not None and day > datetime.now(UTC)
