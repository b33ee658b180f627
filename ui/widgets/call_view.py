# SPDX-License-Identifier: Apache-2.0
"""The table of calls: millions of rows without a stall.

What keeps it fast: fixed row heights and no vertical header (a reset while scrolled down repaints one for seconds),
a selection model of the header's own (else painting it walks every cell after Ctrl+A: 28 s at a million rows), no
corner button, no resizing to contents, no proxy model, and scrolling to the top before a reset.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from ui.models.calls import CallTable
from ui.models.columns import COLUMNS, PLACE, SHOWN_AT_FIRST, Row
from ui.theme import theme
from ui.widgets.basics import follow_theme
from ui.widgets.call_delegate import ROW_HEIGHT, CallDelegate

HEADER_HEIGHT = 32

type Ranges = list[tuple[int, int]]
"""Row numbers, first and last included."""


class CallView(QTableView):
    """The table; `chosen` fires when the selection has come to rest on other rows."""

    chosen = Signal()
    opened = Signal()
    cell_menu = Signal(str, object, QPoint)
    """A context menu is wanted: column key, row, place on the screen."""

    columns_changed = Signal()

    def __init__(self, model: CallTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._calls = model
        self.setModel(model)
        self.setAccessibleName("Calls")
        self.setItemDelegate(CallDelegate(self))
        self._behave()
        self._set_up_header()
        model.modelAboutToBeReset.connect(self.scrollToTop)
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())
        self._scale = 0.0
        follow_theme(self, self._fit)
        self.set_columns(SHOWN_AT_FIRST)

    def _behave(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._cell_menu)

    def _set_up_header(self) -> None:
        header = self.horizontalHeader()
        header.setSelectionModel(QItemSelectionModel(self._calls, header))
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setSectionsClickable(True)
        header.setMinimumSectionSize(40)
        header.setAccessibleName("Columns")
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda at: self.columns_menu().exec(header.mapToGlobal(at)))
        header.sectionMoved.connect(lambda *_: self.columns_changed.emit())

    def _fit(self) -> None:
        px = theme().px
        if self._scale == theme().scale:
            return  # another colour leaves the widths as they were drawn
        self._scale = theme().scale
        self.verticalHeader().setDefaultSectionSize(px(ROW_HEIGHT))
        self.horizontalHeader().setFixedHeight(px(HEADER_HEIGHT))
        for column in COLUMNS:
            self.setColumnWidth(PLACE[column.key], px(column.width))

    # --- columns ---

    def columns(self) -> list[str]:
        """Keys of the columns shown, in their order."""
        header = self.horizontalHeader()
        logical = (header.logicalIndex(at) for at in range(header.count()))
        return [COLUMNS[place].key for place in logical if not self.isColumnHidden(place)]

    def set_columns(self, keys: Sequence[str]) -> None:
        """Show these columns in this order; unknown keys are passed over."""
        known = [key for key in keys if key in PLACE] or list(SHOWN_AT_FIRST)
        header = self.horizontalHeader()
        header.blockSignals(True)
        for at, key in enumerate(known):
            header.moveSection(header.visualIndex(PLACE[key]), at)
        for key, place in PLACE.items():
            self.setColumnHidden(place, key not in known)
        header.blockSignals(False)
        self.viewport().update()
        header.viewport().update()

    def columns_menu(self) -> QMenu:
        """A menu to show and hide columns."""
        menu = QMenu("Columns", self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in COLUMNS:
            entry = menu.addAction(column.title)
            entry.setCheckable(True)
            entry.setChecked(not self.isColumnHidden(PLACE[column.key]))
            entry.setToolTip(column.meaning)
            entry.toggled.connect(self._toggler(column.key))
        menu.addSeparator()
        menu.addAction("Restore the usual columns").triggered.connect(self._restore_columns)
        menu.setToolTipsVisible(True)
        return menu

    def _toggler(self, key: str) -> Callable[[bool], None]:
        def toggle(shown: bool) -> None:
            keys = [other for other in self.columns() if other != key]
            self.set_columns([*keys, key] if shown else keys)
            self.columns_changed.emit()

        return toggle

    def _restore_columns(self) -> None:
        self.set_columns(SHOWN_AT_FIRST)
        self.columns_changed.emit()

    # --- selection ---

    def selected_ranges(self) -> Ranges:
        """The selected rows as sorted ranges, without walking rows."""
        chosen = sorted((part.top(), part.bottom()) for part in self.selectionModel().selection().toList())
        merged: Ranges = []
        for top, bottom in chosen:
            if merged and top <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(bottom, merged[-1][1]))
            else:
                merged.append((top, bottom))
        return merged

    def selected_count(self) -> int:
        """How many rows are selected."""
        return sum(bottom - top + 1 for top, bottom in self.selected_ranges())

    def read_selected[T](self, most: int, make: Callable[[Sequence[Row]], T], then: Callable[[T], object]) -> None:
        """Make something of the selected rows, at most `most` of them; see `CallTable.read`."""
        self._calls.read(self.selected_ranges(), most, make, then)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return opens, j and k move, Home and End go to the ends."""
        steps = {Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: self._calls.rowCount() - 1}
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif plain and event.key() in steps:
            self.go_to(self.currentIndex().row() + steps[Qt.Key(event.key())])
        elif plain and event.key() in ends:
            self.go_to(ends[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def go_to(self, number: int) -> None:
        """Select one row and show it."""
        if 0 <= number < self._calls.rowCount():
            place = PLACE[self.columns()[0]]
            self.setCurrentIndex(self._calls.index(number, place))

    def _cell_menu(self, at: QPoint) -> None:
        index = self.indexAt(at)
        row = self._calls.loaded(index.row()) if index.isValid() else None
        if row is not None:
            self.cell_menu.emit(COLUMNS[index.column()].key, row, self.viewport().mapToGlobal(at))
