# SPDX-License-Identifier: Apache-2.0
"""A few choices beside each other, one of them chosen."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QToolButton, QWidget

from ui.widgets.basics import across


class Segments(QWidget):
    """`chosen` carries the key of the choice a person made."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.buttons: dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        row = across(spacing=2)
        for key, words in choices:
            entry = QToolButton()
            entry.setText(words)
            entry.setProperty("look", "quiet")
            entry.setCheckable(True)
            entry.setAccessibleName(f"{name}: {words}")
            entry.clicked.connect(lambda _=False, key=key: self.chosen.emit(key))
            group.addButton(entry)
            row.addWidget(entry)
            self.buttons[key] = entry
        row.addStretch(1)
        self.setLayout(row)

    def choose(self, key: str) -> None:
        """Mark a choice, without telling."""
        if key in self.buttons:
            self.buttons[key].setChecked(True)
