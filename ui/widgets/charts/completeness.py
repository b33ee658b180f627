# SPDX-License-Identifier: Apache-2.0
"""Whether everything is here: what passed against what is recorded, gaps, and what could not be opened or read."""

from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from ui.models.health import Health
from ui.theme import theme
from ui.widgets.basics import across, down, drop, label, picture, set_picture
from ui.widgets.charts.figure import figure

FIGURES = (
    ("seen", "Seen", "Calls to AI providers that came through gateways", ""),
    ("recorded", "Recorded", "Sealed in the ledgers", ""),
    ("lost", "Lost", "Passed without a record", "bad"),
    ("gaps", "Gaps", "Stretches in which something could not be recorded", "bad"),
    ("undecryptable", "Not decrypted", "Connections to AI hosts that stayed closed", "warn"),
    ("unparsed", "Unparsed", "Recorded raw, format unknown", "warn"),
)


class CompletenessCard(QFrame):
    """The sums over all gateways, and how they are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "group")
        self._marks = (picture("shield", "muted", 16), picture("gateways", "muted", 16))
        self.words = (label("", wrap=True), label("", "muted", wrap=True))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme().px(20))
        self._grid.setVerticalSpacing(theme().px(12))
        layout = down(label("Completeness", "heading"), margins=(18, 14, 18, 16), spacing=8)
        for mark, words in zip(self._marks, self.words, strict=True):
            row = across(mark, words, spacing=8)
            row.setStretch(1, 1)
            layout.addLayout(row)
        layout.addSpacing(theme().px(6))
        layout.addLayout(self._grid)
        layout.addStretch(1)
        self.setLayout(layout)
        self.setAccessibleName("Completeness")

    def show_health(self, health: Health) -> None:
        """Show these accounts."""
        lines = (health.completeness_line(), health.gateways_line())
        for mark, words, (drawing, tone, said, more) in zip(self._marks, self.words, lines, strict=True):
            set_picture(mark, drawing, tone, 16)
            words.setText(said)
            words.setToolTip(more)
        while (item := self._grid.takeAt(0)) is not None:
            if widget := item.widget():
                drop(widget)
        for place, (field, title, meaning, look) in enumerate(FIGURES):
            value = sum(getattr(ledger, field) for ledger in health.gateways)
            self._grid.addWidget(figure(title, value, meaning, look if value else ""), place // 3, place % 3)
            self._grid.setColumnStretch(place % 3, 1)
