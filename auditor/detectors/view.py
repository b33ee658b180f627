# SPDX-License-Identifier: Apache-2.0
"""A text under scan: the characters, their UTF-8 bytes, and where context words stand.

Engines work on bytes, everything else on characters; `characters` is the one place where one becomes the other.
"""

import math
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

_CONTINUATION = range(0x80, 0xC0)
_ASCII = bytes(range(0x80))


_CHECK_EVERY = 32
"""Candidates between two looks at the clock."""
_UNCOUNTED_S = 0.02


class Budget:
    """CPU seconds one text may take. The thread's clock costs a system call and is read only when the wall clock,
    which is never behind it, says it may matter: so the first hundredths of a second are not counted.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.begin()

    def begin(self) -> None:
        """Count from now on."""
        self._began = time.perf_counter()
        self._counted_from: float | None = None

    @property
    def is_spent(self) -> bool:
        """Whether the CPU seconds are used up."""
        passed = time.perf_counter() - self._began
        if self._counted_from is None:
            if passed < min(_UNCOUNTED_S, self._seconds):
                return False
            self._counted_from = time.thread_time()
        return passed >= self._seconds and time.thread_time() - self._counted_from >= self._seconds - _UNCOUNTED_S


class View:
    """One text and what is known about it while it is scanned. All offsets are in characters."""

    def __init__(self, text: str, budget_s: float = math.inf) -> None:
        self.text = text
        self.data = encode(text)
        self.is_late = False
        self._budget = Budget(budget_s)
        self._words: Mapping[str, _Places] = {}

    def begin(self) -> None:
        """Have the budget begin now: other texts may have had their turn since this was made."""
        self._budget.begin()

    @cached_property
    def is_lower(self) -> bool:
        """Whether the text has letters, none of them a capital."""
        return self.text.islower()

    @cached_property
    def beyond_ascii(self) -> str:
        """The characters beyond ASCII, each once: says quickly which scripts a text does not have."""
        beyond = self.data.translate(None, _ASCII)
        return "".join(set(beyond.decode("utf-8"))) if beyond else ""

    def paced[Item](self, work: Iterable[Item]) -> Iterator[Item]:
        """The items of some work until the CPU budget is spent; `is_late` is set where it was."""
        for count, item in enumerate(work):
            if count % _CHECK_EVERY == 0 and (self.is_late or self._budget.is_spent):
                self.is_late = True
                return
            yield item

    def set_words(self, words: Mapping[str, Iterable[tuple[int, int]]]) -> None:
        """Keep where context words of each kind stand, as (start, end)."""
        self._words = {kind: _Places(sorted(spans)) for kind, spans in words.items()}

    def words(self, kind: str) -> list[tuple[int, int]]:
        """Where context words of a kind stand, in order."""
        return self._words[kind].spans if kind in self._words else []

    def word_ends(self, kind: str) -> frozenset[int]:
        """Where context words of a kind end."""
        return frozenset(end for _, end in self.words(kind))

    def words_from(self, kind: str, start: int) -> list[tuple[int, int]]:
        """The next context word of a kind at or behind a place, if there is one."""
        places = self._words.get(kind)
        return places.next(start) if places else []

    def near(self, kind: str, start: int, end: int, before: int = 60, after: int = 0) -> bool:
        """Whether a context word of this kind ends at most `before` characters ahead of, or starts behind, a place."""
        places = self._words.get(kind)
        return places is not None and places.near(start, end, before, after)

    def before(self, start: int, count: int) -> str:
        """Up to `count` characters ahead of a place."""
        return self.text[max(0, start - count) : start]

    def after(self, end: int, count: int) -> str:
        """Up to `count` characters behind a place."""
        return self.text[end : end + count]

    def stands_alone(self, start: int, end: int) -> bool:
        """Whether neither neighbour is a letter, a digit or an underscore."""
        return not (_joins(self.text[start - 1 : start]) or _joins(self.text[end : end + 1]))

    def is_whole(self, start: int, end: int, spare: int = 3) -> bool:
        """Whether the text is nothing but this place, give or take some punctuation."""
        return len(self.text.strip()) - (end - start) <= spare

    def line_end(self, start: int, limit: int = 400) -> int:
        """Where the line of a place ends, looking at most `limit` characters ahead."""
        stop = min(len(self.text), start + limit)
        found = self.text.find("\n", start, stop)
        return stop if found < 0 else found

    def line_start(self, start: int, limit: int = 400) -> int:
        """Where the line of a place begins, looking back at most `limit` characters."""
        return max(self.text.rfind("\n", max(0, start - limit), start) + 1, start - limit, 0)

    def in_characters(self, ends: Mapping[tuple[int, int], int]) -> Iterable[tuple[int, int, int]]:
        """Hits of an engine as (pattern number, start, end), in characters."""
        if len(self.data) == len(self.text):
            return ((number, start, end) for (number, start), end in ends.items())
        places = self.characters([start for _, start in ends] + list(ends.values()))
        return ((number, places[start], places[end]) for (number, start), end in ends.items())

    def characters(self, offsets: Iterable[int]) -> dict[int, int]:
        """Byte offsets as character offsets, each counted once in one ordered pass."""
        known: dict[int, int] = {}
        byte = character = 0
        for offset in sorted(set(offsets)):
            whole = _character_start(self.data, offset)
            character += len(self.data[byte:whole].decode("utf-8"))
            byte = whole
            known[offset] = character
        return known


class _Places:
    """Spans of context words of one kind, to be asked for neighbours."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self.spans = spans
        self._starts = [start for start, _ in spans]
        self._ends = sorted(end for _, end in spans)

    def next(self, start: int) -> list[tuple[int, int]]:
        place = bisect_left(self._starts, start)
        return self.spans[place : place + 1]

    def near(self, start: int, end: int, before: int, after: int) -> bool:
        place = bisect_right(self._ends, start)
        if place and self._ends[place - 1] >= start - before:
            return True
        place = bisect_left(self._starts, end)
        return after > 0 and place < len(self._starts) and self._starts[place] <= end + after


def encode(text: str) -> bytes:
    """UTF-8 of a text; a lone surrogate becomes one question mark, so that characters keep their count."""
    return text.encode("utf-8", "replace")


def _character_start(data: bytes, offset: int) -> int:
    while offset < len(data) and data[offset] in _CONTINUATION:
        offset -= 1
    return offset


def _joins(neighbour: str) -> bool:
    return neighbour.isalnum() or neighbour == "_"
