# SPDX-License-Identifier: Apache-2.0
"""Searches what was said, exactly and in little time: what is recorded already by the words kept of it.

Invariants: no content is opened, and nothing of what was found is told, before a record with the reason is durable. The
words of calls that came since the last search are taken in first, each block of calls under an access record of its own
(`TAKEN_IN`); then those calls are told, or opened, that the words name. The answer is as if every content had been
searched. Broken off (by what `progress` raises), the next search goes on with the next block.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from auditor.archive.archive import Archive
from auditor.archive.filters import Filter
from auditor.archive.index import Index
from auditor.archive.listing import Listing, Sort
from auditor.archive.search import held
from auditor.archive.search.words import Part, parts_of, question, words_of
from auditor.errors import InputError
from auditor.privacy import texts

SEARCHED: Final = "search"
"""The action of the access record that names the calls which were found, or opened to look."""

TAKEN_IN: Final = "index"
"""The action of the access records that name the calls whose words were taken in."""

MOST: Final = 2_000
"""Calls that one search names, or opens, at most: the first of the list."""

BLOCK: Final = 500
"""Calls whose words are taken in under one access record, and in one transaction."""

type Progress = Callable[[int, int], None]
"""Told how many calls are done, of how many; what it raises breaks the search off."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search found: the ids of the first calls that hold the words, of so many that were `listed`.

    `named` calls hold the words, or may hold them; only the first `MOST` were looked at. `exact`: all of them hold
    them.
    """

    found: tuple[str, ...]
    listed: int
    named: int
    exact: bool

    @property
    def total(self) -> int:
        """How many calls hold the words, as far as it was looked."""
        return self.named if self.exact else len(self.found)

    @property
    def whole(self) -> bool:
        """Whether all that may hold the words were looked at."""
        return self.exact or self.named <= MOST


def search(
    archive: Archive,
    asked: str,
    reason: str,
    filter_: Filter | None = None,
    sort: Sort | None = None,
    progress: Progress | None = None,
) -> Searched:
    """Which calls of a list hold all of some words, each anywhere in what was said and without case.

    The words are not recorded, since they may be what must not be written down. Raises `InputError` without words or a
    reason, and what opening content and the ledger's writer raise.
    """
    parts = [question(part) for part in parts_of(asked)]
    if not parts:
        raise InputError("There are no words to look for.", "Say what to look for.")
    told = progress or _nobody
    take_in(archive, reason, told)
    listing = archive.listing(filter_, sort)
    named, ids = _named(archive.index, listing, parts, told)
    exact = all(part.exact for part in parts)
    opened = archive.content(ids, reason, action=SEARCHED, scope=f"{listing.count} calls")
    if exact:
        return Searched(tuple(ids), listing.count, named, exact)
    found = list[str]()
    for done, one in enumerate(opened, 1):
        if _holds("\n".join(text.text for text in texts(one.content)), parts_of(asked)):
            found.append(one.call.id)
        told(done, len(ids))
    return Searched(tuple(found), listing.count, named, exact)


def take_in(archive: Archive, reason: str, progress: Progress) -> None:
    """Take in the words of the calls that came since; raises as `search`."""
    index = archive.index
    with index.reading() as connection:
        total, done = held.how_many_wait(connection), 0
    for block in _blocks(index):
        words = dict[int, set[bytes]]()
        opened = archive.content([one.id for one in block], reason, action=TAKEN_IN)
        for here, one in zip(block, opened, strict=True):
            words[here.n] = {word for text in texts(one.content) for word in words_of(text.text)}
            done += 1
            progress(min(done, total), total)
        with index.writing() as connection:
            held.take(connection, block, words)


def _blocks(index: Index) -> Iterator[list[held.Here]]:
    while True:
        with index.reading() as connection:
            block = held.waiting(connection, BLOCK)
        if not block:
            return
        yield block


def _named(index: Index, listing: Listing, parts: list[Part], progress: Progress) -> tuple[int, list[str]]:
    """How many calls of a list may hold the words, and the ids of the first."""
    if not any(part.needles for part in parts):
        return listing.count, [call.id for call in listing.page(0, MOST)]
    numbers, after = list[int](), 0
    while True:
        with index.reading() as connection:
            found = held.holders(connection, parts, after)
        if found is None:
            break
        numbers += found[0].tolist()
        after = found[1]
        progress(min(after, listing.high), listing.high)
    selection = listing.among(numbers)
    return len(selection.numbers), selection.ids(MOST)


def _holds(text: str, parts: tuple[str, ...]) -> bool:
    folded = text.casefold()
    return all(part in folded for part in parts)


def _nobody(done: int, total: int) -> None:
    """Nobody is told."""
