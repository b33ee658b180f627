# SPDX-License-Identifier: Apache-2.0
"""Reads content for the inspector: a command, because the access is recorded before anything is opened."""

from PySide6.QtCore import QObject

from auditor.calls import PlacedMatch
from auditor.errors import AuditorError
from ui.inspector import Inspector
from ui.models.opened import open_content, open_raw, open_value
from ui.session import Session


class ContentReader(QObject):
    """Answers the inspector's wishes."""

    def __init__(self, session: Session, inspector: Inspector, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._inspector = session, inspector
        inspector.content_wanted.connect(self._open)
        inspector.raw_wanted.connect(self._open_raw)
        inspector.value_wanted.connect(self._open_value)
        inspector.verify_wanted.connect(self._verify)

    def locate(self, call_id: str) -> None:
        """Find out where the call's record lies, and what was reported on it."""
        evidence = self._inspector.evidence
        self._session.query(
            self,
            lambda archive, _: archive.place(call_id),
            lambda place: evidence.show_place(call_id, place.ledger, place.seq),
            topic="place",
        )
        self._session.query(
            self,
            lambda archive, _: archive.cases(call=call_id),
            lambda cases: self._inspector.show_cases(call_id, cases),
            topic="cases",
        )

    def _open(self, call_id: str, reason: str) -> None:
        self._session.command(
            self,
            lambda archive, _: open_content(archive, call_id, reason),
            self._inspector.show_opened,
            lambda error: self._inspector.gate.fail(error.diagnostics()),
            label="Opening content",
        )

    def _open_raw(self, call_id: str, reason: str) -> None:
        self._session.command(
            self,
            lambda archive, _: open_raw(archive, call_id, reason),
            lambda raw: self._inspector.show_raw(call_id, raw),
            label="Opening the raw exchange",
        )

    def _open_value(self, call_id: str, reason: str, placed: PlacedMatch) -> None:
        self._session.command(
            self,
            lambda archive, _: open_value(archive, call_id, reason, placed),
            lambda value: self._inspector.show_value(call_id, placed, value),
            label="Revealing a value",
        )

    def _verify(self) -> None:
        evidence = self._inspector.evidence
        evidence.show_progress(0, 0)

        def failed(error: AuditorError) -> None:
            evidence.show_result(False, error.diagnostics())

        job = self._session.verify(self, lambda said: evidence.show_result(*said), failed)
        job.progressed.connect(evidence.show_progress)
