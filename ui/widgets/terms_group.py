# SPDX-License-Identifier: Apache-2.0
"""Whose terms hold for a call: their clauses by role, folded, and the way to the registry."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from auditor.terms import Clause, Role
from ui.models import formats
from ui.models.applying import NO_TERMS, Applying
from ui.models.terms import ROLES
from ui.widgets.basics import across, button, down, label
from ui.widgets.clause_card import ClauseCard
from ui.widgets.facts import breakable
from ui.widgets.fold import Fold


class TermsGroup(QFrame):
    """One party's terms; clauses are written out when their fold is opened."""

    wanted = Signal(str)
    """The terms are to be shown whole: their id."""

    def __init__(self, applying: Applying, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "group")
        said = label(breakable(formats.one_line(applying.title, 120)), "strong", wrap=True)
        head = across(said, spacing=10)
        head.setStretch(0, 1)
        layout = down(margins=(14, 10, 10, 12), spacing=6)
        layout.addLayout(head)
        if applying.id:
            way = button("Open", "link")
            way.setAccessibleName(f"Open the terms of {applying.title}")
            way.clicked.connect(lambda: self.wanted.emit(applying.id))
            head.addWidget(way)
        else:
            layout.addWidget(label(NO_TERMS, "muted", wrap=True))
        for role, clauses in applying.clauses.items():
            layout.addWidget(self._fold(role, clauses))
        self.setLayout(layout)

    def _fold(self, role: Role, clauses: tuple[Clause, ...]) -> Fold:
        name, does = ROLES[role]
        column: QVBoxLayout = down(spacing=8)
        body = QWidget()
        body.setLayout(column)
        fold = Fold(f"{name} · {len(clauses)}", body)

        def write() -> None:
            for clause in clauses if column.isEmpty() else ():
                column.addWidget(ClauseCard(clause, clause.document_title, clause.effective_or_updated, does))

        fold.opened.connect(write)
        return fold
