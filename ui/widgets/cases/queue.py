# SPDX-License-Identifier: Apache-2.0
"""The queue of findings: walked by J and K or arrows, several chosen with Shift and Ctrl, all with Ctrl+A."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from ui.models.case_list import CaseList
from ui.widgets.basics import follow_theme
from ui.widgets.cases.delegate import CaseDelegate


class CaseListView(QListView):
    """A `CaseList`, painted by its delegate."""

    chosen = Signal()
    """Other findings are selected."""

    def __init__(self, model: CaseList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(CaseDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(320)
        self.setAccessibleName("Findings, the gravest first")
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())
        follow_theme(self, self.scheduleDelayedItemsLayout)

    def walk(self, step: int) -> None:
        """Choose the finding so many rows on."""
        self.go_to(self.currentIndex().row() + step)

    def go_to(self, row: int) -> None:
        """Choose one finding and show it."""
        if 0 <= row < self.model().rowCount():
            self.setCurrentIndex(self.model().index(row, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """J and K walk; the rest is Qt's."""
        steps = {Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}
        if event.modifiers() == Qt.KeyboardModifier.NoModifier and event.key() in steps:
            self.walk(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)
