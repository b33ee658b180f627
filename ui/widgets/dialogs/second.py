# SPDX-License-Identifier: Apache-2.0
"""Asks another auditor to confirm what is about to be revealed, with their own identity and passphrase."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.models import formats
from ui.widgets.dialogs.action import ActionDialog
from ui.widgets.facts import Facts
from ui.widgets.person_fields import PersonFields

MEANING = (
    "A reveal takes two people in this store. Another auditor reads what is asked and why, and signs it; both names "
    "are recorded before anything opens."
)


class SecondDialog(ActionDialog):
    """`signed` carries the `Person`; rejecting it opens nothing."""

    signed = Signal(object)

    def __init__(self, what: str, reason: str, asker: str, parent: QWidget) -> None:
        self.person = PersonFields("second person")
        facts = Facts("", [("Reveals", what), ("Asked by", formats.one_line(asker, 80)), ("Reason", reason)])
        super().__init__("A second person", MEANING, "Sign and reveal", (facts, self.person), parent)
        self.person.changed.connect(self.check)
        self.person.submitted.connect(self.submit.click)
        self.wanted.connect(lambda: self.signed.emit(self.person.take()))

    @property
    def ready(self) -> bool:
        """Whether the second person's identity and passphrase are there."""
        return self.person.filled

    def fail(self, sentence: str) -> None:
        """Say in place why nothing was opened, ready for another try."""
        super().fail(sentence)
        self.person.passphrase.setFocus()
