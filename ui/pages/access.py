# SPDX-License-Identifier: Apache-2.0
"""The Access log: who read whose content, when, and why. It is itself part of the sealed, signed ledger."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStackedWidget, QTableWidget, QTableWidgetItem, QWidget

from ui.models.reading import AccessLine, access_lines
from ui.session import Session
from ui.theme import theme
from ui.widgets.basics import down, follow_theme, holder, label
from ui.widgets.empty import Empty

TITLES = ("Time (UTC)", "Auditor", "What", "Reason", "Calls")
WIDTHS = (160, 150, 190, 0, 220)
MOST = 1_000
MEANING = "Every reading of content, with its reason. The log lies in the auditor's own ledger."


class AccessPage(QWidget):
    """Accesses, newest first."""

    failed = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.table = QTableWidget(0, len(TITLES))
        self._set_up_table()
        head = down(
            label("Access log", "title"),
            label(MEANING, "muted", wrap=True),
            margins=(24, 20, 24, 14), spacing=6,
        )  # fmt: skip
        column = down(spacing=0)
        column.addLayout(head)
        column.addLayout(down(self.table, margins=(14, 0, 14, 0)), 1)
        empty = Empty()
        empty.say("access", "No content has been read.", "Readings appear here with who, when and why.")
        self._stack = QStackedWidget()
        self._stack.addWidget(holder(column, "panel"))
        self._stack.addWidget(holder(down(empty), "panel"))
        self.setLayout(down(self._stack))
        self._stack.setCurrentIndex(1)

    def _set_up_table(self) -> None:
        table = self.table
        table.setHorizontalHeaderLabels(list(TITLES))
        table.setAccessibleName("Accesses")
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)

        def dress() -> None:
            px = theme().px
            table.verticalHeader().setDefaultSectionSize(px(30))
            header.setFixedHeight(px(32))
            for column, width in enumerate(WIDTHS):
                if width:
                    table.setColumnWidth(column, px(width))

        follow_theme(table, dress)

    def look(self) -> None:
        """Read the log again."""
        self._session.query(
            self, lambda archive, _: access_lines(archive, MOST), self.show_lines, self.failed.emit, topic="accesses"
        )

    def show_lines(self, lines: Sequence[AccessLine]) -> None:
        """Show these accesses."""
        self.table.setRowCount(len(lines))
        for row, line in enumerate(lines):
            for column, text in enumerate(line):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(row, column, item)
        self._stack.setCurrentIndex(0 if lines else 1)
