# SPDX-License-Identifier: Apache-2.0
"""Searches the content of the calls that are listed in Traffic, after a recorded reason, and lists what was found."""

from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from auditor.archive import Filter
from ui.models.calls import CallTable
from ui.models.exporting import Wanted
from ui.models.flows import MOST_VALUES, any_of
from ui.models.searching import Searched, outcome, search
from ui.pages.reasoned import Reasoned
from ui.session import Session
from ui.widgets.basics import tool
from ui.widgets.dialogs.search import SearchDialog


class Page(Protocol):
    """What the search needs of its page."""

    model: CallTable

    @property
    def filter(self) -> Filter:
        """What is listed."""

    def window(self) -> QWidget:
        """The window the dialog stands over."""

    def show_only(self, condition: Filter) -> None:
        """List nothing but these."""


class ContentSearch(Reasoned[SearchDialog]):
    """Opens the dialog, searches, and lists what was found; `button` opens it."""

    said = Signal(str)

    def __init__(self, session: Session, page: Page, parent: QObject) -> None:
        super().__init__(session, parent)
        self._page = page
        self.button = tool("search", "Search what was said in the listed calls; takes a reason", text="Content")
        self.button.clicked.connect(self.open)

    def open(self) -> None:
        """Ask for words and reason."""
        dialog = SearchDialog(self._page.model.rowCount(), self._page.filter.explain(), self._page.window())
        dialog.wanted.connect(self._search)
        self.ask(dialog)

    def _search(self, words: str, reason: str) -> None:
        wish = self._page.model.wish
        wanted = Wanted(wish.filter, wish.sort)
        self.run(lambda archive, job: search(archive, job, wanted, words, reason), self._show, "Searching content")

    def _show(self, searched: Searched) -> None:
        found = searched.found[:MOST_VALUES]
        self.said.emit(outcome(searched, len(found)))
        if found:
            self._page.show_only(any_of("id", found))
