# SPDX-License-Identifier: Apache-2.0
"""The Rules page: the Sigma rules that are evaluated, built-in ones and yours, and the organisation's policy.

Built-in rules are turned on and off, and copied to be changed; yours are edited, checked while they are written, and
tried on the newest calls before they report anything.
"""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QMessageBox, QStackedWidget, QWidget

from ui.models import formats
from ui.models.flows import any_of
from ui.models.policy import policy_of
from ui.models.rules import RuleBook, RuleRow, copied, file_name, holds, new_rule, read_rules, try_rules
from ui.pages.policy_pane import PolicyPane
from ui.pages.rule_editor import RuleEditor
from ui.session import Session
from ui.shortcuts import Shortcut, action
from ui.widgets.basics import across, beside, button, down, holder, label, rule
from ui.widgets.empty import Empty
from ui.widgets.plain_table import PlainTable
from ui.widgets.rule_view import RuleView
from ui.widgets.segments import Segments
from ui.widgets.trial_view import TrialView

COLUMNS = (("On", 44), ("Level", 104), ("Rule", 0), ("About", 80), ("Origin", 72))
PARTS = (("rules", "Rules"), ("policy", "Policy"))


class RulesPage(QWidget):
    """Rules on the left, one of them on the right; or the policy."""

    failed = Signal(object)
    said = Signal(str)
    calls_wanted = Signal(object)
    """A filter to be shown in Traffic."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.book: RuleBook | None = None
        self.rows: Sequence[RuleRow] = ()
        self._wanted = ""
        self.parts = Segments("Part", PARTS)
        self.search = QLineEdit()
        self.new = button("New rule")
        self.count = label("", "caption", wrap=True)
        self.table = PlainTable("Rules", COLUMNS)
        self.view, self.editor, self.empty = RuleView(), RuleEditor(session), Empty()
        self.policy = PolicyPane(session)
        self.question: QMessageBox | None = None
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        head = across(label("Rules and policy", "title"), 1, self.parts, margins=(24, 14, 16, 12), spacing=16)
        self.search.setPlaceholderText("Search rules, fields, clauses")
        self.search.setAccessibleName("Search rules")
        self.search.setClearButtonEnabled(True)
        row = across(self.search, self.new)
        row.setStretch(0, 1)
        tools = down(holder(row), self.count, margins=(14, 12, 14, 8), spacing=8)
        left = down(holder(tools), rule(), self.table, spacing=0)
        left.setStretchFactor(self.table, 1)
        self.right = QStackedWidget()
        self._nothing = holder(down(self.empty), "panel")
        for part in (self.view, self.editor, self._nothing):
            self.right.addWidget(part)
        splitter = beside(holder(left, "panel"), self.right, (620, 720))
        self._stack = QStackedWidget()
        self._stack.addWidget(splitter)
        self._stack.addWidget(self.policy)
        layout = down(holder(head, "bar"), self._stack, spacing=0)
        layout.setStretchFactor(self._stack, 1)
        self.setLayout(layout)
        self.parts.choose("rules")
        self.empty.say("rules", "No rule is chosen.", "")
        self.right.setCurrentWidget(self._nothing)

    def _connect(self) -> None:
        self.parts.chosen.connect(self.show_part)
        self.search.textChanged.connect(lambda _: self._list())
        self.search.returnPressed.connect(self.table.setFocus)
        self.new.clicked.connect(self.begin)
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(lambda _: self._edit())
        self.view.turned.connect(self._turn)
        self.view.edit_wanted.connect(self._edit)
        self.view.remove_wanted.connect(self._ask_to_remove)
        self.view.trial.wanted.connect(lambda last: self._try(self.view.trial, last))
        self.editor.trial.wanted.connect(lambda last: self._try(self.editor.trial, last))
        for trial in (self.view.trial, self.editor.trial):
            trial.calls_wanted.connect(lambda ids: self.calls_wanted.emit(any_of("id", ids)))
        self.editor.left.connect(self._leave_editor)
        self.editor.saved.connect(self._saved)
        for part in (self.editor, self.policy):
            part.failed.connect(self.failed)
        self.policy.said.connect(self.said)
        find = action(self, Shortcut.FILTER)
        find.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.triggered.connect(self.search.setFocus)

    def show_part(self, part: str) -> None:
        """Show the rules or the policy."""
        self.parts.choose(part)
        self._stack.setCurrentIndex([key for key, _ in PARTS].index(part))

    # --- the list ---

    def look(self) -> None:
        """Read rules and policy again; what is being written stays."""
        self._session.query(
            self, lambda archive, _: read_rules(archive), self.show_rules, self.failed.emit, topic="rules"
        )
        self.policy.look()

    def show_rules(self, book: RuleBook) -> None:
        """Show these."""
        self.book = book
        bad = [f"{Path(one.path).name}: {formats.one_line(one.what, 200)}" for one in book.bad]
        told = f" {formats.count(len(bad), 'file')} cannot be read. {' '.join(bad[:3])}" if bad else ""
        self.count.setText(f"{book.running:,} of {formats.count(len(book.rows), 'rule')} are on.{told}")
        self._list()

    def _list(self) -> None:
        if self.book is None:
            return
        words = self.search.text().casefold().split()
        kept = self._wanted or (self.view.row.rule.id if self.view.row else "")
        self._wanted = ""
        self.rows = [row for row in self.book.rows if holds(row, words)]
        self.table.show_rows([row.texts for row in self.rows])
        ids = [row.rule.id for row in self.rows]
        if ids:
            row = ids.index(kept) if kept in ids else 0
            self.table.setCurrentCell(row, 0)
            self._choose(row)
        elif self.right.currentWidget() is self.view:
            self.right.setCurrentWidget(self._nothing)

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self.rows):
            self.view.show_rule(self.rows[row])
            if self.right.currentWidget() is not self.editor:
                self.right.setCurrentWidget(self.view)

    # --- what is done with them ---

    def _turn(self, on: bool) -> None:
        if self.book is None or self.view.row is None:
            return
        folder, rule_ = self.book.folder, self.view.row.rule
        self._session.command(
            self,
            lambda *_: folder.turn(rule_.id, on),
            lambda _: self._done(f"“{rule_.title}” is {'on' if on else 'off'} from the next analysis on."),
            self.failed.emit,
            label="Turning a rule",
        )

    def _done(self, sentence: str) -> None:
        self.said.emit(sentence)
        self.look()

    def begin(self) -> None:
        """Write a new rule."""
        self._open_editor(new_rule(), None, "A rule of yours")

    def _edit(self) -> None:
        row = self.view.row
        if row is None or not row.source:
            return
        own = row.rule.path if row.own else None
        self._open_editor(row.source if row.own else copied(row), own, row.rule.title)

    def _open_editor(self, text: str, file: Path | None, title: str) -> None:
        if self.book is None:
            return
        folder = self.book.folder
        taken = [path.name for path in folder.path.glob("*.yml")] if folder.path.is_dir() else []
        self.editor.open(folder, file or folder.path / file_name(title, taken), text)
        self.right.setCurrentWidget(self.editor)

    def _leave_editor(self) -> None:
        self.right.setCurrentWidget(self.view if self.view.row else self._nothing)
        self.table.setFocus()

    def _saved(self, rule_id: str) -> None:
        self._leave_editor()
        self._wanted = rule_id
        self._done("The rule is saved, and counts from the next analysis on.")

    def _ask_to_remove(self) -> None:
        row = self.view.row
        if self.book is None or row is None or row.rule.path is None:
            return
        folder, file = self.book.folder, row.rule.path
        box = QMessageBox(
            QMessageBox.Icon.Question,
            "Remove a rule",
            f"Remove {file.name} with the rule “{row.rule.title}”?",
            QMessageBox.StandardButton.Cancel | QMessageBox.StandardButton.Discard,
            self,
        )
        box.button(QMessageBox.StandardButton.Discard).setText("Remove")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setInformativeText("What it reported stays.")

        def remove(choice: int) -> None:
            if choice == QMessageBox.StandardButton.Discard:
                self._session.command(
                    self, lambda *_: folder.remove(file), lambda _: self._done("The rule is removed."), label="Removing"
                )

        box.finished.connect(remove)
        self.question = box
        box.open()

    def _try(self, shown: TrialView, last: int) -> None:
        if self.book is None:
            return
        editing = shown is self.editor.trial
        if editing:
            text, file = self.editor.editor.text, self.editor.file
        elif self.view.row is not None and self.view.row.source:
            text, file = self.view.row.source, self.book.folder.path / "tried.yml"
        else:
            return
        location = self._session.location
        self._session.query(
            shown,
            lambda archive, _: try_rules(archive, policy_of(location), text, file, last),
            shown.show_trials,
            lambda error: shown.fail(error.diagnostics()),
            topic="trial",
            label="Trying a rule",
        )

    def setFocus(self) -> None:  # type: ignore[override]
        """The keyboard goes to the list."""
        self.table.setFocus()
