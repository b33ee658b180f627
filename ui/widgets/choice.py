# SPDX-License-Identifier: Apache-2.0
"""A field that offers a few words to choose from, with an arrow in the theme's colours."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox

from ui.theme import pixmap, theme


class Choice(QComboBox):
    """A combo box; the style sheet takes Qt's arrow away, so it is drawn here."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field, then the arrow."""
        super().paintEvent(event)
        size = theme().px(14)
        painter = QPainter(self)
        drawing = pixmap("down", theme().colors.muted, size, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - size - theme().px(9), (self.height() - size) // 2, drawing)
        painter.end()
