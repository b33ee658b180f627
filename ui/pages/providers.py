# SPDX-License-Identifier: Apache-2.0
"""The Providers page: the registry of provider terms beside what is sent to each provider."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from auditor.archive import Filter
from ui.models.terms import Book, Entry, read_book
from ui.session import Session
from ui.shortcuts import Shortcut, action
from ui.theme import theme
from ui.widgets.basics import across, beside, down, holder, label, picture, rule, set_picture
from ui.widgets.provider_list import ProviderList
from ui.widgets.provider_view import ProviderView

STALE = "older than 90 days: check it with “auditor terms check”"


def today() -> date:
    """This day, UTC."""
    return datetime.now(UTC).date()


class ProvidersPage(QWidget):
    """Providers on the left, one of them on the right."""

    failed = Signal(object)
    calls_wanted = Signal(object)
    """A filter to be shown in Traffic."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.clock: Callable[[], date] = today
        self.book: Book | None = None
        self._wanted = ""
        self.entries: list[Entry] = []
        self.search = QLineEdit()
        self.age = label("", "muted")
        self._mark = picture("history", "muted", 15)
        self.list = ProviderList()
        self.nothing = label("No provider or clause holds these words.", "muted", wrap=True)
        self.view = ProviderView()
        self._arrange()
        self.search.textChanged.connect(lambda _: self._list())
        self.search.returnPressed.connect(self.list.setFocus)
        self.list.chosen.connect(self._choose)
        self.view.data_wanted.connect(self._show_calls)
        find = action(self, Shortcut.FILTER)
        find.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.triggered.connect(self.search.setFocus)

    def _arrange(self) -> None:
        head = across(
            label("Providers and terms", "title"), 1, self._mark, self.age, margins=(24, 16, 20, 12), spacing=8
        )
        self.search.setPlaceholderText("Search providers and clauses")
        self.search.setAccessibleName("Search providers and clauses")
        self.search.setClearButtonEnabled(True)
        self.nothing.setContentsMargins(*(theme().px(18),) * 4)
        self.nothing.hide()
        left = down(holder(down(self.search, margins=(14, 12, 14, 12))), rule(), self.nothing, self.list, spacing=0)
        left.setStretchFactor(self.list, 1)
        splitter = beside(holder(left, "panel"), self.view, (330, 1000))
        layout = down(holder(head, "bar"), splitter, spacing=0)
        layout.setStretchFactor(splitter, 1)
        self.setLayout(layout)

    def look(self) -> None:
        """Read the registry and the figures again."""
        day = self.clock()
        self._session.query(
            self, lambda archive, _: read_book(archive, day), self.show_book, self.failed.emit, topic="terms"
        )

    def show_book(self, book: Book) -> None:
        """Show this registry; a provider that stays the same stays as it is shown."""
        if book == self.book:
            return
        self.book = book
        self.age.setText(f"{book.age(self.clock())}{', ' + STALE if book.stale else ''}")
        set_picture(self._mark, "error" if book.stale else "verified", "warn" if book.stale else "good", 15)
        self._list()

    def _list(self) -> None:
        if self.book is None:
            return
        words = self.search.text().casefold().split()
        shown = self.view.entry.id if self.view.entry else ""
        wanted, self._wanted = self._wanted or shown, ""
        self.entries = [entry for entry in self.book.entries if entry.holds(words)]
        self.list.show_entries(self.entries)
        self.nothing.setVisible(not self.entries)
        rows = [row for row, entry in enumerate(self.entries) if wanted in (entry.id, *entry.names)]
        self.list.setCurrentRow(rows[0] if rows else 0)

    def show_provider(self, id_: str) -> None:
        """Show one provider by its id or its name in calls."""
        self._wanted = id_
        self.search.clear()
        self._list()

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self.entries) and self.entries[row] != self.view.entry:
            self.view.show_entry(self.entries[row])

    def _show_calls(self, names: tuple[str, ...], type_: str) -> None:
        there = " or ".join(str(Filter.field("provider", name)) for name in names)
        condition = Filter.parse(there)
        self.calls_wanted.emit(condition & Filter.field("sent", type_) if type_ else condition)

    def setFocus(self) -> None:  # type: ignore[override]
        """The keyboard goes to the list."""
        self.list.setFocus()
