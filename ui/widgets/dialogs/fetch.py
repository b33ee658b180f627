# SPDX-License-Identifier: Apache-2.0
"""Asks where to fetch records from: a gateway on another machine by its address and a token, or a copy of a store."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from auditor.sync.opening import SCHEME
from ui.widgets.dialogs.action import ActionDialog
from ui.widgets.person_fields import FileField, named

MEANING = (
    "Records of a gateway on another machine come sealed, and are proved before they are kept. Its operator makes a "
    "token for you: auditor gateway token add NAME."
)
TOKENS = "Tokens (*.token);;All files (*)"


class FetchDialog(ActionDialog):
    """`source_given` carries where from, and the token's file or None."""

    source_given = Signal(str, object)

    def __init__(self, source: str, token: str, parent: QWidget) -> None:
        self.source, self.token = QLineEdit(source), FileField("Token file", token, TOKENS)
        self.source.setAccessibleName("Address of the gateway, or a folder")
        self.source.setPlaceholderText("https://gateway.example:8443, or a folder")
        self.follow = QCheckBox("Keep fetching as records arrive, until the desktop is locked")
        parts = (named("Address of the gateway, or a folder", self.source), self.source,
                 named("Token file, for a gateway", self.token.field), self.token, self.follow)  # fmt: skip
        super().__init__("Fetch records", MEANING, "Fetch", parts, parent)
        for line in (self.source, self.token.field):
            line.textChanged.connect(lambda _: self.check())
        self.wanted.connect(lambda: self.source_given.emit(self.where, self.token.path))

    @property
    def where(self) -> str:
        """Where from."""
        return self.source.text().strip()

    @property
    def ready(self) -> bool:
        """Whether a source is named, and a token where it takes one."""
        return bool(self.where) and (not self.where.startswith(SCHEME) or self.token.path is not None)

    def show_progress(self, done: int, total: int) -> None:
        """How far it is."""
        self.busy.setRange(0, total)
        self.busy.setValue(done)
