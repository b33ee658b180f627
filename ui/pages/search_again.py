# SPDX-License-Identifier: Apache-2.0
"""Searches all recorded calls again with the detectors of today, after a recorded reason; what is new is a finding."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from auditor.archive import Tally
from ui.models.analysing import found_again, search_again
from ui.models.policy import policy_file
from ui.pages.reasoned import Reasoned
from ui.session import Session
from ui.widgets.basics import button
from ui.widgets.dialogs.reason import ReasonDialog

TITLE = "Search all calls again"
MEANING = (
    "Detectors learn. Every recorded call is opened and searched with those of today, and for what the policy calls "
    "the organisation's own data. What was missed becomes a finding for each data type and actor; records stay as they "
    "are.",
    "The reading is recorded with your reason and the ids of all calls. Cancelled, it reports nothing.",
)


class SearchAgain(Reasoned[ReasonDialog]):
    """Opens the dialog and searches; `button` opens it."""

    said = Signal(str)
    reported = Signal()
    """There may be new findings."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(session, parent)
        self._page = parent
        self.button = button("Search again…")
        self.button.setToolTip("Search all recorded calls with the detectors of today; takes a reason")
        self.button.clicked.connect(self.open)

    def open(self) -> None:
        """Ask for the reason."""
        dialog = ReasonDialog(TITLE, "Search", MEANING, self._page.window())
        dialog.given.connect(self._search)
        self.ask(dialog)

    def _search(self, reason: str) -> None:
        folder = policy_file(self._session.location).parent
        self.run(lambda archive, job: search_again(archive, job, folder, reason), self._show, TITLE)

    def _show(self, tally: Tally) -> None:
        self.said.emit(found_again(tally))
        self.reported.emit()
