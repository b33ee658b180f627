# SPDX-License-Identifier: Apache-2.0
"""Retention in Settings: the times the policy gives, what is past them today, and its end, for a reason.

Invariant: nothing goes before it was listed, and before the auditor gave a reason and their identity's keys once more.
"""

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from auditor import keeping
from auditor.errors import AuditorError
from ui.models.about import GONE, HELD, Month
from ui.models.keeping import done_said, due_said, times_said
from ui.models.keys import Keys
from ui.models.policy import policy_of
from ui.session import Session
from ui.widgets.basics import across, button, clear, down, drop, holder, label
from ui.widgets.chip import Chip
from ui.widgets.dialogs.action import KeysDialog
from ui.widgets.facts import Facts
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.person_fields import named

TONES = {HELD: ("key", "good"), GONE: ("close", "muted")}
MEANING = (
    "Facts, content and names of each month are sealed to keys of their own. Destroying a key closes what it sealed "
    "for good, in every copy; the ledger still verifies."
)
UNSAID = "The policy says nothing about retention: everything is kept."
NOTHING = "Nothing is past its time today."
FINAL = (
    "This cannot be taken back. The reason is recorded in your ledger before anything goes. Older backups of the "
    "identity file keep the keys: destroy them, too."
)


class RetentionPane(QWidget):
    """The times, the dry run, and applying it."""

    failed = Signal(object)
    policy_wanted = Signal()
    said = Signal(str)
    lock_wanted = Signal(str)
    """Keys went: the store has to be opened anew; the sentence says so."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.due: keeping.Due | None = None
        self.dialog: KeysDialog | None = None
        self._times, self._due, self._months = down(), down(), QWidget()
        self._flow = FlowLayout(self._months, spacing=6)
        self.edit = button("Edit the policy")
        self.look_ahead, self.apply = button("What would go today?"), button("Let it go…", "primary")
        self.state = label("", "muted", wrap=True)
        self.state.setAccessibleName("What would go today")
        layout = down(label(MEANING, "muted", wrap=True), holder(self._times), spacing=10)
        layout.addLayout(across(self.edit, self.look_ahead, 1))
        for part in (self.state, holder(self._due), self.apply, self._months):
            layout.addWidget(part)
        self.setLayout(layout)
        self.edit.clicked.connect(self.policy_wanted)
        self.look_ahead.clicked.connect(self.look_for_due)
        self.apply.clicked.connect(self.ask)
        self._forget()

    def look(self) -> None:
        """Read the policy again."""
        location = self._session.location
        self._session.query(
            self,
            lambda *_: keeping.of_policy(policy_of(location).retention),
            self.show_times,
            self.failed.emit,
            topic="times",
        )

    def show_times(self, times: keeping.Times) -> None:
        """Show the times in force."""
        clear(self._times)
        self._times.addWidget(Facts("", times_said(times)) if times else label(UNSAID, wrap=True))
        self.look_ahead.setEnabled(bool(times))

    def show_months(self, months: tuple[Month, ...]) -> None:
        """Show which months' keys are held."""
        while (item := self._flow.takeAt(0)) is not None:
            if widget := item.widget():
                drop(widget)
        for month in months:
            drawing, tone = TONES.get(month.state, ("clock", "muted"))
            self._flow.addWidget(Chip(f"{month.name} · {month.state}", drawing, tone))

    # --- what would go ---

    def look_for_due(self) -> None:
        """The dry run."""
        self._forget()
        self.look_ahead.setEnabled(False)
        self.state.setText("Looking through the ledgers …")
        self.state.show()
        self._session.find_due(self, self.show_due, self._failed)

    def show_due(self, due: keeping.Due) -> None:
        """Show what is past its time."""
        self._forget()
        self.due = due
        if due:
            self._due.addWidget(Facts("Would go today", due_said(due)))
        self.state.setText("" if due else NOTHING)
        self.state.setVisible(not due)
        self.apply.setVisible(bool(due))
        self.look_ahead.setEnabled(True)

    def _failed(self, error: AuditorError) -> None:
        self._forget()
        self.look_ahead.setEnabled(True)
        self.failed.emit(error)

    def _forget(self) -> None:
        self.due = None
        clear(self._due)
        self.state.hide()
        self.apply.hide()

    # --- letting it go ---

    def ask(self) -> None:
        """Ask for the reason and the keys."""
        due = self.due
        if due is None:
            return
        reason = QLineEdit()
        reason.setAccessibleName("Reason")
        reason.setPlaceholderText("For example: retention policy 7")
        reason.setMaxLength(300)
        parts = (Facts("", due_said(due)), named("Reason", reason), reason)
        dialog = self.dialog = KeysDialog(
            "Let go for good", FINAL, "Destroy", parts, self._session.identity_file, self.window()
        )
        dialog.given.connect(lambda keys: self._apply(dialog, due, keys, reason.text().strip()))
        dialog.open()
        reason.setFocus()

    def _apply(self, dialog: KeysDialog, due: keeping.Due, keys: Keys, reason: str) -> None:
        location, file = self._session.place, Path(self._session.identity_file)

        def done(_: object) -> None:
            dialog.accept()
            self._forget()
            if due.keys:
                self._session.drop_index()
                self.lock_wanted.emit(f"{done_said(due)} Unlock to read what is left.")
            else:
                self.said.emit(done_said(due))

        self._session.command(
            dialog,
            lambda *_: keeping.apply(location, file, keys.open(), due, reason, datetime.now(UTC)),
            done,
            lambda error: dialog.fail(error.diagnostics()),
            label="Destroying keys",
        )
