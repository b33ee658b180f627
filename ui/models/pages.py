# SPDX-License-Identifier: Apache-2.0
"""A bounded cache of pages of rows, without Qt: what is loaded, what is wanted next, and which answers are stale.

Invariants: at most `KEPT` pages are held, least recently used first out; a page belongs to the generation it was
asked in, and answers of another generation are refused.
"""

from collections import OrderedDict
from collections.abc import Sequence

from ui.models.columns import Row

PAGE_ROWS = 256
KEPT = 64
AT_ONCE = 2


class Pages:
    """Rows by number, in pages."""

    def __init__(self) -> None:
        self.generation = 0
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._wanted: dict[int, None] = {}
        self._loading: set[int] = set()
        self._newest = -1

    def row(self, number: int) -> Row | None:
        """The row, or None while its page is not here; then the page is wanted."""
        page, place = divmod(number, PAGE_ROWS)
        rows = self._pages.get(page)
        if rows is None:
            if page not in self._loading:
                self._wanted.pop(page, None)
                self._wanted[page] = None
            return None
        if page != self._newest:
            self._newest = page
            self._pages.move_to_end(page)
        return rows[place] if place < len(rows) else None

    def loaded(self, number: int) -> Row | None:
        """The row if it is here; wants nothing."""
        page, place = divmod(number, PAGE_ROWS)
        rows = self._pages.get(page, ())
        return rows[place] if place < len(rows) else None

    def here(self) -> list[int]:
        """The numbers of the first rows of the pages that are here, in order."""
        return [page * PAGE_ROWS for page in sorted(self._pages)]

    def clear(self) -> int:
        """Forget all rows and begin a new generation; returns it."""
        self._pages.clear()
        self._wanted.clear()
        self._loading.clear()
        self._newest = -1
        self.generation += 1
        return self.generation

    def take_wanted(self) -> list[int]:
        """Pages to load now: the newest wishes first, few at once; older wishes are dropped, the view asks again."""
        room = AT_ONCE - len(self._loading)
        if room <= 0:
            return []
        chosen = list(self._wanted)[-room:][::-1]
        self._wanted.clear()
        self._loading.update(chosen)
        return chosen

    def put(self, generation: int, page: int, rows: Sequence[Row]) -> bool:
        """Keep a page; False when it answers an earlier generation."""
        if generation != self.generation:
            return False
        self._loading.discard(page)
        self._pages[page] = rows
        self._pages.move_to_end(page)
        self._newest = page
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)
        return True

    def give_up(self, generation: int, page: int) -> None:
        """A page could not be loaded; it may be asked again."""
        if generation == self.generation:
            self._loading.discard(page)

    def __len__(self) -> int:
        return len(self._pages)
