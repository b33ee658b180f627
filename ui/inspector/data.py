# SPDX-License-Identifier: Apache-2.0
"""The data tab: what was found, how often and which way; after a reason, each match masked and where it lies."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from auditor.calls import DataCount, PlacedMatch
from ui.models import formats
from ui.theme import theme
from ui.widgets.basics import across, button, down, drop, follow_theme, holder, label
from ui.widgets.chip import Chip
from ui.widgets.flow_layout import FlowLayout

TITLES = ("Type", "Masked value", "Direction", "Role", "Certainty")
MOST = 2_000


class DataView(QWidget):
    """Counts at the top, matches below."""

    chosen = Signal(str)
    """A match was opened: its place in the content."""

    value_wanted = Signal(object)
    """The value of one `PlacedMatch` is asked for, as it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._matches: Sequence[PlacedMatch] = ()
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips)
        self._note = label("", "muted", wrap=True)
        self.table = QTableWidget(0, len(TITLES))
        self._set_up_table()
        self.reveal = button("Reveal the chosen value")
        self.reveal.setToolTip("Shows one value as it is; the reading is recorded with the reason given for this call")
        self.reveal.clicked.connect(self._ask_value)
        self.table.itemSelectionChanged.connect(lambda: self.reveal.setEnabled(self.table.currentRow() >= 0))
        layout = down(margins=(16, 14, 16, 10), spacing=10)
        for part in (self._chips, self._note, self.table):
            layout.addWidget(part)
        layout.addLayout(across(1, self.reveal))
        layout.addStretch(1)
        outer = down()
        outer.addWidget(holder(layout, "panel"))
        self.setLayout(outer)

    def _set_up_table(self) -> None:
        table = self.table
        table.setHorizontalHeaderLabels(list(TITLES))
        table.setAccessibleName("Data found")
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.horizontalHeader().setHighlightSections(False)
        table.itemActivated.connect(lambda item: self.chosen.emit(self._matches[item.row()].place))
        table.cellDoubleClicked.connect(lambda row, _: self.chosen.emit(self._matches[row].place))

        def dress() -> None:
            table.verticalHeader().setDefaultSectionSize(theme().px(28))
            table.horizontalHeader().setFixedHeight(theme().px(30))
            table.horizontalHeader().setMinimumSectionSize(theme().px(72))  # the value's, too, which takes what is left

        follow_theme(table, dress)

    def show_counts(self, data: Sequence[DataCount]) -> None:
        """What lists know: types and numbers."""
        self.forget()
        for item in data:
            tone = "warn" if item.direction == "sent" else "muted"
            self._flow.addWidget(Chip(f"{item.type} {item.count:,} {item.direction}", item.direction, tone))
        self._chips.setVisible(bool(data))
        self._note.setText(
            "The values are sealed. Give a reason in the conversation to see them masked and where they lie."
            if data
            else "No data of a known type was found in this call."
        )

    def show_matches(self, matches: Sequence[PlacedMatch]) -> None:
        """Every match, masked."""
        self._matches = matches[:MOST]
        if not matches:
            return
        rest = len(matches) - len(self._matches)
        more = f" The first {MOST:,} of {len(matches):,} are listed." if rest else ""
        self._note.setText(f"Values stay masked. Open a row to see it in the conversation.{more}")
        self.table.setRowCount(len(self._matches))
        for row, placed in enumerate(self._matches):
            for column, text in enumerate(_cells(placed)):
                self.table.setItem(row, column, QTableWidgetItem(text))
        self.table.resizeColumnsToContents()
        self.table.show()
        self.table.selectRow(0)
        self.reveal.show()

    def _ask_value(self) -> None:
        row = self.table.currentRow()
        if 0 <= row < len(self._matches):
            self.value_wanted.emit(self._matches[row])

    def show_value(self, placed: PlacedMatch, value: str) -> None:
        """Show one value in its row, as it is."""
        for row, known in enumerate(self._matches):
            item = self.table.item(row, 1)
            if known == placed and item is not None:
                item.setText(formats.one_line(value, 500))
                item.setToolTip("Shown as it is; the reading is recorded")

    def forget(self) -> None:
        """Drop everything."""
        self._matches = ()
        self.table.setRowCount(0)
        self.table.hide()
        self.reveal.hide()
        while (item := self._flow.takeAt(0)) is not None:
            if widget := item.widget():
                drop(widget)


def _cells(placed: PlacedMatch) -> tuple[str, ...]:
    match = placed.match
    kind = f"{match.type} · {match.subtype}" if match.subtype else match.type
    return (
        formats.one_line(kind, 80),
        formats.one_line(match.masked, 200),
        placed.direction,
        placed.role,
        f"{match.score:.0%}",
    )
