# SPDX-License-Identifier: Apache-2.0
"""Fetching from a gateway elsewhere again and again, so that its calls come in as they arrive, until somebody stops it
or the desktop is locked. A source that is away is asked again later; that it is away is said once."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from auditor.errors import AuditorError
from ui.models.fetching import Fetched, fetch
from ui.session import Session

EVERY_MS, LATER_MS = 5_000, 30_000


class Following(QObject):
    """One source at most."""

    changed = Signal()
    """It began, ended, or is away, or back."""

    failed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.source = ""
        """Where from; empty while nothing is followed."""

        self.away = ""
        """Why nothing comes, where that is so."""

        self._token: Path | None = None
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self._fetch)

    def begin(self, source: str, token: Path | None) -> None:
        """Follow this source from now on, and no other."""
        self.source, self._token, self.away = source, token, ""
        self._next.start(EVERY_MS)
        self.changed.emit()

    def stop(self) -> None:
        """Follow nothing."""
        self._next.stop()
        self.source = self.away = ""
        self.changed.emit()

    def _fetch(self) -> None:
        source, token = self.source, self._token
        self._session.errand(
            self,
            lambda archive, job: fetch(archive.location, source, token, job.report),
            lambda found: self._came(source, found),
            lambda error: self._stayed_away(source, error),
        )

    def _came(self, source: str, found: Fetched) -> None:
        if source != self.source:
            return
        if self.away:
            self.away = ""
            self.changed.emit()
        if found.records:
            self._session.look_for_news()
        self._next.start(EVERY_MS)

    def _stayed_away(self, source: str, error: AuditorError) -> None:
        if source != self.source:
            return
        if not self.away:
            self.failed.emit(error)
        self.away = error.message
        self.changed.emit()
        self._next.start(LATER_MS)
