# SPDX-License-Identifier: Apache-2.0
"""One line of text that ends in "…" where the room ends; the whole is in its tooltip."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

SPARE = 4
"""Pixels, so that rounding takes no letter."""


class Elided(QLabel):
    """A plain label that never widens its window."""

    def __init__(self, look: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text_whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("look", look)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        """Show a text, as much of it as fits."""
        self.text_whole = text
        self.setAccessibleName(text)
        self._fit()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """The whole text's width, a line's height."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text_whole) + 2, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        """It can shrink to a few letters."""
        return QSize(self.fontMetrics().averageCharWidth() * 4, self.fontMetrics().height() + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width shows another part."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(self.text_whole, Qt.TextElideMode.ElideRight, self.width())
        self.setText(shown)
        self.setToolTip(self.text_whole if shown != self.text_whole else "")


class ElidedLink(QPushButton):
    """A link that ends in "…" where the room ends; the whole is its name and in its tooltip."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = text
        self.setProperty("look", "link")
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """It can shrink to a few letters."""
        return QSize(self.fontMetrics().averageCharWidth() * 8, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """The whole text's width, however much of it is shown."""
        return QSize(self._advance() + self._frame() + SPARE, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width shows another part."""
        super().resizeEvent(event)
        room = self.width() - self._frame()
        fits = self._advance() <= room
        elided = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        self.setText(self._whole if fits else elided)

    def _advance(self) -> int:
        return self.fontMetrics().horizontalAdvance(self._whole)

    def _frame(self) -> int:
        return super().sizeHint().width() - self.fontMetrics().horizontalAdvance(self.text())
