# SPDX-License-Identifier: Apache-2.0
"""The unlock screen: which identity, the passphrase or the two people who open it, and what happens meanwhile.

Invariants: nothing of the store is readable while this is shown; passphrases leave their fields when they are used; a
wrong one is said in place and the field is ready for the next try.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLayout, QProgressBar, QWidget

from auditor.errors import AuditorError
from auditor.store import Location
from ui.models import formats
from ui.models.keys import listed
from ui.theme import theme
from ui.widgets.basics import across, button, down, holder, label, picture, scrolled, set_look
from ui.widgets.elided import Elided
from ui.widgets.keys_form import KeysForm
from ui.widgets.person_fields import FileField, named

ALONE = "Unlock the store to read what it holds."


class UnlockPage(QWidget):
    """Full window; `submitted` carries the `Keys` that were given."""

    submitted = Signal(object)
    cancelled = Signal()

    def __init__(self, location: str, identity: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._identity = FileField("Identity file", identity)
        self.identity, self.choose = self._identity.field, self._identity.choose
        self.identity.setPlaceholderText("auditor.identity")
        self.keys = KeysForm()
        self.passphrase, self.reveal = self.keys.alone.field, self.keys.alone.reveal
        self.meaning = label(ALONE, "muted", wrap=True)
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
        self.look_at_identity()
        self.ready()

    def _arrange(self) -> QLayout:
        card = QFrame()
        card.setProperty("look", "card")
        card.setFixedWidth(theme().px(420))
        inner = down(margins=(30, 28, 30, 26), spacing=7)
        inner.addLayout(across(picture("logo", "accent", 34), 1))
        inner.addSpacing(theme().px(6))
        inner.addWidget(label("AI Usage Auditor", "title"))
        inner.addWidget(self.meaning)
        inner.addSpacing(theme().px(14))
        inner.addWidget(named("Identity file", self.identity))
        inner.addWidget(self._identity)
        inner.addSpacing(theme().px(8))
        inner.addWidget(self.keys)
        inner.addWidget(self.problem)
        inner.addSpacing(theme().px(12))
        inner.addWidget(self.submit)
        inner.addWidget(self.progress)
        inner.addLayout(across(self.stage, 1, self.cancel))
        card.setLayout(inner)
        layout = down(margins=(24, 24, 24, 18))
        layout.addStretch(2)
        # aligned instead, its height would be that of a line as wide as the window
        layout.addLayout(across(1, card, 1))
        layout.addStretch(3)
        layout.addLayout(across(picture("lock", "muted", 13), self._location, spacing=7))
        return down(scrolled(holder(layout, "page")))

    def _connect(self) -> None:
        self.submit.clicked.connect(self._submit)
        self.cancel.clicked.connect(self.cancelled)
        self.identity.returnPressed.connect(self.focus)
        self.identity.editingFinished.connect(self.look_at_identity)
        self.identity.textChanged.connect(lambda _: self._check())
        self._identity.chosen.connect(self._chosen)
        self.keys.submitted.connect(self._submit)
        self.keys.changed.connect(self._check)

    def look_at_identity(self) -> None:
        """Ask for what the identity takes: its passphrase, or two of its people."""
        self.keys.look_at(self._identity.path)
        people = self.keys.people
        together = f"Two of {listed(people)} unlock it together, each with their own identity."
        self.meaning.setText(together if people else ALONE)

    def _chosen(self) -> None:
        self.look_at_identity()
        self.focus()

    def _check(self) -> None:
        self.submit.setEnabled(self._identity.path is not None and self.keys.filled)

    def _submit(self) -> None:
        self.look_at_identity()
        if not self.submit.isEnabled():
            return
        keys = self.keys.take()
        self._work(True)
        self.show_progress(0, 0)
        self.submitted.emit(keys)

    # --- state ---

    def ready(self) -> None:
        """Empty and waiting."""
        self._work(False)
        self.problem.hide()
        self.keys.forget()
        self._check()

    def tell(self, sentence: str) -> None:
        """Say why the store was locked, until the next try."""
        self._say(sentence, "muted")

    def _say(self, sentence: str, look: str) -> None:
        set_look(self.problem, look)
        self.problem.setText(sentence)
        self.problem.show()

    def use(self, passphrase: bytes) -> None:
        """Unlock with a passphrase that was given at the start."""
        self.passphrase.setText(passphrase.decode(errors="surrogateescape"))
        self._submit()

    def point_to(self, location: str, identity: str) -> None:
        """Unlock another store."""
        self._location.set_text(location)
        self.identity.setText(identity)
        self.look_at_identity()

    def focus(self) -> None:
        """The keyboard goes where the next word is missing."""
        if self._identity.path is None:
            self.identity.setFocus()
        else:
            self.keys.focus()

    def show_progress(self, done: int, total: int) -> None:
        """Opening the identity first (no measure), then the index in steps."""
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        opening = "Opening the identity. This takes a second on purpose."
        self.stage.setText(
            f"Bringing the index up to date: {done:,} of {formats.count(total, 'record')}" if total else opening
        )

    def fail(self, error: AuditorError) -> None:
        """Say what went wrong, ready for the next try; with two people the card says itself whose keys it takes."""
        self._work(False)
        self.look_at_identity()
        self._say(error.message if self.keys.people else error.diagnostics(), "bad")
        self.focus()

    def _work(self, busy: bool) -> None:
        for part in (self._identity, self.keys):
            part.setEnabled(not busy)
        self.submit.setVisible(not busy)
        self.progress.setVisible(busy)
        self.stage.setVisible(busy)
        self.cancel.setVisible(busy)
        if busy:
            self.problem.hide()
