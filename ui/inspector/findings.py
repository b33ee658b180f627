# SPDX-License-Identifier: Apache-2.0
"""The findings tab: what was reported on this call and on which clause, and all terms that hold for it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from auditor.findings import Case
from ui.models import formats
from ui.models.applying import Applying
from ui.models.findings import LEVELS, STATES, VERDICT, ordered
from ui.widgets.basics import across, button, clear, down, holder, label
from ui.widgets.chip import Chip
from ui.widgets.clause_card import ClauseCard
from ui.widgets.facts import breakable
from ui.widgets.terms_group import TermsGroup


class FindingsTab(QScrollArea):
    """Findings as cards, each with its clause."""

    finding_wanted = Signal(str)
    terms_wanted = Signal(str)
    """An id of the registry whose terms are to be shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Findings on this call")
        self._column = down(spacing=12)
        outer = down(label(VERDICT, "muted", wrap=True), margins=(16, 14, 16, 16), spacing=12)
        self._terms = down(spacing=12)
        outer.addLayout(self._column)
        outer.addLayout(self._terms)
        outer.addStretch(1)
        self.setWidget(holder(outer, "panel"))

    def show_cases(self, cases: Sequence[Case]) -> None:
        """Show these."""
        clear(self._column)
        for case in ordered(cases):
            self._column.addWidget(self._card(case))
        if not cases:
            self._column.addWidget(label("Nothing was reported on this call.", "muted", wrap=True))

    def show_terms(self, terms: Sequence[Applying]) -> None:
        """Whose terms hold for the call."""
        clear(self._terms)
        if terms:
            self._terms.addWidget(label("Terms that hold for this call", "heading"))
        for one in terms:
            shown = TermsGroup(one)
            shown.wanted.connect(self.terms_wanted)
            self._terms.addWidget(shown)

    def forget(self) -> None:
        """Drop everything."""
        clear(self._column)
        clear(self._terms)

    def _card(self, case: Case) -> QWidget:
        finding, level, state = case.finding, LEVELS[case.severity], STATES[case.finding.status]
        card = QFrame()
        card.setProperty("look", "group")
        way = button("Open", "link")
        way.setAccessibleName(f"Open the finding {finding.rule.title}")
        way.clicked.connect(lambda: self.finding_wanted.emit(finding.id))
        chips = across(Chip(level.word, level.icon, level.tone), Chip(state.word, state.icon, state.tone), 1, way)
        layout = down(margins=(14, 10, 10, 14), spacing=8)
        layout.addLayout(chips)
        layout.addWidget(label(breakable(formats.one_line(finding.rule.title)), "strong", wrap=True))
        layout.addWidget(label(breakable(finding.explanation, 40), "muted", wrap=True, selectable=True))
        if (clause := finding.clause) is not None:
            layout.addWidget(ClauseCard(clause, clause.document, clause.effective))
        card.setLayout(layout)
        return card
