# SPDX-License-Identifier: Apache-2.0
"""Fields for what unlocks an identity: its passphrase, or the identities and passphrases of two of its people."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.models.keys import Keys, Person, people_of
from ui.widgets.basics import down, holder
from ui.widgets.person_fields import PassphraseField, PersonFields, named

HOLDERS = ("first person", "second person")


class KeysForm(QWidget):
    """Asks for what the identity takes; `submitted` fires on Return in its last field."""

    changed = Signal()
    submitted = Signal()

    def __init__(
        self, identity: Path | None = None, caption: str = "Passphrase", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.people: tuple[str, ...] = ()
        """Those of whom two unlock the identity; none where its passphrase does."""

        self._identity = identity
        self.alone = PassphraseField(caption)
        self.holders = tuple(PersonFields(who) for who in HOLDERS)
        self._alone = holder(down(named(caption, self.alone.field), self.alone, spacing=7))
        self._together = holder(down(*self.holders, spacing=14))
        self.setLayout(down(self._alone, self._together, spacing=0))
        first, second = self.holders
        self.alone.field.textChanged.connect(lambda _: self.changed.emit())
        self.alone.field.returnPressed.connect(self.submitted)
        first.submitted.connect(second.identity.setFocus)
        second.submitted.connect(self.submitted)
        for person in self.holders:
            person.changed.connect(self.changed)
        self.look_at(identity)

    def look_at(self, identity: Path | None) -> None:
        """Ask for what this identity takes."""
        self._identity = identity
        self.people = people_of(identity) if identity is not None else ()
        self._alone.setVisible(not self.people)
        self._together.setVisible(bool(self.people))
        for person, name in zip(self.holders, self.people, strict=False):
            person.identity.field.setPlaceholderText(f"{name}.identity")
        self.changed.emit()

    @property
    def filled(self) -> bool:
        """Whether everything is there."""
        given = all(one.filled for one in self.holders) if self.people else bool(self.alone.field.text())
        return given and self._identity is not None

    def take(self) -> Keys:
        """What was given; the passphrases leave their fields. Only when filled."""
        assert self._identity is not None, "asked for only when filled"
        people = tuple(person.take() for person in self.holders) if self.people else ()
        return Keys(Person(self._identity, self.alone.take()), people)

    def forget(self) -> None:
        """Empty the passphrases."""
        self.alone.clear()
        for person in self.holders:
            person.passphrase.clear()

    def focus(self) -> None:
        """The keyboard goes where the next word is missing."""
        if not self.people:
            self.alone.setFocus()
            return
        missing = next((person for person in self.holders if person.identity.path is None), self.holders[0])
        (missing.identity if missing.identity.path is None else missing.passphrase).setFocus()
