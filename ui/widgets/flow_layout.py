# SPDX-License-Identifier: Apache-2.0
"""Layouts that go on in the next line when the width is used up: like words, or in columns of one width.

After Qt's own example (https://doc.qt.io/qt-6/qtwidgets-layouts-flowlayout-example.html).
"""

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from ui.theme import theme


class FlowLayout(QLayout):
    """Items from left to right, wrapping."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 6) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setSpacing(theme().px(spacing))
        self.setContentsMargins(QMargins())

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item at the end."""
        self._items.append(item)

    def count(self) -> int:
        """Number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """An item by number."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Remove an item."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It takes no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """A narrower room is a higher one."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height at a width."""
        return self._arrange(QRect(0, 0, width, 0), place=False)

    def setGeometry(self, rect: QRect) -> None:
        """Arrange the items in a room."""
        super().setGeometry(rect)
        self._arrange(rect, place=True)

    def sizeHint(self) -> QSize:
        """The least there must be."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """The largest item decides."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(QSize(min(item.minimumSize().width(), 80), item.sizeHint().height()))
        return size

    def _arrange(self, rect: QRect, *, place: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            hint = item.sizeHint()
            width = min(hint.width(), rect.width())
            if x > rect.x() and x + width > rect.right() + 1:
                x, y, line = rect.x(), y + line + self.spacing(), 0
            if place:
                item.setGeometry(QRect(QPoint(x, y), QSize(width, hint.height())))
            x += width + self.spacing()
            line = max(line, hint.height())
        return y + line - rect.y()


class Columns(FlowLayout):
    """Items side by side, all of one width; in fewer columns, each line as full as the others, where that would take
    from what an item has to say."""

    def minimumSize(self) -> QSize:
        """One column of what the widest cannot do without."""
        least = max((item.minimumSize().width() for item in self._items), default=0)
        return super().minimumSize().expandedTo(QSize(least, 0))

    def _arrange(self, rect: QRect, *, place: bool) -> int:
        if not self._items:
            return 0
        gap, columns = self.spacing(), self._columns(rect.width())
        height = max(item.sizeHint().height() for item in self._items)
        for number, item in enumerate(self._items if place else ()):
            line, column = divmod(number, columns)
            left, right = (round((rect.width() + gap) * edge / columns) for edge in (column, column + 1))
            item.setGeometry(QRect(rect.x() + left, rect.y() + line * (height + gap), right - gap - left, height))
        lines = -(-len(self._items) // columns)
        return lines * (height + gap) - gap

    def _columns(self, width: int) -> int:
        """The most columns that fill every line and leave each item its whole width; one where none do."""
        count, widest = len(self._items), max(item.sizeHint().width() for item in self._items)
        room = (width + self.spacing()) // (widest + self.spacing())
        return next((n for n in range(min(count, room), 1, -1) if count % n == 0), 1)
