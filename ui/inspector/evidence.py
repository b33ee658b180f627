# SPDX-License-Identifier: Apache-2.0
"""The evidence tab: where the record lies in its ledger, its hash, and a check of the whole ledger on request."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from auditor.calls import Call
from ui.inspector.connection import FactsTab
from ui.models import formats
from ui.widgets.basics import across, button, down, holder, label, picture, set_look, set_picture
from ui.widgets.facts import Fact


class EvidenceTab(QWidget):
    """Place in the ledger, and its verification."""

    verify_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts = FactsTab("Place of the record")
        self._call_facts: list[Fact] = []
        self.verify = button("Verify the ledgers now")
        self.verify.clicked.connect(self.verify_wanted)
        self._busy = QProgressBar()
        self._busy.setTextVisible(False)
        self._busy.setAccessibleName("Verifying")
        self._mark = picture("shield", "muted", 18)
        self.result = label("Every record is hashed, chained and signed. Verifying reads them all.", "muted", wrap=True)
        self._busy.hide()
        card = QFrame()
        card.setProperty("look", "card")
        inner = down(margins=(16, 14, 16, 14), spacing=10)
        said = across(self._mark, self.result, spacing=10)
        said.setStretchFactor(self.result, 1)
        inner.addLayout(said)
        inner.addWidget(self._busy)
        inner.addLayout(across(1, self.verify))
        card.setLayout(inner)
        layout = down(spacing=0)
        layout.addWidget(self._facts, 1)
        layout.addLayout(down(card, margins=(16, 8, 16, 16)))
        self.setLayout(down(holder(layout, "panel")))

    def show_call(self, call: Call) -> None:
        """The record's place."""
        facts: list[Fact] = [("Call id", formats.one_line(call.id)), ("Time", formats.exact_time(call.time))]
        if call.gateway:
            facts.append(("Gateway", formats.one_line(call.gateway)))
        if call.seq is not None:
            facts.append(("Record number", f"{call.seq:,}"))
        self._call_facts = facts
        self._facts.show_groups(("Record", facts))

    def show_place(self, call_id: str, ledger: str, seq: int, leaf: str) -> None:
        """Which ledger holds the record, and by which hash; an answer for an earlier call is dropped."""
        if self._call_facts[:1] == [("Call id", formats.one_line(call_id))]:
            known = [fact for fact in self._call_facts if fact[0] != "Record number"]
            place = [("Ledger", ledger), ("Record number", f"{seq:,}"), ("Leaf hash (SHA-256)", leaf)]
            self._facts.show_groups(("Record", [*known, *place]))

    def show_progress(self, done: int, total: int) -> None:
        """How far the verification is."""
        self.verify.setEnabled(False)
        self._busy.setRange(0, total)
        self._busy.setValue(done)
        self._busy.show()

    def show_result(self, holds: bool, sentence: str) -> None:
        """What the verification found."""
        self.verify.setEnabled(True)
        self._busy.hide()
        set_picture(self._mark, "verified" if holds else "error", "good" if holds else "bad", 18)
        set_look(self.result, "good" if holds else "bad")
        self.result.setText(sentence)
