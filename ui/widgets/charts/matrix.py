# SPDX-License-Identifier: Apache-2.0
"""A matrix of counts: numbers in the cells, the ground the stronger the more (on a logarithmic scale).

It is a table, so that arrows walk it and screen readers read it; a click or Return opens a cell.
"""

import math
from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from ui.models import formats
from ui.models.overview import Matrix
from ui.theme import theme
from ui.widgets.basics import follow_theme

ROW, HEAD, COLUMN, NAME, LONGEST_NAME = 34, 32, 56, 140, 260
FAINTEST, STRONGEST = 0.10, 0.44
WEIGHT = Qt.ItemDataRole.UserRole
TOTAL, NONE = "Total", "·"

type Index = QModelIndex | QPersistentModelIndex
type Words = Callable[[float, str, str], str]
"""Says a cell: number, row, column."""


def grouped(count: float) -> str:
    """A whole number, grouped by thousands."""
    return f"{count:,.0f}"


def data_sent(count: float, row: str, column: str) -> str:
    """A cell of data types by providers in words; no column for the sum of a row."""
    return f"{formats.count(int(count), 'call')} sent {row}{f' to {column}' if column else ''}"


class MatrixDelegate(QStyledItemDelegate):
    """Paints a cell: a rounded ground by weight, the number in the middle."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground and number; the current cell has a frame."""
        look, rect = theme(), QRect(option.rect).adjusted(2, 2, -2, -2)
        weight = index.data(WEIGHT)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if weight:
            ground = QColor(look.color("bar"))
            ground.setAlphaF(FAINTEST + (STRONGEST - FAINTEST) * float(weight))
            painter.setBrush(ground)
            painter.drawRoundedRect(rect, look.px(5), look.px(5))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(look.color("accent_fill"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect, look.px(5), look.px(5))
        total = index.column() == index.model().columnCount() - 1
        painter.setFont(look.figures(13))
        painter.setPen(look.color("text" if weight or total else "muted"))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), str(index.data()))


class MatrixView(QTableWidget):
    """Shows a `Matrix`; `opened` carries the data type and the provider, empty for a whole row."""

    opened = Signal(str, object)

    def __init__(self, name: str, words: Words = data_sent, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._matrix = Matrix((), (), {})
        self.setAccessibleName(name)
        self.setProperty("look", "matrix")
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.setItemDelegate(MatrixDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setHighlightSections(False)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.cellClicked.connect(self._open)
        self.cellActivated.connect(self._open)
        follow_theme(self, self._dress)

    def show_matrix(self, matrix: Matrix, number: Callable[[float], str] = grouped) -> None:
        """Show these counts, written by `number`; the last column is their sum."""
        self._matrix = matrix
        self.clear()
        self.setRowCount(len(matrix.types))
        self.setColumnCount(len(matrix.providers) + 1)
        names = [formats.one_line(name or "not known", 60) for name in matrix.providers]
        self.setHorizontalHeaderLabels([*names, TOTAL])
        self.setVerticalHeaderLabels([formats.one_line(type_, 60) for type_ in matrix.types])
        highest = max(matrix.calls.values(), default=1)
        for row, type_ in enumerate(matrix.types):
            for column, provider in enumerate(matrix.providers):
                count = matrix.calls.get((type_, provider), 0)
                said = self._words(count, type_, names[column])
                self.setItem(row, column, _cell(number(count) if count else NONE, weight(count, highest), said))
            total = matrix.total(type_)
            self.setItem(row, len(names), _cell(number(total), 0.0, self._words(total, type_, "")))
        self._dress()

    def _open(self, row: int, column: int) -> None:
        whole = column >= len(self._matrix.providers)
        self.opened.emit(self._matrix.types[row], "" if whole else self._matrix.providers[column])

    def _dress(self) -> None:
        px = theme().px
        self.verticalHeader().setDefaultSectionSize(px(ROW))
        self.horizontalHeader().setFixedHeight(px(HEAD))
        self.horizontalHeader().setMinimumSectionSize(px(COLUMN))
        names = self.verticalHeader()
        names.setFixedWidth(min(max(names.sizeHint().width(), px(NAME)), px(LONGEST_NAME)))
        self.setFixedHeight(px(HEAD) + px(ROW) * self.rowCount() + 2)


def _cell(text: str, weight: float, said: str) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setData(WEIGHT, weight)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
    item.setToolTip(said)
    return item


def weight(count: float, highest: float) -> float:
    """Where a count stands between none and the highest, 0 to 1, on a logarithmic scale."""
    return math.log1p(count) / math.log1p(highest) if count > 0 and highest else 0.0
