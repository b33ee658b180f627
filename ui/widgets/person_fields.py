# SPDX-License-Identifier: Apache-2.0
"""Fields in which people say who they are: a file to choose, a passphrase that is hidden, and both for one person.

Invariant: `take` empties the passphrase's field; nothing keeps what was typed.
"""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QWidget

from ui.models.keys import Person
from ui.widgets.basics import across, button, down, label, tool

HELD = QLineEdit.EchoMode.Password
LONGEST = 1024
IDENTITIES = "Identities (*.identity);;All files (*)"


class FileField(QWidget):
    """A path with a button that chooses it (with `saves`, where to write); `chosen` fires when the dialog chose it."""

    chosen = Signal()

    def __init__(
        self,
        name: str,
        path: str = "",
        kinds: str = IDENTITIES,
        *,
        saves: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kinds, self._saves = kinds, saves
        self.field = QLineEdit(path)
        self.field.setAccessibleName(name)
        self.choose = button("Choose…")
        self.choose.setAccessibleName(f"Choose the {name[0].lower()}{name[1:]}")
        self.choose.clicked.connect(self._choose)
        self.setLayout(across(self.field, self.choose, spacing=8))
        self.setFocusProxy(self.field)

    @property
    def path(self) -> Path | None:
        """What is written; None where nothing is."""
        text = self.field.text().strip()
        return Path(text).expanduser() if text else None

    def _choose(self) -> None:
        start = self.path.parent if self.path is not None else Path.home()
        title = self.choose.accessibleName()
        if self._saves:
            path, _ = QFileDialog.getSaveFileName(self, title, self.field.text() or str(start))
        else:
            path, _ = QFileDialog.getOpenFileName(self, title, str(start), self._kinds)
        if path:
            self.field.setText(path)
            self.chosen.emit()


class PassphraseField(QWidget):
    """A passphrase, hidden until its button is pressed."""

    def __init__(self, name: str = "Passphrase", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = f"{name[0].lower()}{name[1:]}"
        self.field = QLineEdit()
        self.field.setEchoMode(HELD)
        self.field.setAccessibleName(name)
        self.field.setMaxLength(LONGEST)
        self.reveal = tool("access", f"Show the {self._name}", look="quiet", color="muted")
        self.reveal.setCheckable(True)
        self.reveal.toggled.connect(self._show)
        self.setLayout(across(self.field, self.reveal, spacing=6))
        self.setFocusProxy(self.field)

    def take(self) -> bytes:
        """What was typed; the field is empty and hidden after."""
        typed = self.field.text().encode(errors="surrogateescape")
        self.clear()
        return typed

    def clear(self) -> None:
        """Empty it."""
        self.field.clear()
        self.reveal.setChecked(False)

    def _show(self, shown: bool) -> None:
        self.field.setEchoMode(QLineEdit.EchoMode.Normal if shown else HELD)
        said = f"{'Hide' if shown else 'Show'} the {self._name}"
        self.reveal.setAccessibleName(said)
        self.reveal.setToolTip(said)


class PersonFields(QWidget):
    """Identity file and passphrase of one person; `who` tells them apart, for the eye and for screen readers."""

    changed = Signal()
    submitted = Signal()
    """Return was pressed in the passphrase."""

    def __init__(self, who: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.identity = FileField(f"Identity file of the {who}")
        self.passphrase = PassphraseField(f"Passphrase of the {who}")
        column = down(spacing=5)
        for said, part in (
            (f"{who.capitalize()}: identity file", self.identity),
            (f"{who.capitalize()}: passphrase", self.passphrase),
        ):
            column.addWidget(named(said, part.field))
            column.addWidget(part)
        self.setLayout(column)
        self.setFocusProxy(self.identity)
        for field in (self.identity.field, self.passphrase.field):
            field.textChanged.connect(lambda _: self.changed.emit())
        self.identity.field.returnPressed.connect(self.passphrase.setFocus)
        self.identity.chosen.connect(self.passphrase.setFocus)
        self.passphrase.field.returnPressed.connect(self.submitted)

    @property
    def filled(self) -> bool:
        """Whether both are there."""
        return self.identity.path is not None and bool(self.passphrase.field.text())

    def take(self) -> Person:
        """Who it is; the passphrase leaves its field. There has to be a file."""
        path = self.identity.path
        assert path is not None, "asked for only when filled"
        return Person(path, self.passphrase.take())


def named(text: str, field: QWidget) -> QLabel:
    """A caption that belongs to a field."""
    said = label(text, "caption")
    said.setBuddy(field)
    return said
