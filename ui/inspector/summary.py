# SPDX-License-Identifier: Apache-2.0
"""What several selected calls have in common and add up to."""

from PySide6.QtWidgets import QWidget

from ui.inspector.connection import FactsTab
from ui.models import formats
from ui.models.summing import Sums
from ui.widgets.basics import down, label


class SelectionSummary(QWidget):
    """Sums and the most frequent values of a selection."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = label("", "heading")
        self._note = label("", "muted", wrap=True)
        self._facts = FactsTab("Summary of the selection")
        head = down(self._title, self._note, margins=(16, 14, 16, 6), spacing=4)
        layout = down(spacing=0)
        layout.addLayout(head)
        layout.addWidget(self._facts, 1)
        self.setLayout(layout)

    def show_sums(self, sums: Sums) -> None:
        """Show what a selection adds up to."""
        self._title.setText(f"{formats.count(sums.selected, 'call')} selected")
        known = "" if sums.summed >= sums.selected else f" Sums are over the first {sums.summed:,}."
        self._note.setText(f"Copy or export them from the context menu.{known}")
        self._facts.show_groups(*sums.groups)

    def forget(self) -> None:
        """Drop everything."""
        self._facts.forget()
