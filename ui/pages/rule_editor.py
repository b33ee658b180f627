# SPDX-License-Identifier: Apache-2.0
"""Writes one file of rules: checked while it is written, tried before it is saved."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from auditor.rules.folder import RuleFolder
from auditor.rules.reading import read
from ui.models.rules import Checked, check_rule
from ui.session import Session
from ui.theme import theme
from ui.widgets.basics import across, button, down, holder, label
from ui.widgets.editor import Editor
from ui.widgets.trial_view import TrialView


class RuleEditor(QWidget):
    """Text, state, trial, save."""

    failed = Signal(object)
    left = Signal()
    saved = Signal(str)
    """The id of the first rule that was saved."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._folder: RuleFolder | None = None
        self.file = Path()
        self.name = label("", "heading")
        self.editor = Editor("Sigma rule")
        self.trial = TrialView()
        self.save, self.leave = button("Save", "primary"), button("Cancel")
        self.editor.setMinimumHeight(theme().px(260))
        column = down(margins=(24, 16, 24, 16), spacing=10)
        column.addLayout(across(self.name, 1, self.leave, self.save))
        column.addWidget(self.editor, 3)
        column.addWidget(self.trial, 1)
        self.setLayout(down(holder(column, "panel")))
        self.editor.check_wanted.connect(self._check)
        self.editor.code.textChanged.connect(self._dress)
        self.save.clicked.connect(self._save)
        self.leave.clicked.connect(self.left)

    def open(self, folder: RuleFolder, file: Path, text: str) -> None:
        """Begin with a text that will be saved to a file."""
        self._folder, self.file = folder, file
        self.name.setText(file.name)
        self.trial.reset()
        self.editor.show_text(text)
        self.editor.code.setFocus()
        self._dress()

    def _check(self, text: str) -> None:
        file = self.file
        self._session.query(
            self, lambda *_: check_rule(text, file), lambda checked: self._checked(text, checked), topic="check"
        )

    def _checked(self, text: str, checked: Checked) -> None:
        self.editor.show_checked(text, checked, f"It can be run: {', '.join(checked.rules)}.")
        self._dress()

    def _dress(self) -> None:
        sound = self.editor.checked is not None and self.editor.checked.sound
        self.save.setEnabled(sound)
        self.trial.run.setEnabled(sound)

    def _save(self) -> None:
        folder, file, text = self._folder, self.file, self.editor.text
        if folder is None:
            return

        def work(*_: object) -> str:
            folder.save(file, text)
            return next((rule.id for rule in read(text, file).rules), "")

        self._session.command(self, work, self.saved.emit, self.failed.emit, label="Saving a rule")
