# SPDX-License-Identifier: Apache-2.0
"""A socket's messages, or the pieces of a stream, on a line of time: what was sent above it, what came back below. The
facts beside it say the same in words."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.models import formats
from ui.models.stream import Stream
from ui.theme import theme
from ui.widgets.basics import follow_theme

HEIGHT, MIDDLE, TALLEST, SHORTEST = 74, 30, 24, 5


class StreamLine(QWidget):
    """Shows a `Stream` that has marks; hidden without."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stream = Stream([])
        follow_theme(self, lambda: self.setFixedHeight(theme().px(HEIGHT)))
        self.hide()

    def show_stream(self, stream: Stream) -> None:
        """Show this one."""
        self._stream = stream
        self.setVisible(bool(stream.marks))
        sent = sum(mark.sent for mark in stream.marks)
        self.setAccessibleName(
            f"Course over {formats.duration(stream.lasted_ms)}: {sent:,} sent, {len(stream.marks) - sent:,} received"
            if stream.marks
            else ""
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line, a stroke a message as tall as it was large, words at both ends."""
        stream, look, px = self._stream, theme(), theme().px
        painter = QPainter(self)
        painter.setFont(look.font(12))
        width, middle = self.width() - 2, px(MIDDLE)
        painter.setPen(look.color("muted"))
        painter.drawLine(0, middle, width, middle)
        largest = max((mark.size for mark in stream.marks), default=1) or 1
        for mark in stream.marks:
            x = width * mark.at_ms / (stream.lasted_ms or 1)
            tall = px(SHORTEST) + (px(TALLEST) - px(SHORTEST)) * mark.size / largest
            top = middle - 1 - tall if mark.sent else middle + 2
            painter.fillRect(QRectF(x, top, max(px(2), 1), tall), look.color("bar" if mark.sent else "good"))
        words = f"↑ sent   ↓ received   in {formats.duration(stream.lasted_ms)}"
        painter.setPen(look.color("muted"))
        box = QRectF(0, px(HEIGHT - 18), self.width(), px(18))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words)
        painter.end()
