# SPDX-License-Identifier: Apache-2.0
"""The Access log: who read whose content, when, and why. It is itself part of the sealed, signed ledger."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.models.reading import AccessLine, access_lines
from ui.session import Session
from ui.widgets.basics import down, holder, label
from ui.widgets.empty import Empty
from ui.widgets.plain_table import PlainTable

COLUMNS = (("Time (UTC)", 160), ("Auditor", 150), ("What", 190), ("Reason", 0), ("Calls", 220))
MOST = 1_000
MEANING = "Every reading of content, with its reason. The log lies in the auditor's own ledger."


class AccessPage(QWidget):
    """Accesses, newest first."""

    failed = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.table = PlainTable("Accesses", COLUMNS)
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

    def look(self) -> None:
        """Read the log again."""
        self._session.query(
            self, lambda archive, _: access_lines(archive, MOST), self.show_lines, self.failed.emit, topic="accesses"
        )

    def show_lines(self, lines: Sequence[AccessLine]) -> None:
        """Show these accesses."""
        self.table.show_rows(lines)
        self._stack.setCurrentIndex(0 if lines else 1)
