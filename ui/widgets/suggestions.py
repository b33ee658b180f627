# SPDX-License-Identifier: Apache-2.0
"""Completions below a field: what to insert, what it means, and how many calls have it.

The list never takes the keyboard: the field keeps it and hands over the keys that choose.
"""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from ui.models.reading import Suggested
from ui.theme import theme

ROLE = Qt.ItemDataRole.UserRole
VISIBLE = 9


class SuggestionDelegate(QStyledItemDelegate):
    """Completion on the left, its note on the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        """One line."""
        suggested: Suggested = index.data(ROLE)  # type: ignore[attr-defined]
        look, px = theme(), theme().px
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(option.rect, look.color("accent_fill"))
        rect = option.rect.adjusted(px(10), 0, -px(10), 0)
        painter.setFont(look.font(13))
        note = painter.fontMetrics().elidedText(suggested.note, Qt.TextElideMode.ElideRight, rect.width() // 2)
        room = rect.width() - painter.fontMetrics().horizontalAdvance(note) - px(12)
        shown = painter.fontMetrics().elidedText(suggested.insert, Qt.TextElideMode.ElideRight, room)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(look.color("on_accent" if chosen else "text"))
        painter.drawText(rect, middle | Qt.AlignmentFlag.AlignLeft, shown)
        painter.setPen(look.color("on_accent" if chosen else "muted"))
        painter.drawText(rect, middle | Qt.AlignmentFlag.AlignRight, note)

    def sizeHint(self, option: QStyleOptionViewItem, index: object) -> QSize:
        """Height of a line."""
        return QSize(theme().px(200), theme().px(28))


class Suggestions(QListWidget):
    """The list of completions of a field; lies over the window, below the bar that holds the field."""

    taken = Signal(object)

    def __init__(self, field: QLineEdit) -> None:
        super().__init__(field.window())
        self._field = field
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setItemDelegate(SuggestionDelegate(self))
        self.setAccessibleName("Completions")
        self.setProperty("look", "suggestions")
        self.itemClicked.connect(self._take)
        self.hide()

    def offer(self, found: Sequence[Suggested]) -> None:
        """Show completions; none hides the list."""
        self.clear()
        for suggested in found:
            item = QListWidgetItem()
            item.setData(ROLE, suggested)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{suggested.insert}, {suggested.note}")
            self.addItem(item)
        if not found:
            self.hide()
            return
        window = self._field.window()
        if self.parent() is not window:
            self.setParent(window)
        px = theme().px
        bar = self._field.parentWidget() or self._field
        below = bar.height() + px(2)  # what the filter means stays readable
        place = bar.mapTo(window, QPoint(self._field.x(), below))
        height = min(len(found), VISIBLE) * px(28) + 4
        self.setGeometry(place.x(), place.y(), min(px(560), self._field.width()), height)
        self.show()
        self.raise_()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Keys while the list is open: up, down, Tab or Return take, Escape closes. Whether it was one of them."""
        if not self.isVisible():
            return False
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key == Qt.Key.Key_Down else -1
            self.setCurrentRow(min(max(self.currentRow() + step, 0), self.count() - 1))
        elif key == Qt.Key.Key_Escape:
            self.hide()
        elif key == Qt.Key.Key_Tab or (key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentRow() >= 0):
            self._take(self.item(max(0, self.currentRow())))
        else:
            return False
        return True

    def _take(self, item: QListWidgetItem) -> None:
        suggested = item.data(ROLE)
        self.hide()
        self.taken.emit(suggested)
