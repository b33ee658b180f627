# SPDX-License-Identifier: Apache-2.0
"""Who reads the store, in Settings: the list, who is added and removed, how many people a reveal takes, the passphrase.

Every change asks for the identity's keys once more, and says what follows from it.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from auditor.errors import AuditorError
from auditor.store.format.layout import Purpose
from ui.models.auditors import AuditorRow, People, add, change_passphrase, decide, grant, remove
from ui.models.keys import Keys
from ui.session import Session
from ui.theme import theme
from ui.widgets.basics import across, button, clear, down, holder, label
from ui.widgets.dialogs.action import KeysDialog
from ui.widgets.facts import Facts
from ui.widgets.person_fields import FileField, PassphraseField, named
from ui.widgets.plain_table import PlainTable
from ui.widgets.segments import Segments

COLUMNS = (("Auditor", 0), ("Id", 150), ("Opens", 180), ("Manages", 80), ("State", 130))
APPLICATIONS = "Applications (*.auditor);;All files (*)"
ADDING = (
    "The newcomer runs “auditor identity new” on their own machine and hands you the .auditor file. What you grant is "
    "sealed to them."
)
REMOVING = (
    "From now on records are sealed to new keys, which they do not get. What they could open they still can. Restart "
    "gateways on other machines with the new enrolment.json. The store is locked afterwards."
)
NOT_YOURS = "Only an auditor who manages the store changes who reads it."

type Change = Callable[[Keys], str]
"""Does it, off the main thread; one sentence on what follows."""


class AuditorsPane(QWidget):
    """The list with its changes."""

    failed = Signal(object)
    said = Signal(str)
    lock_wanted = Signal(str)
    """The identity holds new keys: the store has to be opened anew; the sentence says so."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.people: People | None = None
        self.dialog: KeysDialog | None = None
        self.table = PlainTable("Auditors of the store", COLUMNS)
        self.add, self.grant, self.remove = button("Add…"), button("Grant keys again…"), button("Remove…")
        self.reveals = Segments("A reveal takes", (("1", "one person"), ("2", "two people")))
        self.hint = label(NOT_YOURS, "muted", wrap=True)
        self.passphrase = button("Change the passphrase…")
        self._recovery = down()
        takes = across(label("A reveal takes", "muted"), self.reveals, spacing=12)
        takes.setStretch(1, 1)
        layout = down(self.table, spacing=10)
        layout.addLayout(across(self.add, self.grant, self.remove, 1))
        layout.addWidget(self.hint)
        layout.addLayout(takes)
        layout.addWidget(holder(self._recovery))
        layout.addLayout(across(self.passphrase, 1))
        self.setLayout(layout)
        self.table.chosen.connect(lambda _: self._dress())
        self.add.clicked.connect(self.ask_add)
        self.grant.clicked.connect(self.ask_grant)
        self.remove.clicked.connect(self.ask_remove)
        self.reveals.chosen.connect(self.ask_reveals)
        self.passphrase.clicked.connect(self.ask_passphrase)
        self._dress()

    def look(self) -> None:
        """Read who reads."""
        self._session.read_people(self, self.show_people, self.failed.emit)

    def show_people(self, people: People) -> None:
        """Show them."""
        self.people = people
        self.table.show_rows([row.texts for row in people.rows])
        rows = min(len(people.rows), 8)
        self.table.setFixedHeight(self.table.horizontalHeader().height() + rows * theme().px(30) + 4)
        self.reveals.choose("2" if people.two_to_reveal else "1")
        clear(self._recovery)
        self._recovery.addWidget(Facts("", people.recovery))
        self._dress()

    @property
    def _chosen(self) -> AuditorRow | None:
        at = self.table.currentRow()
        return self.people.rows[at] if self.people is not None and 0 <= at < len(self.people.rows) else None

    def _dress(self) -> None:
        manages = self.people is not None and self.people.manages
        chosen = self._chosen
        other = manages and chosen is not None and chosen.active and not chosen.own
        self.add.setEnabled(manages)
        for entry in self.reveals.buttons.values():
            entry.setEnabled(manages)
        self.grant.setEnabled(other)
        self.remove.setEnabled(other)
        self.hint.setVisible(self.people is not None and not manages)
        self.passphrase.setVisible(self.people is not None and not self.people.shared)

    # --- changes ---

    def ask_add(self) -> None:
        """Ask who comes, what they may open, and where to write the grant."""
        asked, out = FileField("Application", kinds=APPLICATIONS), FileField("Grant, a new file", saves=True)
        content, names = QCheckBox("May open content"), QCheckBox("May open who actors are")
        manages = QCheckBox("Manages the store: adds and removes auditors, makes keys")
        content.setChecked(True)
        parts = (named("Application (.auditor)", asked.field), asked, content, names, manages,
                 named("Write the grant to", out.field), out)  # fmt: skip
        asked.field.textChanged.connect(lambda text: out.field.setText(_beside(text)))
        place = self._session.place

        def change() -> Change:
            may = [Purpose.METADATA]
            may += [Purpose.CONTENT] if content.isChecked() else []
            may += [Purpose.NAMES] if names.isChecked() else []
            files, managing = (_path(asked), _path(out)), manages.isChecked()
            return lambda keys: add(place, keys, files[0], may, managing, files[1])

        self._open("Add an auditor", ADDING, "Add", parts, change)

    def ask_grant(self) -> None:
        """Ask where to write the keys for another auditor."""
        chosen = self._chosen
        if chosen is None:
            return
        out = FileField("Grant, a new file", f"{chosen.name}.grant", saves=True)
        place, id_ = self._session.place, chosen.id
        said = f"Every key you hold and {chosen.name} may use, sealed to them; after new keys were made."

        def change() -> Change:
            path = _path(out)
            return lambda keys: grant(place, keys, id_, path)

        self._open("Grant keys again", said, "Grant", (named("Write the grant to", out.field), out), change)

    def ask_remove(self) -> None:
        """Ask once more before somebody goes."""
        chosen, place = self._chosen, self._session.place
        if chosen is not None:
            id_ = chosen.id
            title = f"Remove {chosen.name}"
            self._open(title, REMOVING, "Remove", (), lambda: lambda keys: remove(place, keys, id_), locks=True)

    def ask_reveals(self, number: str) -> None:
        """Ask before a reveal takes another number of people."""
        two, place = number == "2", self._session.place
        said = "It holds for all auditors of the store."
        title = "Two people for a reveal" if two else "One person for a reveal"
        dialog = self._open(title, said, "Set", (), lambda: lambda keys: decide(place, keys, two))
        dialog.rejected.connect(self.look)

    def ask_passphrase(self) -> None:
        """Ask for the new passphrase, twice, and the one that opens it now."""
        new, again = PassphraseField("New passphrase"), PassphraseField("New passphrase again")
        parts = (named("New passphrase", new.field), new, named("The same again", again.field), again)
        said = "It seals this identity file anew. Copies made before still open with the old one."

        def change() -> Change:
            words = new.field.text(), again.field.text()
            new.clear()
            again.clear()
            return lambda keys: change_passphrase(keys, *words)

        self._open("Change the passphrase", said, "Change", parts, change)

    def _open(
        self, title: str, said: str, does: str, parts: tuple[QWidget, ...], change: Callable[[], Change],
        locks: bool = False,
    ) -> KeysDialog:  # fmt: skip
        """Ask, do it, and say what follows; what goes wrong is said in the dialog."""
        dialog = self.dialog = KeysDialog(title, said, does, parts, self._session.identity_file, self.window())

        def done(sentence: str) -> None:
            dialog.accept()
            if locks:
                self.lock_wanted.emit(sentence)
            else:
                self.said.emit(sentence)
                self.look()

        def failed(error: AuditorError) -> None:
            dialog.fail(error.message)

        def begin(keys: Keys) -> None:
            do = change()
            self._session.command(dialog, lambda *_: do(keys), done, failed, label=title)

        dialog.given.connect(begin)
        dialog.open()
        return dialog


def _path(field: FileField) -> Path:
    path = field.path
    assert path is not None, "asked for only when filled"
    return path


def _beside(text: str) -> str:
    """Where a grant goes when nobody says: beside the application."""
    return str(Path(text.strip()).with_suffix(".grant")) if text.strip() else ""
