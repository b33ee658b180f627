# SPDX-License-Identifier: Apache-2.0
"""What stands in the window while there is no store: make one here, or say where one is.

Invariant: nothing that exists is overwritten; the passphrases leave their fields when they are used.
"""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QLineEdit, QProgressBar, QWidget

from auditor.errors import AuditorError
from auditor.store.create import IDENTITY, STORE, create_store
from ui.background import Background
from ui.theme import theme
from ui.widgets.basics import across, button, down, holder, label, picture, scrolled

SHORTEST = 8
MEANING = (
    "A store keeps sealed records. It is opened with an identity file and its passphrase: keep two copies of the file, "
    "and the passphrase where others cannot read it. Nobody can restore either."
)


class WelcomePage(QWidget):
    """`made` carries store, identity and passphrase of a new store; `named` those of one that is there."""

    made = Signal(str, str, bytes)
    named = Signal(str, str)

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background = Background(self)
        self.folder, self.name = QLineEdit(str(folder)), QLineEdit("auditor")
        self.passphrase, self.again = QLineEdit(), QLineEdit()
        self.make = button("Create the store", "primary")
        self.problem = label("", "bad", wrap=True)
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setAccessibleName("Making the store")
        self.store, self.identity = QLineEdit(), QLineEdit()
        self.choose_folder, self.choose_store, self.choose_identity = (button("Choose…") for _ in range(3))
        self.open = button("Open")
        self._name_fields()
        row = across(1, self._new(), self._known(), 1, spacing=18)
        layout = down(margins=(24, 24, 24, 24), spacing=18)
        layout.addStretch(2)
        layout.addWidget(picture("logo", "accent", 40), alignment=Qt.AlignmentFlag.AlignHCenter)
        title = label("AI Usage Auditor", "title")
        layout.addWidget(title, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addLayout(row)
        layout.addStretch(3)
        self.setLayout(down(scrolled(holder(layout, "page"))))
        self._connect()
        self.check()
        self.busy.hide()

    def _name_fields(self) -> None:
        names = (
            (self.folder, "Folder"), (self.name, "Your name, as the record of readings will show it"),
            (self.passphrase, "Passphrase"), (self.again, "Passphrase again"), (self.store, "Store"),
            (self.identity, "Identity file"),
        )  # fmt: skip
        for field, name in names:
            field.setAccessibleName(name)
        for secret in (self.passphrase, self.again):
            secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.store.setPlaceholderText("A folder, or postgresql+psycopg://…")
        self.identity.setPlaceholderText(IDENTITY)
        for chooser, name in (
            (self.choose_folder, "folder"),
            (self.choose_store, "store"),
            (self.choose_identity, "file"),
        ):
            chooser.setAccessibleName(f"Choose the {name}")

    def _new(self) -> QFrame:
        return self._card(
            "Create a store", MEANING, (self.folder, self.choose_folder), (self.name,), (self.passphrase,),
            (self.again,), (self.problem,), (self.busy,), (self.make,),
        )  # fmt: skip

    def _known(self) -> QFrame:
        meaning = (
            "One that was made elsewhere: its folder or server, and the identity that opens it. Records of a gateway "
            "on another machine come in afterwards: Gateways, “Fetch records…”."
        )
        return self._card(
            "Open one that is there", meaning, (self.store, self.choose_store), (self.identity, self.choose_identity),
            (self.open,),
        )  # fmt: skip

    def _card(self, title: str, meaning: str, *rows: tuple[QWidget, ...]) -> QFrame:
        card = QFrame()
        card.setProperty("look", "card")
        card.setFixedWidth(theme().px(430))
        layout = down(label(title, "heading"), label(meaning, "muted", wrap=True), margins=(26, 22, 26, 22), spacing=8)
        layout.addSpacing(theme().px(6))
        for row in rows:
            first = row[0]
            if isinstance(first, QLineEdit):
                said = label(first.accessibleName(), "caption")
                said.setBuddy(first)
                layout.addWidget(said)
            line = across(*row)
            line.setStretch(0, 1)
            layout.addLayout(line)
        layout.addStretch(1)
        card.setLayout(layout)
        return card

    def _connect(self) -> None:
        for field in (self.folder, self.name, self.passphrase, self.again, self.store, self.identity):
            field.textChanged.connect(lambda _: self.check())
        self.make.clicked.connect(self._create)
        self.open.clicked.connect(lambda: self.named.emit(self.store.text().strip(), self.identity.text().strip()))
        self.again.returnPressed.connect(self.make.click)
        self.choose_folder.clicked.connect(lambda: self._choose(self.folder))
        self.choose_store.clicked.connect(lambda: self._choose(self.store))
        self.choose_identity.clicked.connect(self._choose_identity)

    def check(self) -> None:
        """What can be done with what is written."""
        wrong = self._wrong()
        self.problem.setText(wrong)
        self.problem.setVisible(bool(wrong) and bool(self.again.text()))
        filled = all(field.text().strip() for field in (self.folder, self.name, self.passphrase, self.again))
        self.make.setEnabled(filled and not wrong)
        self.open.setEnabled(bool(self.store.text().strip() and self.identity.text().strip()))

    def _wrong(self) -> str:
        if len(self.passphrase.text()) < SHORTEST:
            return f"Take a passphrase of at least {SHORTEST} characters, best several words."
        return "" if self.passphrase.text() == self.again.text() else "The passphrases are not the same."

    def _create(self) -> None:
        out, name = Path(self.folder.text().strip()).expanduser(), self.name.text().strip()
        passphrase = self.passphrase.text().encode(errors="surrogateescape")
        self.passphrase.clear()
        self.again.clear()
        self.make.setEnabled(False)
        self.busy.show()

        def done(_: object) -> None:
            self.busy.hide()
            self.made.emit(str(out / STORE), str(out / IDENTITY), passphrase)

        self._background.command(self, lambda _: create_store(out, passphrase, name=name), done, self._failed)

    def _failed(self, error: AuditorError) -> None:
        self.busy.hide()
        self.check()
        self.problem.setText(error.diagnostics())
        self.problem.show()

    def _choose(self, field: QLineEdit) -> None:
        chosen = QFileDialog.getExistingDirectory(self, field.accessibleName(), field.text())
        if chosen:
            field.setText(chosen)

    def _choose_identity(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Identity file", "", "Identities (*.identity);;All files (*)")
        if chosen:
            self.identity.setText(chosen)

    def close_threads(self) -> None:
        """End the threads that made the store."""
        self._background.close()
