# SPDX-License-Identifier: Apache-2.0
"""What rows of several lines share when they are painted: the ground of a chosen row, and a line that ends in "…"."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from ui.theme import theme

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


def ground(painter: QPainter, option: QStyleOptionViewItem, rect: QRect) -> None:
    """The row's background: marked at its edge where it is chosen, tinted under the pointer, a line below."""
    look = theme()
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(rect, look.color("selection"))
        painter.fillRect(rect.x(), rect.y(), look.px(3), rect.height(), look.color("accent_fill"))
    elif option.state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(rect, look.color("hover"))
    painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, look.color("border"))


def line(painter: QPainter, room: QRect, text: str, tone: str, font: QFont, side: Qt.AlignmentFlag | int = LEFT) -> int:
    """Write one line, ended by "…" where it is too long; returns its width in pixels."""
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(room.width(), 0))
    painter.setFont(font)
    painter.setPen(theme().color(tone))
    painter.drawText(room, int(side), shown)
    return metrics.horizontalAdvance(shown)
