# SPDX-License-Identifier: Apache-2.0
"""The greatest of several values as bars with their figures; each name leads to its calls."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from auditor.archive import Share
from ui.models import formats
from ui.models.overview import dollars
from ui.theme import theme
from ui.widgets.basics import button, drop, follow_theme, label

WIDEST = 180
PER_MILLE = 1_000


class ShareBars(QWidget):
    """One line a value: name, bar, calls, spend."""

    chosen = Signal(str)

    def __init__(self, noun: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._noun = noun
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme().px(14))
        self._grid.setVerticalSpacing(theme().px(4))
        self._grid.setColumnStretch(1, 1)

    def show_shares(self, shares: Sequence[Share]) -> None:
        """Show these, the first being the greatest."""
        while (item := self._grid.takeAt(0)) is not None:
            if widget := item.widget():
                drop(widget)
        highest = max((share.calls for share in shares), default=1)
        for row, share in enumerate(shares):
            parts = (self._name(share), self._bar(share, highest), *self._figures(share))
            for column, part in enumerate(parts):
                self._grid.addWidget(part, row, column)
        if not shares:
            self._grid.addWidget(label("No calls in this period.", "muted"), 0, 0)

    def _name(self, share: Share) -> QWidget:
        name = button("", "link")
        room = theme().px(WIDEST - 12)
        name.setText(name.fontMetrics().elidedText(formats.one_line(share.value), Qt.TextElideMode.ElideRight, room))
        name.setToolTip(f"Show the calls of {formats.one_line(share.value, 120)} in Traffic")
        name.setAccessibleName(f"{self._noun} {share.value}: {formats.count(share.calls, 'call')}")
        name.setMaximumWidth(theme().px(WIDEST))
        name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        name.clicked.connect(lambda _=False, value=share.value: self.chosen.emit(value))
        return name

    def _bar(self, share: Share, highest: int) -> QWidget:
        bar = QProgressBar()
        bar.setTextVisible(False)
        bar.setRange(0, PER_MILLE)
        bar.setValue(max(round(share.calls / highest * PER_MILLE), 1))
        bar.setAccessibleName(f"{share.value}, compared")
        return bar

    def _figures(self, share: Share) -> list[QWidget]:
        words = (formats.count(share.calls, "call"), dollars(share.cost_usd) if share.cost_usd else "")
        figures = [label(text, look) for text, look in zip(words, ("", "muted"), strict=True)]
        for part in figures:
            part.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            follow_theme(part, partial(_align_digits, part))
        return list(figures)


def _align_digits(part: QLabel) -> None:
    part.setFont(theme().figures(13))
