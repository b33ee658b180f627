# SPDX-License-Identifier: Apache-2.0
"""Searches all recorded calls again with the detectors of today, after a recorded reason; what is new is a finding."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from auditor.archive import Tally
from auditor.errors import AuditorError
from ui.background import Job
from ui.models.analysing import found_again, search_again
from ui.models.policy import policy_file
from ui.session import Session
from ui.widgets.basics import button
from ui.widgets.reason_dialog import ReasonDialog

TITLE = "Search all calls again"
MEANING = (
    "Detectors learn. Every recorded call is opened and searched with those of today, and for what the policy calls "
    "the organisation's own data. What was missed becomes a finding for each data type and actor; records stay as they "
    "are.",
    "The reading is recorded with your reason and the ids of all calls. Cancelled, it reports nothing.",
)


class SearchAgain(QObject):
    """Opens the dialog and searches; `button` opens it."""

    said = Signal(str)
    reported = Signal()
    """There may be new findings."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._page = session, parent
        self._job: Job | None = None
        self.dialog: ReasonDialog | None = None
        self.button = button("Search again…")
        self.button.setToolTip("Search all recorded calls with the detectors of today; takes a reason")
        self.button.clicked.connect(self.open)

    def open(self) -> None:
        """Ask for the reason."""
        self.dialog = ReasonDialog(TITLE, "Search", MEANING, self._page.window())
        self.dialog.given.connect(self._search)
        self.dialog.cancelled.connect(self._cancel)
        self.dialog.open()

    def _search(self, reason: str) -> None:
        dialog, folder = self.dialog, policy_file(self._session.location).parent
        assert dialog is not None

        def failed(error: AuditorError) -> None:
            dialog.fail(error.diagnostics())

        self._job = self._session.errand(
            dialog,
            lambda archive, job: search_again(archive, job, folder, reason),
            self._show,
            failed,
            label=TITLE,
        )
        self._job.progressed.connect(dialog.show_progress)

    def _show(self, tally: Tally) -> None:
        self._job = None
        if self.dialog is not None:
            self.dialog.accept()
        self.said.emit(found_again(tally))
        self.reported.emit()

    def _cancel(self) -> None:
        self.dialog = None
        if self._job is not None:
            self._job.cancel()
            self._job = None
