# SPDX-License-Identifier: Apache-2.0
"""Reads content for the inspector: a command, because the access is recorded before anything is opened."""

from pathlib import Path

from PySide6.QtCore import QObject

from auditor.calls import Call, PlacedMatch
from auditor.errors import AuditorError
from ui.inspector import Inspector
from ui.models.applying import terms_for
from ui.models.attachments import Asked, open_picture, save_file
from ui.models.opened import open_content, open_raw, open_value
from ui.models.reading import placed
from ui.pages.revealing import Reveal, begin
from ui.session import Session


class ContentReader(QObject):
    """Answers the inspector's wishes."""

    def __init__(self, session: Session, inspector: Inspector, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._inspector = session, inspector
        inspector.content_wanted.connect(self._open)
        inspector.raw_wanted.connect(self._open_raw)
        inspector.value_wanted.connect(self._open_value)
        inspector.picture_wanted.connect(self._open_picture)
        inspector.file_wanted.connect(self._save_file)
        inspector.verify_wanted.connect(self._verify)

    def locate(self, call: Call) -> None:
        """Find out where the call's record lies, what was reported on it, and which terms hold for it."""
        evidence, call_id = self._inspector.evidence, call.id
        self._session.query(
            self,
            lambda archive, _: placed(archive, call_id),
            lambda found: evidence.show_place(call_id, *found),
            topic="place",
        )
        self._session.query(
            self,
            lambda archive, _: archive.cases(call=call_id),
            lambda cases: self._inspector.show_cases(call_id, cases),
            topic="cases",
        )
        self._session.query(
            self,
            lambda *_: terms_for(call),
            lambda terms: self._inspector.show_terms(call_id, terms),
            topic="terms",
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
        wish = Reveal(
            what=f"Request and response of call {call_id}, not masked",
            reason=reason,
            work=lambda archive, second: open_raw(archive, call_id, reason, second),
            then=lambda raw: self._inspector.show_raw(call_id, raw),
            failed=self._session.background.failed.emit,
            label="Opening the raw exchange",
        )
        begin(self._session, self._inspector, wish)

    def _open_value(self, call_id: str, reason: str, placed: PlacedMatch) -> None:
        wish = Reveal(
            what=f"One value of type {placed.match.type} in call {call_id}",
            reason=reason,
            work=lambda archive, second: open_value(archive, call_id, reason, placed, second),
            then=lambda value: self._inspector.show_value(call_id, placed, value),
            failed=self._session.background.failed.emit,
            label="Revealing a value",
        )
        begin(self._session, self._inspector, wish)

    def _open_picture(self, call_id: str, reason: str, place: str, sha256: str) -> None:
        def failed(error: AuditorError) -> None:
            self._inspector.conversation.picture_refused(place)
            self._session.background.failed.emit(error)

        wish = Reveal(
            what=f"One picture in call {call_id}",
            reason=reason,
            work=lambda archive, second: open_picture(archive, call_id, reason, place, sha256, second),
            then=lambda shown: self._inspector.show_picture(call_id, place, shown),
            failed=failed,
            label="Revealing a picture",
        )
        begin(self._session, self._inspector, wish)

    def _save_file(self, call_id: str, reason: str, place: str, sha256: str, path: str) -> None:
        conversation = self._inspector.conversation
        scope = f"one file, not masked, saved: {place}"

        def failed(error: AuditorError) -> None:
            conversation.show_saved(place, "")
            self._session.background.failed.emit(error)

        wish = Reveal(
            what=f"One file in call {call_id}, to be saved",
            reason=reason,
            work=lambda archive, second: save_file(archive, call_id, Asked(reason, scope, second), sha256, Path(path)),
            then=lambda sentence: conversation.show_saved(place, sentence),
            failed=failed,
            label="Saving a file",
        )
        begin(self._session, self._inspector, wish)

    def _verify(self) -> None:
        evidence = self._inspector.evidence
        evidence.show_progress(0, 0)

        def failed(error: AuditorError) -> None:
            evidence.show_result(False, error.diagnostics())

        job = self._session.verify(self, lambda said: evidence.show_result(*said), failed)
        job.progressed.connect(evidence.show_progress)
