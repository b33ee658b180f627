# SPDX-License-Identifier: Apache-2.0
"""The list of calls for a table view: counts and pages come from the reader thread, cells from memory.

`data` is a lookup and never reads the archive; a row that is not here yet shows "…" and is asked for. A new listing is
counted and its first page read before the old one is replaced, so that the view never blinks. New calls on top are
inserted, which keeps the selection where it was.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from auditor.archive import Archive, Filter, Listing, Sort
from auditor.errors import AuditorError
from ui.background import Job
from ui.models.columns import COLUMNS, Look, Row
from ui.models.pages import PAGE_ROWS, Pages
from ui.models.reading import rows

WAITING = "…"
AT_ONCE = 2 * PAGE_ROWS
"""Rows of which something is made at once, where they are in memory."""

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
NO_FLAGS = Qt.ItemFlag(0)
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

type Ranges = Sequence[tuple[int, int]]
"""Row numbers, first and last included."""

type Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class Ask(Protocol):
    """How a view reads: `Session.query`."""

    def __call__[T](
        self,
        owner: QObject,
        work: Callable[[Archive, Job], T],
        then: Callable[[T], object],
        failed: Callable[[AuditorError], object] | None = None,
        *,
        topic: str = "",
        label: str = "",
    ) -> Job:
        """Read in the background; the newest of a topic wins."""
        ...


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be listed: which calls, in which order."""

    filter: Filter = field(default_factory=Filter)
    sort: Sort = field(default_factory=Sort)

    @property
    def newest_first(self) -> bool:
        """Whether new calls belong on top."""
        return self.sort.field == "time" and self.sort.descending


