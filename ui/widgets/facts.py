# SPDX-License-Identifier: Apache-2.0
"""Facts as two columns: what it is, and the value, which can be selected and copied."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from ui.theme import MONO, theme
from ui.widgets.basics import follow_theme, label
from ui.widgets.selectable import BREAK

NAME_WIDTH = 152

type Fact = tuple[str, str]


class Facts(QWidget):
    """A group of facts, under a title where it has one."""

    def __init__(self, title: str, facts: Sequence[Fact], *, mono: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, theme().px(14))
        grid.setHorizontalSpacing(theme().px(16))
        grid.setVerticalSpacing(theme().px(7))
        grid.setColumnStretch(1, 1)
        if title:
            grid.addWidget(label(title, "heading"), 0, 0, 1, 2)
        for number, (name, value) in enumerate(facts, 1):
            said = label(name, "muted")
            said.setMinimumWidth(theme().px(NAME_WIDTH))
            grid.addWidget(said, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._value(name, value, mono), number, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def _value(self, name: str, value: str, mono: bool) -> QWidget:
        shown = label(breakable(value), wrap=True, selectable=True)
        shown.setAccessibleName(f"{name}: {value}")
        if mono:
            follow_theme(shown, lambda: shown.setFont(theme().font(12, family=MONO)))
        return shown


def breakable(text: str, every: int = 24) -> str:
    """Long unbroken words get places to break, so that they wrap instead of widening the window."""
    words = text.split(" ")
    return " ".join(BREAK.join(word[at : at + every] for at in range(0, max(len(word), 1), every)) for word in words)
