# SPDX-License-Identifier: Apache-2.0
"""The navigation rail: one button a page, reached by Ctrl and its number."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QToolButton, QVBoxLayout, QWidget

from ui.shortcuts import page_key
from ui.theme import icon, theme
from ui.widgets.basics import follow_theme, picture

WIDTH = 84


class Rail(QWidget):
    """Buttons from top to bottom; `chosen` carries the page's number from 0."""

    chosen = Signal(int)

    def __init__(self, pages: list[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "rail")
        self.setAccessibleName("Pages")
        self.setFixedWidth(theme().px(WIDTH))
        self.buttons: list[QToolButton] = []
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        px = theme().px
        layout.setContentsMargins(px(8), px(14), px(8), px(10))
        layout.setSpacing(px(6))
        layout.addWidget(picture("logo", "accent", 28), alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(px(10))
        for number, (drawing, name) in enumerate(pages):
            layout.addWidget(self._button(number, drawing, name))
        layout.addStretch(1)
        follow_theme(self, self._dress)
        self.choose(0)

    def choose(self, number: int) -> None:
        """Mark a page as the one shown."""
        self.buttons[number].setChecked(True)
        self._dress()

    def _button(self, number: int, drawing: str, name: str) -> QToolButton:
        entry = QToolButton()
        entry.setText(name)
        entry.setProperty("look", "rail")
        entry.setProperty("drawing", drawing)
        entry.setCheckable(True)
        entry.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        entry.setAccessibleName(name)
        entry.setToolTip(f"{name} ({page_key(number + 1)})")
        entry.clicked.connect(lambda: self._go(number))
        self._group.addButton(entry)
        self.buttons.append(entry)
        shortcut = QShortcut(QKeySequence(page_key(number + 1)), self)
        shortcut.activated.connect(entry.click)
        return entry

    def _go(self, number: int) -> None:
        self._dress()
        self.chosen.emit(number)

    def _dress(self) -> None:
        px = theme().px
        self.setFixedWidth(px(WIDTH))
        for entry in self.buttons:
            color = theme().colors.accent if entry.isChecked() else theme().colors.muted
            entry.setIcon(icon(entry.property("drawing"), color, px(20)))
            entry.setIconSize(QSize(px(20), px(20)))
            entry.setFixedWidth(px(WIDTH - 16))
