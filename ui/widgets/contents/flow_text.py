# SPDX-License-Identifier: Apache-2.0
"""A text that is as high as its words need, with masks marked; long ones open step by step.

Two megabytes laid out at once would hold the window for seconds, so at most `STEP` characters are added at a time.
"""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QResizeEvent, QTextCharFormat, QTextCursor, QTextOption, QWheelEvent
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QTextEdit, QVBoxLayout, QWidget

from auditor.privacy.masking import Segment
from ui.models import formats
from ui.theme import MONO, SANS, theme
from ui.widgets.basics import follow_theme

FIRST, STEP = 4_000, 20_000


class Paragraphs(QTextEdit):
    """A read-only text without scroll bars that asks for the height it needs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setProperty("look", "flow")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._fit())

    def _fit(self) -> None:
        height = int(self.document().size().height()) + 2
        if height != self.height():
            self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width needs another height."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """The height of the words at the present width."""
        return QSize(super().sizeHint().width(), int(self.document().size().height()) + 2)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls what contains the text."""
        event.ignore()


class FlowText(QWidget):
    """Segments as flowing text, masks marked, with a button for what is not shown yet."""

    def __init__(self, segments: Sequence[Segment], *, mono: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._segments = segments
        self._mono = mono
        self._shown = FIRST
        self._length = sum(len(segment.text) for segment in segments)
        self.text = Paragraphs(self)
        self._more = QPushButton(self)
        self._more.setProperty("look", "quiet")
        self._more.clicked.connect(self.show_more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme().px(6))
        layout.addWidget(self.text)
        layout.addWidget(self._more, alignment=Qt.AlignmentFlag.AlignLeft)
        follow_theme(self, self._write)

    def show_more(self) -> None:
        """Show the next stretch."""
        self._shown += STEP
        self._write()

    def _write(self) -> None:
        self.text.setFont(theme().font(12, family=MONO) if self._mono else theme().font(13, family=SANS))
        self.text.clear()
        cursor = self.text.textCursor()
        plain, mark = QTextCharFormat(), self._mark()
        left = self._shown
        for segment in self._segments:
            if left <= 0:
                break
            mark.setToolTip(_described(segment))
            cursor.insertText(segment.text[:left], mark if segment.match else plain)
            left -= len(segment.text)
        cursor.movePosition(QTextCursor.MoveOperation.Start)
        rest = self._length - self._shown
        self._more.setVisible(rest > 0)
        self._more.setText(f"Show {min(rest, STEP):,} more of {rest:,} characters" if rest > 0 else "")

    def _mark(self) -> QTextCharFormat:
        mark = QTextCharFormat()
        mark.setForeground(theme().color("warn"))
        mark.setBackground(theme().color("warn_soft"))
        mark.setFontFamilies([MONO])
        mark.setFontWeight(QFont.Weight.Medium)
        return mark


def _described(segment: Segment) -> str:
    match = segment.match
    if match is None:
        return ""
    subtype = f" ({formats.one_line(match.subtype, 60)})" if match.subtype else ""
    return f"{match.type}{subtype}, certainty {match.score:.0%}, masked"
