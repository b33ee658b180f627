# SPDX-License-Identifier: Apache-2.0
"""Work that opens contents after a reason was given in a dialog, which shows how far it is; closed, it is cancelled."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from auditor.archive import Archive
from auditor.errors import AuditorError
from ui.background import Job
from ui.session import Session
from ui.widgets.dialogs.reason import ReasonDialog


class Reasoned[D: ReasonDialog](QObject):
    """One such dialog and its work at a time. `dialog` is the one that is open."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._job: Job | None = None
        self.dialog: D | None = None

    def ask(self, dialog: D) -> None:
        """Open a dialog for the reason."""
        self.dialog = dialog
        dialog.cancelled.connect(self._cancel)
        dialog.open()

    def run[T](self, work: Callable[[Archive, Job], T], then: Callable[[T], object], label: str) -> None:
        """Do the work; the dialog tells how far it is and why it failed, and is closed when it is done."""
        dialog = self.dialog
        assert dialog is not None

        def failed(error: AuditorError) -> None:
            dialog.fail(error.diagnostics())

        def done(result: T) -> None:
            self._job = None
            if self.dialog is not None:
                self.dialog.accept()
            then(result)

        self._job = self._session.errand(dialog, work, done, failed, label=label)
        self._job.progressed.connect(dialog.show_progress)

    def _cancel(self) -> None:
        self.dialog = None
        if self._job is not None:
            self._job.cancel()
            self._job = None
