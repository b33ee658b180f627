# SPDX-License-Identifier: Apache-2.0
"""Calls over time as a table: the same figures as the chart's bars, for whoever reads rather than looks."""

from datetime import UTC

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.models import formats
from ui.models.timeline import LAYERS, STACK, Timeline
from ui.theme import theme
from ui.widgets.basics import across, button, down, label
from ui.widgets.dialogs.ground import Dialog
from ui.widgets.plain_table import PlainTable

SIZE = (760, 560)
COLUMNS = (("From (UTC)", 0), *((LAYERS[name][1].capitalize(), -132) for name in STACK), ("Calls", -90))


class TimelineTable(Dialog):
    """A row a bar that is not empty, the newest first; `opened` carries the bar whose row was opened."""

    opened = Signal(int)

    def __init__(self, timeline: Timeline, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Calls over time")
        self.table = PlainTable("Calls over time", COLUMNS)
        self._bars = [bar for bar in reversed(range(timeline.buckets)) if any(_figures(timeline, bar))]
        self.table.show_rows([_texts(timeline, bar) for bar in self._bars])
        self.table.opened.connect(self._choose)
        leave = button("Close")
        leave.setAutoDefault(False)
        leave.clicked.connect(self.accept)
        said = f"{formats.count(timeline.total, 'call')}, {formats.span(timeline.step)} a row. Return chooses its time."
        layout = down(label("Calls over time", "title"), label(said, "muted", wrap=True), margins=(24, 20, 24, 20))
        layout.addWidget(self.table, 1)
        layout.addLayout(across(1, leave))
        self.setLayout(layout)
        self.resize(*map(theme().px, SIZE))
        self.table.setFocus()

    def _choose(self, row: int) -> None:
        self.accept()
        self.opened.emit(self._bars[row])


def _figures(timeline: Timeline, bar: int) -> list[int]:
    return [timeline.layers[name][bar] for name in STACK]


def _texts(timeline: Timeline, bar: int) -> tuple[str, ...]:
    figures = _figures(timeline, bar)
    return (f"{timeline.at(bar).astimezone(UTC):%Y-%m-%d %H:%M}", *(f"{one:,}" for one in (*figures, sum(figures))))
