# SPDX-License-Identifier: Apache-2.0
"""The filter bar: an expression is parsed while it is typed, and only a valid one reaches the list.

Half-typed text is never lost: an invalid expression leaves the list as it is and says in one sentence what is wrong.
Below the field stands what the filter means in English. History lasts as long as the session: filters name actors and
hosts, and nothing of the traffic is written outside the store.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from ui.models.reading import Suggested
from ui.theme import theme
from ui.widgets.basics import across, down, picture, set_look, set_picture, tool
from ui.widgets.elided import Elided
from ui.widgets.suggestions import Suggestions

PAUSE_MS = 220
REMEMBERED = 30


class Reading(Protocol):
    """What came of parsing an expression."""

    @property
    def problem(self) -> str:
        """One sentence when it is not valid, else ""."""

    @property
    def meaning(self) -> str:
        """The filter in English."""


class FilterBar(QWidget):
    """Field, state, meaning, completion, history."""

    applied = Signal(str)
    """A valid expression came to rest."""

    left = Signal()
    """The keyboard wants to go to the list."""

    suggestions_wanted = Signal(str, int)

    def __init__(self, read: Callable[[str], Reading], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._read = read
        self._history: list[str] = []
        self._applied = ""
        self.field = QLineEdit()
        self.field.setAccessibleName("Filter")
        self.field.setPlaceholderText("Filter calls, for example  provider:openai and sent:SECRET and tokens>1000")
        self.field.setClearButtonEnabled(False)
        self.state = picture("filter", "muted", 16)
        self.meaning = Elided("caption")
        self.clear_button = tool("close", "Clear the filter", color="muted")
        self.history_button = tool("history", "Filters used before", color="muted")
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self.suggestions = Suggestions(self.field)
        self._arrange()
        self._connect()
        self.check()

    def _arrange(self) -> None:
        row = across(self.state, self.field, self.clear_button, self.history_button, spacing=6)
        row.setStretchFactor(self.field, 1)
        layout = down(spacing=3)
        layout.addLayout(row)
        note = across(self.meaning, margins=(26, 0, 0, 0))
        layout.addLayout(note)
        self.setLayout(layout)
        self.meaning.setMinimumHeight(theme().px(18))

    def _connect(self) -> None:
        self.field.textChanged.connect(self._typed)
        self.field.textEdited.connect(lambda _: self.ask_suggestions())
        self.field.returnPressed.connect(self._enter)
        self.field.installEventFilter(self)
        self._pause.timeout.connect(self.apply)
        self.clear_button.clicked.connect(self.clear)
        self.history_button.clicked.connect(self._show_history)
        self.suggestions.taken.connect(self._take)

    # --- state ---

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self.field.text()

    def set_text(self, text: str) -> None:
        """Put an expression into the field and apply it at once if it is valid."""
        self.field.setText(text)
        self.apply()

    def clear(self) -> None:
        """No filter."""
        self.set_text("")
        self.field.setFocus()

    def check(self) -> bool:
        """Read the expression and show its state; whether it is valid."""
        reading = self._read(self.text)
        valid = not reading.problem
        empty = not self.text.strip()
        drawing, tone = ("filter", "muted") if empty else ("check", "good") if valid else ("error", "bad")
        set_picture(self.state, drawing, tone, 16)
        said = "No filter" if empty else "The filter is valid" if valid else "The filter is not valid"
        self.state.setAccessibleName(said)
        set_look(self.field, "" if valid else "bad", "state")
        set_look(self.meaning, "caption" if valid else "bad")
        self.meaning.set_text(reading.meaning if valid else reading.problem)
        self.field.setAccessibleDescription(self.meaning.text_whole)
        self.clear_button.setVisible(not empty)
        return valid

    def apply(self) -> None:
        """Hand a valid expression on, once."""
        self._pause.stop()
        if self.check() and self.text != self._applied:
            self._applied = self.text
            self.applied.emit(self.text)

    def _typed(self) -> None:
        self.check()
        self._pause.start()

    def _enter(self) -> None:
        if self.check():
            self.apply()
            self.remember(self.text)
            self.suggestions.hide()
            self.left.emit()

    # --- completion ---

    def ask_suggestions(self) -> None:
        """Ask for what could come next at the cursor."""
        self.suggestions_wanted.emit(self.text, self.field.cursorPosition())

    def show_suggestions(self, for_text: str, found: Sequence[Suggested]) -> None:
        """Offer completions, unless the text has moved on or the keyboard is elsewhere."""
        if for_text == self.text and self.field.hasFocus():
            self.suggestions.offer(found)

    def _take(self, chosen: Suggested) -> None:
        text = self.text
        self.field.setText(text[: chosen.start] + chosen.insert + text[chosen.end :])
        self.field.setCursorPosition(chosen.start + len(chosen.insert))
        self.ask_suggestions()

    # --- history ---

    def remember(self, text: str) -> None:
        """Keep an expression for this session, newest first."""
        if text.strip():
            self._history = [text, *(old for old in self._history if old != text)][:REMEMBERED]

    def _show_history(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text in self._history:
            menu.addAction(text.replace("&", "&&")).triggered.connect(lambda _=False, text=text: self.set_text(text))
        if not self._history:
            menu.addAction("No filter was used in this session yet").setEnabled(False)
        menu.popup(self.history_button.mapToGlobal(self.history_button.rect().bottomLeft()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the field: completions first, then Escape and Down."""
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if self.suggestions.handle_key(event):
                return True
            if event.key() == Qt.Key.Key_Down:
                self.ask_suggestions() if event.modifiers() & Qt.KeyboardModifier.AltModifier else self.left.emit()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.clear() if self.text else self.left.emit()
                return True
        if watched is self.field and event.type() == QEvent.Type.FocusOut:
            self.suggestions.hide()
        return super().eventFilter(watched, event)
