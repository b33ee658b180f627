# SPDX-License-Identifier: Apache-2.0
"""The policy editor: `policy.toml` of the store, checked while it is written, saved whole."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from auditor.errors import AuditorError
from auditor.policy import loading
from auditor.store import files
from ui.models.policy import policy_file
from ui.models.rules import Checked, check_policy
from ui.session import Session
from ui.widgets.basics import across, button, down, holder, label
from ui.widgets.editor import Editor

MEANING = (
    "What no traffic shows, said by those who know: whom the organisation sanctions, whose keys those are, what it "
    "trains, its teams, and what it calls data. Everything is optional; nothing is guessed."
)
EXAMPLE = "# " + "\n# ".join((loading.__doc__ or "").partition("\n\n")[2].strip().splitlines()) + "\n"


class PolicyPane(QWidget):
    """Text, its state, save and undo."""

    failed = Signal(object)
    said = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._saved = ""
        self.file = policy_file(session.location)
        self.editor = Editor("Policy of the organisation")
        self.save, self.undo = button("Save", "primary"), button("Undo all")
        self.example = button("Begin with an example", "link")
        head = across(label(str(self.file), "caption", selectable=True), 1, self.example, self.undo, self.save)
        column = down(label(MEANING, "muted", wrap=True), margins=(24, 14, 24, 16), spacing=8)
        column.addLayout(head)
        column.addWidget(self.editor, 1)
        self.setLayout(down(holder(column, "panel")))
        self.editor.check_wanted.connect(self._check)
        self.editor.code.textChanged.connect(self._dress)
        self.save.clicked.connect(self._save)
        self.undo.clicked.connect(lambda: self.editor.show_text(self._saved))
        self.example.clicked.connect(lambda: self.editor.show_text(EXAMPLE))
        self._dress()

    @property
    def changed(self) -> bool:
        """Whether something is written that was not saved."""
        return self.editor.text != self._saved

    def look(self) -> None:
        """Read the file again, unless something is being written."""
        if self.changed:
            return
        file = self.file
        self._session.query(self, lambda *_: _text(file), self._show, self.failed.emit, topic="policy")

    def _show(self, text: str) -> None:
        self._saved = text
        self.editor.show_text(text)
        self._dress()

    def _check(self, text: str) -> None:
        file = self.file
        self._session.query(
            self, lambda *_: check_policy(text, file), lambda checked: self._checked(text, checked), topic="check"
        )

    def _checked(self, text: str, checked: Checked) -> None:
        sound = f"Sound: {', '.join(checked.rules)}." if text.strip() else "Empty: nothing is said, nothing concluded."
        self.editor.show_checked(text, checked, sound)
        self._dress()

    def _dress(self) -> None:
        sound = self.editor.checked is not None and self.editor.checked.sound
        self.save.setEnabled(self.changed and sound)
        self.undo.setEnabled(self.changed)
        self.example.setVisible(not self.editor.text.strip())

    def _save(self) -> None:
        text, file = self.editor.text, self.file

        def failed(error: AuditorError) -> None:
            self.failed.emit(error)

        self._session.command(
            self, lambda *_: files.write(file, text.encode()), lambda _: self._kept(text), failed, label="Saving"
        )

    def _kept(self, text: str) -> None:
        self._saved = text
        self._dress()
        self.said.emit("The policy is saved. Gateways read its table [data] when they start.")


def _text(file: Path) -> str:
    return files.read(file, "The policy").decode("utf-8-sig", "replace") if file.exists() else ""
