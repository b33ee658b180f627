# SPDX-License-Identifier: Apache-2.0
"""The list of shortcuts."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from ui.shortcuts import Shortcut
from ui.theme import theme
from ui.widgets.basics import across, button, down, label


class ShortcutsDialog(QDialog):
    """What the keyboard does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme().px(28))
        grid.setVerticalSpacing(theme().px(8))
        lines = [(("Ctrl+1 … Ctrl+8",), "Go to a page"), *((entry.keys, entry.meaning) for entry in Shortcut)]
        lines += [
            (("J", "K"), "Next and previous call"),
            (("Return",), "Inspect the call"),
            (("Esc",), "Clear the filter"),
        ]
        for row, (keys, meaning) in enumerate(lines):
            grid.addWidget(label("  or  ".join(keys)), row, 0)
            grid.addWidget(label(meaning, "muted"), row, 1)
        close = button("Close", "primary")
        close.clicked.connect(self.accept)
        layout = down(label("Shortcuts", "title"), margins=(26, 22, 26, 20), spacing=16)
        layout.addLayout(grid)
        layout.addLayout(across(1, close))
        self.setLayout(layout)
