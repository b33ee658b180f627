# SPDX-License-Identifier: Apache-2.0
"""A table of texts, for hundreds of rows: whole rows are chosen, Return or a double click opens one."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from ui.theme import theme
from ui.widgets.basics import follow_theme

ROW, HEAD, LEAST = 30, 32, 150
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

type TableColumn = tuple[str, int]
"""Title and width in units of the design; 0 takes what room is left, as long as that is enough to read, and a negative
width is a column of numbers."""


class PlainTable(QTableWidget):
    """Rows of texts under titles."""

    chosen = Signal(int)
    """Another row was chosen."""

    opened = Signal(int)

    def __init__(self, name: str, columns: Sequence[TableColumn], parent: QWidget | None = None) -> None:
        super().__init__(0, len(columns), parent)
        self._columns = columns
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels([title for title, _ in columns])
        self.verticalHeader().hide()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(LEFT)
        for place, (_, width) in enumerate(columns):
            if width < 0 and (item := self.horizontalHeaderItem(place)) is not None:
                item.setTextAlignment(RIGHT)
        self.currentCellChanged.connect(self._moved)
        self.itemActivated.connect(lambda item: self.opened.emit(item.row()))
        follow_theme(self, self._dress)

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show these texts; the chosen place is kept where it is still there."""
        kept = self.currentRow()
        self.blockSignals(True)
        self.setRowCount(len(rows))
        figures = theme().figures(13)
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if self._columns[column][1] < 0:
                    item.setTextAlignment(RIGHT)
                    item.setFont(figures)
                self.setItem(row, column, item)
        self.blockSignals(False)
        if rows and kept >= 0:
            self.setCurrentCell(min(kept, len(rows) - 1), 0)

    def _moved(self, row: int, _column: int, before: int, _before_column: int) -> None:
        if row != before and row >= 0:
            self.chosen.emit(row)

    def _dress(self) -> None:
        px = theme().px
        self.verticalHeader().setDefaultSectionSize(px(ROW))
        self.horizontalHeader().setFixedHeight(px(HEAD))
        for place, (_, width) in enumerate(self._columns):
            if width:
                self.setColumnWidth(place, px(abs(width)))
        self._share_room()

    def _share_room(self) -> None:
        """Columns without a width share what the others leave; where that is too little, the table scrolls."""
        sharing = [place for place, (_, width) in enumerate(self._columns) if width == 0]
        shown = [abs(width) for place, (_, width) in enumerate(self._columns) if not self.isColumnHidden(place)]
        taken = sum(theme().px(width) for width in shown)
        enough = self.viewport().width() - taken >= theme().px(LEAST) * len(sharing)
        mode = QHeaderView.ResizeMode.Stretch if enough else QHeaderView.ResizeMode.Interactive
        for place in sharing:
            self.horizontalHeader().setSectionResizeMode(place, mode)
            if not enough:
                self.setColumnWidth(place, theme().px(LEAST))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width leaves other room."""
        super().resizeEvent(event)
        self._share_room()
