# SPDX-License-Identifier: Apache-2.0
"""The dialogs' common ground: forgotten when closed, and as tall as their texts need at the width they have.

Qt bounds a dialog by two thirds of the screen and by its layout's height for one line a label; what wraps is cut off
then, at twice the text size above all.
"""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog, QWidget


class Dialog(QDialog):
    """A dialog that fits what it says."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def event(self, event: QEvent) -> bool:
        """Something inside was shown, hidden or reworded: fit again."""
        taken = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self._fit()
        return taken

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width takes another height."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():
            self.setMinimumHeight(layout.totalHeightForWidth(self.width()))
