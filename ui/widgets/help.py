# SPDX-License-Identifier: Apache-2.0
"""The list of shortcuts, by where they work."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QScrollArea, QWidget

from ui.shortcuts import EVERYWHERE, FINDINGS, OF_WIDGETS, TRAFFIC, Shortcut
from ui.theme import theme
from ui.widgets.basics import across, button, down, holder, label

WIDTH, HEIGHT = 960, 640


class ShortcutsDialog(QDialog):
    """What the keyboard does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        left = down(_group(EVERYWHERE), _group(FINDINGS), 1, spacing=22)
        right = down(_group(TRAFFIC), 1, spacing=22)
        columns = across(spacing=36, margins=(26, 4, 26, 20))
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setProperty("look", "page")
        area.setAccessibleName("Shortcuts")
        area.setWidget(holder(columns, "page"))
        close = button("Close", "primary")
        close.clicked.connect(self.accept)
        layout = down(holder(down(label("Shortcuts", "title"), margins=(26, 22, 26, 10))), area, spacing=0)
        layout.addLayout(across(1, close, margins=(26, 12, 26, 18)))
        self.setLayout(layout)
        room = parent.size() if parent else self.sizeHint()
        self.resize(min(theme().px(WIDTH), room.width() - 40), min(theme().px(HEIGHT), room.height() - 40))
        close.setFocus()


def lines(place: str) -> list[tuple[Sequence[str], str]]:
    """Keys and meanings of one place."""
    return [*((one.keys, one.meaning) for one in Shortcut if one.place == place), *OF_WIDGETS[place]]


def _group(place: str) -> QWidget:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme().px(18))
    grid.setVerticalSpacing(theme().px(8))
    grid.setColumnStretch(1, 1)
    grid.addWidget(label(place, "heading"), 0, 0, 1, 2)
    for row, (keys, meaning) in enumerate(lines(place), 1):
        caps = across(spacing=4)
        for key in keys:
            caps.addWidget(label(key, "key"), alignment=Qt.AlignmentFlag.AlignTop)
        caps.addStretch(1)
        grid.addLayout(caps, row, 0)
        grid.addWidget(label(meaning, "muted", wrap=True), row, 1)
    box = QWidget()
    box.setLayout(grid)
    return box
