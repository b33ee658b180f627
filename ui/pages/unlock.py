# SPDX-License-Identifier: Apache-2.0
"""The unlock screen: which identity, the passphrase, and what happens meanwhile.

Invariants: nothing of the store is readable while this is shown; the passphrase leaves the field when it is used; a
wrong one is said in place and the field is ready for the next try.
"""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QLayout, QLineEdit, QProgressBar, QWidget

from auditor.errors import AuditorError
from auditor.store import Location
from ui.models import formats
from ui.theme import theme
from ui.widgets.basics import across, button, down, label, picture, tool
from ui.widgets.elided import Elided

HELD = QLineEdit.EchoMode.Password


class UnlockPage(QWidget):
    """Full window; `submitted` carries the identity's path and the passphrase."""

    submitted = Signal(str, bytes)
    cancelled = Signal()

    def __init__(self, location: str, identity: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.identity = QLineEdit(identity)
        self.identity.setAccessibleName("Identity file")
        self.identity.setPlaceholderText("auditor.identity")
        self.choose = button("Choose…")
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(HELD)
        self.passphrase.setAccessibleName("Passphrase")
        self.passphrase.setMaxLength(1024)
        self.reveal = tool("access", "Show the passphrase", look="quiet", color="muted")
        self.reveal.setCheckable(True)
        self.submit = button("Unlock", "primary")
        self.problem = label("", "bad", wrap=True)
        self.problem.setAccessibleName("Problem")
        self.problem.setContentsMargins(0, theme().px(2), 0, theme().px(6))
        self.stage = label("", "caption")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Unlocking")
        self.cancel = button("Cancel", "quiet")
        self._location = Elided("caption")
        self._location.set_text(Location.parse(location).label)
        self.setLayout(self._arrange())
        self._connect()
        self.ready()

    def _arrange(self) -> QLayout:
        card = QFrame()
        card.setProperty("look", "card")
        card.setFixedWidth(theme().px(420))
        inner = down(margins=(30, 28, 30, 26), spacing=7)
        inner.addLayout(across(picture("logo", "accent", 34), 1))
        inner.addSpacing(theme().px(6))
        inner.addWidget(label("AI Usage Auditor", "title"))
        inner.addWidget(label("Unlock the store to read what it holds.", "muted", wrap=True))
        inner.addSpacing(theme().px(14))
        inner.addWidget(self._named("Identity file", self.identity))
        row = across(self.identity, self.choose, spacing=8)
        inner.addLayout(row)
        inner.addSpacing(theme().px(8))
        inner.addWidget(self._named("Passphrase", self.passphrase))
        inner.addLayout(across(self.passphrase, self.reveal, spacing=6))
        inner.addWidget(self.problem)
        inner.addSpacing(theme().px(12))
        inner.addWidget(self.submit)
        inner.addWidget(self.progress)
        stage = across(self.stage, 1, self.cancel)
        inner.addLayout(stage)
        card.setLayout(inner)
        layout = down(margins=(24, 24, 24, 18))
        layout.addStretch(2)
        layout.addWidget(card, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        foot = across(picture("lock", "muted", 13), self._location, spacing=7)
        layout.addLayout(foot)
        return layout

    def _named(self, text: str, field: QWidget) -> QWidget:
        said = label(text, "caption")
        said.setBuddy(field)
        return said

    def _connect(self) -> None:
        self.submit.clicked.connect(self._submit)
        self.cancel.clicked.connect(self.cancelled)
        self.passphrase.returnPressed.connect(self._submit)
        self.identity.returnPressed.connect(self.passphrase.setFocus)
        self.passphrase.textChanged.connect(lambda _: self._check())
        self.identity.textChanged.connect(lambda _: self._check())
        self.choose.clicked.connect(self._choose)
        self.reveal.toggled.connect(self._reveal)

    def _check(self) -> None:
        self.submit.setEnabled(bool(self.identity.text().strip() and self.passphrase.text()))

    def _reveal(self, shown: bool) -> None:
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Normal if shown else HELD)
        said = "Hide the passphrase" if shown else "Show the passphrase"
        self.reveal.setAccessibleName(said)
        self.reveal.setToolTip(said)

    def _choose(self) -> None:
        start = str(Path(self.identity.text()).parent) if self.identity.text() else str(Path.home())
        path, _ = QFileDialog.getOpenFileName(
            self, "Choose the identity file", start, "Identities (*.identity);;All files (*)"
        )
        if path:
            self.identity.setText(path)
            self.passphrase.setFocus()

    def _submit(self) -> None:
        if not self.submit.isEnabled():
            return
        passphrase = self.passphrase.text().encode(errors="surrogateescape")
        self.passphrase.clear()
        self.reveal.setChecked(False)
        self._work(True)
        self.show_progress(0, 0)
        self.submitted.emit(self.identity.text().strip(), passphrase)

    # --- state ---

    def ready(self) -> None:
        """Empty and waiting."""
        self._work(False)
        self.problem.hide()
        self.passphrase.clear()
        self._check()

    def use(self, passphrase: bytes) -> None:
        """Unlock with a passphrase that was given at the start."""
        self.passphrase.setText(passphrase.decode(errors="surrogateescape"))
        self._submit()

    def point_to(self, location: str, identity: str) -> None:
        """Unlock another store."""
        self._location.set_text(location)
        self.identity.setText(identity)

    def focus(self) -> None:
        """The keyboard goes where the next word is missing."""
        (self.passphrase if self.identity.text().strip() else self.identity).setFocus()

    def show_progress(self, done: int, total: int) -> None:
        """Opening the identity first (no measure), then the index in steps."""
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        opening = "Opening the identity. This takes a second on purpose."
        self.stage.setText(
            f"Bringing the index up to date: {done:,} of {formats.count(total, 'record')}" if total else opening
        )

    def fail(self, error: AuditorError) -> None:
        """Say what went wrong, ready for the next try."""
        self._work(False)
        self.problem.setText(error.diagnostics())
        self.problem.show()
        self._check()
        self.passphrase.setFocus()

    def _work(self, busy: bool) -> None:
        for field in (self.identity, self.choose, self.passphrase, self.reveal):
            field.setEnabled(not busy)
        self.submit.setVisible(not busy)
        self.progress.setVisible(busy)
        self.stage.setVisible(busy)
        self.cancel.setVisible(busy)
        if busy:
            self.problem.hide()
