# SPDX-License-Identifier: Apache-2.0
"""A text being written, checked while it is: below it stands what came of it, and the line that is wrong is marked.

The check is somebody else's: `check_wanted` asks for it when the keyboard rests, `show_checked` takes its answer.
"""

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from ui.models.rules import Checked
from ui.theme import MONO, theme
from ui.widgets.basics import across, down, follow_theme, label, picture, set_look, set_picture

PAUSE_MS = 250
TAB = 2


class _Numbers(QWidget):
    """Line numbers beside the text."""

    def __init__(self, code: "Code") -> None:
        super().__init__(code)
        self._code = code

    def sizeHint(self) -> QSize:
        """As wide as the last number."""
        return QSize(self._code.numbers_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The numbers of the lines on show."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme().color("window"))
        painter.setPen(theme().color("muted"))
        painter.setFont(self._code.font())
        for top, height, number in self._code.lines_on_show():
            room = QRect(0, top, self.width() - theme().px(8), height)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), str(number))
        painter.end()


class Code(QPlainTextEdit):
    """Text in a fixed-width face with line numbers; Tab leaves the field, as everywhere."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setProperty("look", "code")
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._numbers = _Numbers(self)
        self.blockCountChanged.connect(lambda _: self._make_room())
        self.updateRequest.connect(self._scrolled)
        follow_theme(self, self._dress)

    def _dress(self) -> None:
        self.setFont(theme().font(12, family=MONO))
        self._make_room()

    def numbers_width(self) -> int:
        """Room of the line numbers."""
        digits = len(str(max(self.blockCount(), 10)))
        return self.fontMetrics().horizontalAdvance("9") * digits + theme().px(20)

    def _make_room(self) -> None:
        self.setViewportMargins(self.numbers_width(), 0, 0, 0)
        self._numbers.update()

    def _scrolled(self, rect: QRect, pixels: int) -> None:
        if pixels:
            self._numbers.scroll(0, pixels)
        else:
            self._numbers.update(0, rect.y(), self._numbers.width(), rect.height())

    def lines_on_show(self) -> list[tuple[int, int, int]]:
        """Top, height and number of every line on show."""
        found, block = [], self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= self.viewport().height():
            height = self.blockBoundingRect(block).height()
            found.append((int(top), int(height), block.blockNumber() + 1))
            top, block = top + height, block.next()
        return found

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The numbers are as high as the text."""
        super().resizeEvent(event)
        inner = self.contentsRect()
        self._numbers.setGeometry(inner.left(), inner.top(), self.numbers_width(), inner.height())

    def mark(self, line: int | None) -> None:
        """Mark the line that is wrong, from 1; None marks none."""
        marks = []
        block = self.document().findBlockByNumber(line - 1) if line else None
        if block is not None and block.isValid():
            mark = QTextEdit.ExtraSelection()
            mark.format.setBackground(QColor(theme().colors.bad_soft))
            mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            mark.cursor = QTextCursor(block)
            marks.append(mark)
        self.setExtraSelections(marks)


class Editor(QWidget):
    """The text and its state."""

    check_wanted = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.code = Code(name)
        self.state = label("", wrap=True, selectable=True)
        self.warnings = label("", "muted", wrap=True)
        self.checked: Checked | None = None
        self._mark = picture("info", "muted", 16)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.code.textChanged.connect(self._typed)
        said = across(self._mark, self.state, margins=(4, 4, 4, 0), spacing=8)
        said.setStretch(1, 1)
        layout = down(self.code, spacing=4)
        layout.setStretch(0, 1)
        layout.addLayout(said)
        layout.addWidget(self.warnings)
        self.setLayout(layout)

    @property
    def text(self) -> str:
        """What is written."""
        return self.code.toPlainText()

    def show_text(self, text: str, *, editable: bool = True) -> None:
        """Show a text and have it checked."""
        self.code.setReadOnly(not editable)
        self.code.setPlainText(text)
        self._pause.stop()
        self._ask()

    def _typed(self) -> None:
        self.checked = None
        self._pause.start()

    def _ask(self) -> None:
        self._pause.stop()
        self.check_wanted.emit(self.text)

    def show_checked(self, text: str, checked: Checked, sound: str) -> None:
        """Say what came of a text, unless it was changed since; `sound` is the sentence where it may be saved."""
        if text != self.text:
            return
        self.checked = checked
        self.state.setText(sound if checked.sound else " ".join(checked.wrong))
        set_look(self.state, "good" if checked.sound else "bad")
        set_picture(self._mark, "check" if checked.sound else "error", "good" if checked.sound else "bad", 16)
        self.warnings.setText("\n".join(f"Mend before you trust it: {one}." for one in checked.warnings))
        self.warnings.setVisible(bool(checked.warnings))
        self.code.mark(checked.line)
        self.code.setAccessibleDescription(self.state.text())
