# SPDX-License-Identifier: Apache-2.0
"""One provider: what is sent there, the facts with how sure we are of each, its documents, and its clauses."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QScrollArea, QToolButton, QWidget

from auditor.terms import Clause, Document, Role
from ui.models import formats
from ui.models.overview import dollars
from ui.models.terms import ROLES, Entry, KnownFact, document_line, facts
from ui.theme import theme
from ui.widgets.basics import across, button, clear, down, drop, holder, label, set_look
from ui.widgets.clause_card import ClauseCard, certainty_chip, source_button
from ui.widgets.facts import breakable
from ui.widgets.flow_layout import FlowLayout

AT_ONCE = 10
WORDS = "A clause is our reading of a document, in one sentence; read the document itself before acting."


class ProviderView(QScrollArea):
    """Shows an `Entry`."""

    data_wanted = Signal(object, str)
    """Names of the provider in calls, and a data type, or nothing for all its calls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry: Entry | None = None
        self.role: Role | None = None
        self.roles: dict[Role | None, QToolButton] = {}
        self._body = down(spacing=10)
        self._cards = down(spacing=10)
        column = down(margins=(28, 22, 28, 28))
        column.addLayout(self._body)
        column.addStretch(1)
        inner = holder(column, "panel")
        inner.setMaximumWidth(theme().px(1040))
        self.setWidget(holder(across(inner, spacing=0), "panel"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Provider")

    def show_entry(self, entry: Entry) -> None:
        """Show a provider from its beginning."""
        self.entry, self.role = entry, None
        clear(self._body)
        self._cards = down(spacing=10)
        self._body.addWidget(label(breakable(formats.one_line(entry.name, 200)), "title", wrap=True))
        named = (
            ", ".join(formats.one_line(name, 120) for name in entry.names) or "no provider name: a licence of weights"
        )
        self._body.addWidget(label(breakable(f"In calls: {named}"), "muted", wrap=True, selectable=True))
        self._section("What is sent there", self._sent(entry))
        if entry.terms is None:
            words = "The registry holds no terms of this provider. Nothing can be said about what it permits."
            self._section("Terms", label(words, "warn", wrap=True))
        else:
            self._section("Facts", self._facts(facts(entry.terms)))
            self._section("Documents", self._documents(entry.terms.document))
            self._section(f"Clauses, {len(entry.terms.clause):,}", self._role_row(entry))
            self._body.addWidget(label(WORDS, "muted", wrap=True))
            self._body.addLayout(self._cards)
            self.show_role(None)
        self.verticalScrollBar().setValue(0)

    def _section(self, title: str, content: QWidget) -> None:
        self._body.addSpacing(theme().px(10))
        self._body.addWidget(label(title, "heading"))
        self._body.addWidget(content)

    # --- what is sent ---

    def _sent(self, entry: Entry) -> QWidget:
        if not entry.calls:
            return label("No call to this provider is recorded.", "muted", wrap=True)
        tokens = f"{entry.input_tokens:,} tokens in, {entry.output_tokens:,} out"
        words = f"{formats.count(entry.calls, 'call')} · {tokens} · {dollars(entry.cost_usd)} at list price"
        box = QWidget()
        flow = FlowLayout(box, spacing=6)
        every = button("Show the calls in Traffic", "link")
        every.clicked.connect(lambda: self.data_wanted.emit(entry.names, ""))
        flow.addWidget(every)
        for type_, calls in entry.sent:
            way = button(f"{formats.one_line(type_, 40)} in {formats.count(calls, 'call')}")
            way.setAccessibleName(f"Show the calls that sent {type_} to {entry.name}")
            way.setToolTip("Show these calls in Traffic")
            way.clicked.connect(lambda _=False, type_=type_: self.data_wanted.emit(entry.names, type_))
            flow.addWidget(way)
        nothing = () if entry.sent else (label("No data of a known type was sent there.", "muted", wrap=True),)
        return holder(down(label(words, wrap=True), *nothing, box, spacing=8))

    # --- facts and documents ---

    def _facts(self, known: Sequence[KnownFact]) -> QWidget:
        box = QFrame()
        box.setProperty("look", "card")
        grid = QGridLayout(box)
        px = theme().px
        grid.setContentsMargins(px(18), px(14), px(18), px(14))
        grid.setHorizontalSpacing(px(18))
        grid.setVerticalSpacing(px(10))
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        for row, fact in enumerate(known):
            grid.addWidget(label(fact.question, "muted"), row, 0, top)
            answer = label(breakable(fact.answer, 40), wrap=True, selectable=True)
            answer.setAccessibleName(f"{fact.question}: {fact.answer}, {fact.status}")
            parts = [answer, *([label(breakable(fact.source, 40), "caption", wrap=True)] if fact.source else [])]
            grid.addLayout(down(*parts, spacing=2), row, 1)
            grid.addWidget(certainty_chip(fact.status), row, 2, top)
        return box

    def _documents(self, documents: Sequence[Document]) -> QWidget:
        box = QFrame()
        box.setProperty("look", "card")
        layout = down(margins=(18, 12, 18, 12), spacing=8)
        for document in documents:
            words = down(
                label(breakable(document.title), wrap=True),
                label(document_line(document), "caption", wrap=True),
                spacing=2,
            )
            row = across(spacing=12)
            row.addLayout(words, 1)
            if source := source_button(document.url, "Open"):
                source.setAccessibleName(f"Open {document.title}")
                row.addWidget(source)
            layout.addLayout(row)
        box.setLayout(layout)
        return box

    # --- clauses ---

    def _role_row(self, entry: Entry) -> QWidget:
        box = QWidget()
        flow = FlowLayout(box, spacing=2)
        group = QButtonGroup(box)
        self.roles = {}
        for role in (None, *ROLES):
            number = len(entry.clauses(role))
            entry_button = QToolButton()
            name = "All" if role is None else ROLES[role][0]
            entry_button.setText(f"{name} {number}")
            entry_button.setAccessibleName(f"{name}: {formats.count(number, 'clause')}")
            entry_button.setCheckable(True)
            entry_button.setEnabled(bool(number))
            set_look(entry_button, "quiet")
            entry_button.clicked.connect(lambda _=False, role=role: self.show_role(role))
            group.addButton(entry_button)
            flow.addWidget(entry_button)
            self.roles[role] = entry_button
        return box

    def show_role(self, role: Role | None) -> None:
        """Show the clauses of a role, the first ones at once."""
        if self.entry is None:
            return
        self.role = role
        self.roles[role].setChecked(True)
        clear(self._cards)
        self._add_cards(self.entry.clauses(role))

    def show_clauses(self) -> None:
        """Scroll to the clauses."""
        body = self.widget()
        if body is not None and self.role in self.roles:
            place = self.roles[self.role].mapTo(body, QPoint(0, 0)).y()
            self.verticalScrollBar().setValue(place - theme().px(60))

    def _add_cards(self, clauses: Sequence[Clause]) -> None:
        for clause in clauses[:AT_ONCE]:
            note = " · ".join(part for part in (clause.applies_to, clause.note) if part)
            role = f"{ROLES[clause.role][1]}: {clause.kind.replace('_', ' ')}"
            self._cards.addWidget(ClauseCard(clause, clause.document_title, clause.effective_or_updated, role, note))
        if rest := clauses[AT_ONCE:]:
            more = button(f"Show {min(len(rest), AT_ONCE)} more of {len(rest)}")
            more.clicked.connect(lambda: self._add_more(more, rest))
            self._cards.addWidget(more, alignment=Qt.AlignmentFlag.AlignLeft)

    def _add_more(self, instead_of: QWidget, clauses: Sequence[Clause]) -> None:
        drop(instead_of)
        self._add_cards(clauses)
