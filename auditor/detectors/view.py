# SPDX-License-Identifier: Apache-2.0
"""A text under scan: the characters, their UTF-8 bytes, and where context words stand.

Engines work on bytes, everything else on characters; `characters` is the one place where one becomes the other.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping

_CONTINUATION = range(0x80, 0xC0)


class View:
    """One text and what is known about it while it is scanned. All offsets are in characters."""

    def __init__(self, text: str, data: bytes | None = None) -> None:
        self.text = text
        self.data = encode(text) if data is None else data
        self._words: Mapping[str, tuple[list[int], list[int]]] = {}

    def set_words(self, words: Mapping[str, list[tuple[int, int]]]) -> None:
        """Keep where context words of each kind stand, as (start, end)."""
        self._words = {
            kind: (sorted(start for start, _ in spans), sorted(end for _, end in spans))
            for kind, spans in words.items()
        }

    def has(self, kind: str) -> bool:
        """Whether a context word of this kind stands anywhere."""
        return kind in self._words

    def near(self, kind: str, start: int, end: int, before: int = 60, after: int = 0) -> bool:
        """Whether a context word of this kind ends at most `before` characters ahead of, or starts behind, a place."""
        starts, ends = self._words.get(kind, ((), ()))
        place = bisect_right(ends, start)
        if place and ends[place - 1] >= start - before:
            return True
        place = bisect_left(starts, end)
        return after > 0 and place < len(starts) and starts[place] <= end + after

    def word_before(self, kind: str, start: int, before: int) -> tuple[int, int] | None:
        """End of the last context word ahead of a place, and its distance from there."""
        _, ends = self._words.get(kind, ((), ()))
        place = bisect_right(ends, start)
        if place and ends[place - 1] >= start - before:
            return ends[place - 1], start - ends[place - 1]
        return None

    def before(self, start: int, count: int) -> str:
        """Up to `count` characters ahead of a place."""
        return self.text[max(0, start - count) : start]

    def after(self, end: int, count: int) -> str:
        """Up to `count` characters behind a place."""
        return self.text[end : end + count]

    def stands_alone(self, start: int, end: int) -> bool:
        """Whether neither neighbour is a letter, a digit or an underscore."""
        return not (_joins(self.text[start - 1 : start]) or _joins(self.text[end : end + 1]))

    def line_start(self, start: int, limit: int = 400) -> int:
        """Where the line of a place begins, looking back at most `limit` characters."""
        return max(self.text.rfind("\n", max(0, start - limit), start) + 1, start - limit, 0)

    def characters(self, offsets: Iterable[int]) -> dict[int, int]:
        """Byte offsets as character offsets, each counted once in one ordered pass."""
        if len(self.data) == len(self.text):
            return {offset: offset for offset in offsets}
        known: dict[int, int] = {}
        byte = character = 0
        for offset in sorted(set(offsets)):
            whole = _character_start(self.data, offset)
            character += len(self.data[byte:whole].decode("utf-8"))
            byte = whole
            known[offset] = character
        return known


def encode(text: str) -> bytes:
    """UTF-8 of a text; a lone surrogate becomes one question mark, so that characters keep their count."""
    return text.encode("utf-8", "replace")


def _character_start(data: bytes, offset: int) -> int:
    while offset < len(data) and data[offset] in _CONTINUATION:
        offset -= 1
    return offset


def _joins(neighbour: str) -> bool:
    return neighbour.isalnum() or neighbour == "_"
