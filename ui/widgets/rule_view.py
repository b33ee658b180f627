# SPDX-License-Identifier: Apache-2.0
"""One rule in full: what it says, on which clause, what may be harmless, its source; and what can be done with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from auditor.terms import Registry
from ui.models import formats
from ui.models.findings import GRADES, LEVELS
from ui.models.rules import RuleRow
from ui.theme import theme
from ui.widgets.basics import across, button, clear, down, holder, label, leftmost
from ui.widgets.chip import Chip
from ui.widgets.clause_card import ClauseCard
from ui.widgets.contents.code_view import CodeView
from ui.widgets.facts import breakable
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.trial_view import TrialView


class RuleView(QScrollArea):
    """Shows what it is given."""

    turned = Signal(bool)
    edit_wanted = Signal()
    remove_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row: RuleRow | None = None
        self.title = label("", "title", wrap=True, selectable=True)
        self.turn, self.edit, self.remove = button("Turn off"), button("Edit"), button("Remove")
        self.trial = TrialView()
        self.source = CodeView("Source of the rule")
        self._chips, self._body = down(), down(spacing=8)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Rule")
        self._arrange()
        self.turn.clicked.connect(self._turn)
        self.edit.clicked.connect(self.edit_wanted)
        self.remove.clicked.connect(self.remove_wanted)

    def _arrange(self) -> None:
        column = down(margins=(28, 20, 28, 28), spacing=10)
        column.addLayout(self._chips)
        column.addWidget(self.title)
        column.addLayout(across(self.turn, self.edit, self.remove, 1))
        column.addLayout(self._body)
        column.addWidget(label("Try it", "heading"))
        column.addWidget(self.trial)
        column.addWidget(label("Source", "heading"))
        box = QFrame()
        box.setProperty("look", "inset")
        box.setLayout(down(self.source, margins=(10, 8, 4, 8)))
        self.source.setMinimumHeight(theme().px(320))
        column.addWidget(box, 1)
        inner = holder(column, "panel")
        inner.setMaximumWidth(theme().px(980))
        self.setWidget(holder(leftmost(inner), "panel"))

    def show_rule(self, row: RuleRow) -> None:
        """Show one rule."""
        if self.row is None or self.row.rule.id != row.rule.id:
            self.trial.reset()
            self.verticalScrollBar().setValue(0)
        self.row = row
        rule = row.rule
        self.title.setText(breakable(formats.one_line(rule.title, 200)))
        self.turn.setText("Turn off" if row.on else "Turn on")
        self.edit.setText("Edit" if row.own else "Copy to edit")
        self.edit.setEnabled(bool(row.source))
        self.remove.setVisible(row.own)
        self._show_chips(row)
        clear(self._body)
        self._body.addWidget(label(breakable(rule.description or "It has no description."), wrap=True, selectable=True))
        if rule.falsepositives:
            harmless = "It may be harmless: " + "; ".join(rule.falsepositives) + "."
            self._body.addWidget(label(harmless, "muted", wrap=True, selectable=True))
        registry = Registry.load()
        for name in (*rule.section.clauses, *rule.section.permissions):
            clause = registry.clause(name)
            self._body.addWidget(ClauseCard(clause, clause.document_title, clause.effective_or_updated))
        self.source.show_text(row.source or "The source of this rule is not at hand.")

    def _show_chips(self, row: RuleRow) -> None:
        clear(self._chips)
        level, grade = LEVELS[row.rule.level], GRADES[row.rule.section.grade]
        box = QWidget()
        flow = FlowLayout(box, spacing=6)
        on = Chip("on", "check", "good") if row.on else Chip("off", "pause", "warn")
        for chip in (
            on,
            Chip(level.word, level.icon, level.tone),
            Chip(grade.word, grade.icon, grade.tone),
            Chip(row.rule.section.kind, "rules"),
            Chip("yours" if row.own else "built in", "user" if row.own else "shield"),
        ):
            flow.addWidget(chip)
        self._chips.addWidget(box)

    def _turn(self) -> None:
        if self.row is not None:
            self.turned.emit(not self.row.on)
