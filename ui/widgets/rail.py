# SPDX-License-Identifier: Apache-2.0
"""The navigation rail: one button a page, reached by Ctrl and its number.

Where the window is too low for all names, the drawings stand alone; their names are in the tooltips and read aloud.
"""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QButtonGroup, QToolButton, QVBoxLayout, QWidget

from ui.shortcuts import page_key
from ui.theme import icon, theme
from ui.widgets.basics import follow_theme, picture

WIDTH = 84
TALL, LOW, MARGINS = 56, 36, 90
"""Heights of a button with and without its name, and of what is around the buttons."""


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
        layout.setSpacing(px(4))
        layout.addWidget(picture("logo", "accent", 28), alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(px(10))
        for number, (drawing, name) in enumerate(pages):
            layout.addWidget(self._button(number, drawing, name))
            layout.setAlignment(self.buttons[-1], Qt.AlignmentFlag.AlignHCenter)
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
        keys = page_key(number + 1)
        entry.setToolTip(f"{name} ({keys})" if keys else name)
        entry.clicked.connect(lambda: self._go(number))
        self._group.addButton(entry)
        self.buttons.append(entry)
        if keys:
            shortcut = QShortcut(QKeySequence(keys), self)
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
        self._fit()

    def _fit(self) -> None:
        """Names where there is room for all of them."""
        px = theme().px
        room = (self.height() - px(MARGINS)) // max(len(self.buttons), 1)
        style = Qt.ToolButtonStyle.ToolButtonTextUnderIcon
        if room < px(TALL):
            style = Qt.ToolButtonStyle.ToolButtonIconOnly
        for entry in self.buttons:
            if entry.toolButtonStyle() is not style:
                entry.setToolButtonStyle(style)
            entry.setFixedHeight(min(px(TALL), max(room, 24)) if room < px(TALL) else px(TALL))

    def minimumSizeHint(self) -> QSize:
        """As low as its drawings need; the names are the first to go."""
        return QSize(theme().px(WIDTH), 24 * len(self.buttons) + theme().px(MARGINS))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Names come and go with the height."""
        super().resizeEvent(event)
        self._fit()