class CallTable(QAbstractTableModel):
    """Calls of one listing; see the module."""

    listed = Signal(int)
    """The listing changed or grew; its number of calls."""

    failed = Signal(object)
    busy = Signal(bool)

    def __init__(self, ask: Ask, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.wish = Wish()
        self._ask = ask
        self._listing: Listing | None = None
        self._count = 0
        self._reading: Job | None = None
        self._pages = Pages()
        self._asker = QTimer(self, singleShot=True, interval=0)
        self._asker.timeout.connect(self._load_wanted)

    # --- what the table asks ---

    def rowCount(self, parent: Index = ROOT) -> int:
        """Number of calls in the listing."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = ROOT) -> int:
        """Number of columns there are, shown or not."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text and alignment of a cell, from memory."""
        if role == Qt.ItemDataRole.DisplayRole:
            row = self.row(index.row())
            return row.texts[index.column()] if row else WAITING
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if COLUMNS[index.column()].look is Look.NUMBER else LEFT
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            loaded = self._pages.loaded(index.row())
            return loaded.texts[index.column()] if loaded else None
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Title, meaning and alignment of a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.meaning
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if column.look is Look.NUMBER else LEFT
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """All rows can be selected; nothing is looked up for it."""
        return FLAGS if index.isValid() else NO_FLAGS

    def row(self, number: int) -> Row | None:
        """A row by number, or None while it is on its way."""
        row = self._pages.row(number)
        if row is None and not self._asker.isActive():
            self._asker.start()
        return row

    def loaded(self, number: int) -> Row | None:
        """A row by number if it is in memory."""
        return self._pages.loaded(number)

    def held(self, first: int, last: int) -> Iterator[Row]:
        """The rows in memory from one number to another, without walking those that are not."""
        for start in self._pages.here():
            for number in range(max(start, first), min(start + PAGE_ROWS - 1, last) + 1):
                row = self._pages.loaded(number)
                if row is not None:
                    yield row

    def read[T](
        self, ranges: Ranges, most: int, make: Callable[[Sequence[Row]], T], then: Callable[[T], object]
    ) -> None:
        """Make something of rows, at most `most` of them: few that are in memory at once, else on the reader thread.

        A new listing ends it, so that no filter waits for sums.
        """
        wanted = min(sum(last - first + 1 for first, last in ranges), most)
        known = [row for first, last in ranges for row in self.held(first, last)] if wanted <= AT_ONCE else []
        listing = self._listing
        if listing is None or len(known) == wanted:
            then(make(known))
            return
        self._reading = self._ask(
            self,
            lambda _archive, job: make(_rows_of(listing, ranges, most, job)),
            then,
            self.failed.emit,
            topic="ranges",
            label="Reading the selected calls",
        )

    # --- what is listed ---

    def show(self, wish: Wish) -> None:
        """Replace the listing, once its count and first page are known."""
        if self._reading is not None:
            self._reading.cancel()
        self.busy.emit(True)
        self._ask(
            self,
            lambda archive, _: _list(archive, wish),
            lambda found: self._replace(wish, *found),
            self._fail,
            topic="listing",
            label="Listing calls",
        )

    def grow(self) -> None:
        """Take in calls that arrived since; on top when the newest are first, else as a new listing."""
        wish = self.wish
        if not wish.newest_first:
            self.show(wish)
            return
        self._ask(
            self,
            lambda archive, _: _list(archive, wish),
            lambda found: self._insert(wish, *found),
            self._fail,
            topic="listing",
        )

    def forget(self) -> None:
        """Drop every row from memory."""
        self.beginResetModel()
        self._pages.clear()
        self._listing, self._count = None, 0
        self.endResetModel()

    def _replace(self, wish: Wish, listing: Listing, first: Sequence[Row]) -> None:
        self.beginResetModel()
        self.wish, self._listing = wish, listing
        self._pages.put(self._pages.clear(), 0, first)
        self._count = listing.count
        self.endResetModel()
        self.busy.emit(False)
        self.listed.emit(self._count)

    def _insert(self, wish: Wish, listing: Listing, first: Sequence[Row]) -> None:
        grown = listing.count - self._count
        if wish != self.wish or grown < 0:
            self._replace(wish, listing, first)
            return
        if grown == 0:
            return
        self.beginInsertRows(ROOT, 0, grown - 1)
        self._listing = listing
        self._pages.put(self._pages.clear(), 0, first)
        self._count = listing.count
        self.endInsertRows()
        self.listed.emit(self._count)

    # --- pages on their way ---

    def _load_wanted(self) -> None:
        for page in self._pages.take_wanted():
            self._load(self._pages.generation, page)

    def _load(self, generation: int, page: int) -> None:
        listing = self._listing
        if listing is None:
            return

        def failed(error: AuditorError) -> None:
            self._pages.give_up(generation, page)
            self.failed.emit(error)

        self._ask(
            self,
            lambda _archive, _job: rows(listing, page * PAGE_ROWS, PAGE_ROWS),
            lambda loaded: self._put(generation, page, loaded),
            failed,
        )

    def _put(self, generation: int, page: int, loaded: Sequence[Row]) -> None:
        if not self._pages.put(generation, page, loaded):
            return
        first = page * PAGE_ROWS
        last = min(first + PAGE_ROWS, self._count) - 1
        if first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(COLUMNS) - 1))
        self._asker.start()

    def _fail(self, error: AuditorError) -> None:
        self.busy.emit(False)
        self.failed.emit(error)


def _rows_of(listing: Listing, ranges: Ranges, most: int, job: Job) -> list[Row]:
    """At most so many rows; where the index forgot calls since they were counted, those that are left."""
    found: list[Row] = []
    for first, last in ranges:
        for offset in range(first, last + 1, PAGE_ROWS):
            wanted = min(PAGE_ROWS, last + 1 - offset, most - len(found))
            page = rows(listing, offset, wanted)
            found += page
            job.report(len(found), most)
            if len(page) < wanted or len(found) >= most:
                return found
    return found


def _list(archive: Archive, wish: Wish) -> tuple[Listing, Sequence[Row]]:
    """A counted listing and its first page (on the reader thread)."""
    listing = archive.listing(wish.filter, wish.sort)
    return listing, rows(listing, 0, min(PAGE_ROWS, listing.count))
