# SPDX-License-Identifier: Apache-2.0
"""A number with its name: small in a group of others, or as a tile that compares it with the period before."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QWidget

from ui.theme import theme
from ui.widgets.basics import across, down, follow_theme, holder, label, picture
from ui.widgets.elided import Elided


def figure(title: str, value: int, meaning: str, look: str = "") -> QWidget:
    """A number with its name; its meaning is in the tooltip and read aloud."""
    number = label(f"{value:,}", look)
    follow_theme(number, lambda: number.setFont(theme().font(22, theme().font().Weight.DemiBold)))
    box = holder(down(label(title, "caption"), number, spacing=2))
    box.setToolTip(meaning)
    box.setAccessibleName(f"{title}: {value:,}. {meaning}.")
    return box


class Tile(QFrame):
    """One figure of a period, and how it stands against the period before."""

    def __init__(self, title: str, drawing: str, meaning: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "group")
        self._title, self._meaning = title, meaning
        self.number, self.change = Elided(), Elided("caption")
        follow_theme(self.number, lambda: self.number.setFont(theme().font(24, theme().font().Weight.DemiBold)))
        head = across(label(title, "caption"), 1, picture(drawing, "muted", 16), spacing=6)
        self._inside = down(margins=(14, 12, 12, 12), spacing=4)
        self._inside.addLayout(head)
        self._inside.addWidget(self.number)
        self._inside.addWidget(self.change)
        self.setLayout(self._inside)
        self.setToolTip(meaning)

    def sizeHint(self) -> QSize:
        """Wide enough for the whole of what it says."""
        edges = self.contentsMargins() + self._inside.contentsMargins()
        said = max(self.number.sizeHint().width(), self.change.sizeHint().width())
        return super().sizeHint().expandedTo(QSize(said + edges.left() + edges.right(), 0))

    def say(self, number: str, change: str) -> None:
        """Set the figure and what it is compared with."""
        self.number.set_text(number)
        self.change.set_text(change or " ")
        self.setAccessibleName(f"{self._title}: {number}. {change}".strip())
        self.setAccessibleDescription(self._meaning)
