# SPDX-License-Identifier: Apache-2.0
"""Exports of the Traffic page: the selection, or all calls that match."""

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QWidget

from auditor.archive import Filter
from auditor.archive.reveal import SecondWanted
from auditor.errors import AuditorError
from ui.background import Failed, Job
from ui.models import formats
from ui.models.calls import CallTable
from ui.models.exporting import Depth, Order, Wanted, export
from ui.models.keys import Person
from ui.pages.revealing import NOT_SIGNED
from ui.session import Session
from ui.shortcuts import Shortcut
from ui.widgets.basics import tool
from ui.widgets.call_view import CallView
from ui.widgets.dialogs.export import ExportDialog
from ui.widgets.dialogs.second import SecondDialog


class Page(Protocol):
    """What an export needs of its page."""

    model: CallTable
    view: CallView

    @property
    def filter(self) -> Filter:
        """What is listed."""

    def window(self) -> QWidget:
        """The window the dialog stands over."""


class Exporting(QObject):
    """Opens the dialog and writes the file; `button` opens it, too."""

    said = Signal(str)

    def __init__(self, session: Session, page: Page, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._page = session, page
        self._job: Job | None = None
        self.dialog: ExportDialog | None = None
        self.button = tool("export", f"Export calls ({Shortcut.EXPORT.keys[0]})", text="Export")
        self.button.clicked.connect(self.open)

    def offer(self, listed: int) -> None:
        """Offer it where calls are listed."""
        self.button.setEnabled(listed > 0)

    def open(self) -> None:
        """Ask what to export; where nothing is listed, say so."""
        page = self._page
        if page.model.rowCount() == 0:
            self.said.emit("No call is listed, so there is nothing to export.")
            return
        home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self.dialog = ExportDialog(
            page.view.selected_count(),
            page.model.rowCount(),
            page.filter.explain(),
            Path(home or Path.home()),
            page.window(),
        )
        self.dialog.wanted.connect(self._export)
        self.dialog.cancelled.connect(self._cancel)
        self.dialog.open()

    def _export(self, selection: bool, order: Order) -> None:
        page, dialog = self._page, self.dialog
        assert dialog is not None
        rows = page.view.selected_ranges() if selection else None
        wanted = Wanted(page.model.wish.filter, page.model.wish.sort, rows)

        def failed(error: AuditorError) -> None:
            if isinstance(error, SecondWanted):
                self._ask_second(dialog, wanted, order)
            else:
                dialog.fail(error.diagnostics())

        self._write(dialog, wanted, order, None, failed)

    def _write(self, dialog: ExportDialog, wanted: Wanted, order: Order, second: Person | None, failed: Failed) -> None:
        self._job = self._session.errand(
            dialog,
            lambda archive, job: export(archive, job, wanted, order, second.open() if second else None),
            lambda count: self._done(count, order),
            failed,
            label="Exporting calls",
        )
        self._job.progressed.connect(dialog.show_progress)

    def _ask_second(self, dialog: ExportDialog, wanted: Wanted, order: Order) -> None:
        """Let another auditor sign the access; what goes wrong from there on is said in the export's dialog."""
        what = f"{formats.count(wanted.count(self._page.model.rowCount()), 'call')} with their content, not masked"
        ask = SecondDialog(what, order.reason, self._session.auditor, dialog)

        def sign(person: Person) -> None:
            ask.accept()
            self._write(dialog, wanted, order, person, lambda error: dialog.fail(error.diagnostics()))

        ask.signed.connect(sign)
        ask.rejected.connect(lambda: dialog.fail(NOT_SIGNED))
        ask.open()

    def _done(self, count: int, order: Order) -> None:
        self._job = None
        if self.dialog is not None:
            self.dialog.accept()
        read = "" if order.depth is Depth.FACTS else " The reading is in the access log."
        self.said.emit(f"{formats.count(count, 'call')} exported to {order.path}.{read}")

    def _cancel(self) -> None:
        self.dialog = None
        if self._job is not None:
            self._job.cancel()
            self._job = None
