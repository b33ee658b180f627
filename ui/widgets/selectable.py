# SPDX-License-Identifier: Apache-2.0
"""A label whose text can be selected and copied. Long words hold invisible places to break; they are not copied, so
that a hash or an id pasted elsewhere is what it was."""

from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QMenu

BREAK = "\u200b"


class Selectable(QLabel):
    """See the module."""

    def copy_selected(self) -> None:
        """Copy what is selected."""
        QApplication.clipboard().setText(self.selectedText().replace(BREAK, "").replace("\u2029", "\n"))

    def select_all(self) -> None:
        """Select the whole text."""
        self.setSelection(0, len(self.text()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The usual key copies."""
        if event.matches(QKeySequence.StandardKey.Copy) and self.hasSelectedText():
            self.copy_selected()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Copy, and select all."""
        menu = QMenu(self)
        menu.addAction("Copy", self.copy_selected).setEnabled(self.hasSelectedText())
        menu.addAction("Select all", self.select_all)
        menu.popup(event.globalPos())
