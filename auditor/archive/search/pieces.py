# SPDX-License-Identifier: Apache-2.0
"""A piece of the index of contents: the words of a stretch of calls in order, and for each the calls that hold it.

Words lie one a line, so that a search within words is one look through bytes. The calls of a word are kept by the gaps
between them, a byte each; a gap of 255 and more stands in a list of its own. All is compressed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import zstandard

from auditor.archive.search.words import Part

type Numbers = npt.NDArray[np.int64]
"""Numbers of calls, or places."""

_WIDE: Final = 255
"""A gap of so much or more is written in four bytes elsewhere, and so marked in its one byte."""
_LEVEL: Final = 3
"""Of zstd."""
_WORDS_LEVEL: Final = 1
"""Every search unpacks all words, which takes two thirds of the time so, for a fourteenth more of their bytes."""


class Piece(NamedTuple):
    """Words in order; pairs of a word (by its place) and a call that holds it, ordered by both."""

    words: list[bytes]
    held: Numbers
    calls: Numbers

    def without(self, calls: Iterable[int]) -> "Piece":
        """The piece without these calls, and without the words that only they held."""
        left = ~np.isin(self.calls, list(calls))
        return _used(self.words, self.held[left], self.calls[left])


class Packed(NamedTuple):
    """A piece as it is stored: calls from `first` to `last`, `size` pairs."""

    first: int
    last: int
    size: int
    words: bytes
    counts: bytes
    gaps: bytes
    wide: bytes


def gathered(words: Mapping[int, Iterable[bytes]]) -> Piece:
    """A piece of the words of some calls by their numbers."""
    holding = defaultdict[bytes, list[int]](list)
    for call in sorted(words):
        for word in words[call]:
            holding[word].append(call)
    ordered = sorted(holding)
    counts = [len(holding[word]) for word in ordered]
    calls = np.fromiter((call for word in ordered for call in holding[word]), dtype=np.int64, count=sum(counts))
    return Piece(ordered, np.repeat(np.arange(len(ordered)), counts), calls)


def merged(one: Piece, other: Piece) -> Piece:
    """Two pieces as one."""
    words = sorted({*one.words, *other.words})
    place = {word: at for at, word in enumerate(words)}
    moved = [np.fromiter((place[word] for word in piece.words), dtype=np.int64) for piece in (one, other)]
    held = np.concatenate([to[piece.held] for to, piece in zip(moved, (one, other), strict=True)])
    calls = np.concatenate([one.calls, other.calls])
    order = np.lexsort((calls, held))
    return Piece(words, held[order], calls[order])


def packed(piece: Piece) -> Packed:
    """A piece that holds something, as it is stored."""
    first, last = int(piece.calls.min()), int(piece.calls.max())
    gaps = np.diff(piece.calls, prepend=first)
    begins = np.flatnonzero(np.diff(piece.held, prepend=-1))
    gaps[begins] = piece.calls[begins] - first
    counts = np.bincount(piece.held, minlength=len(piece.words)).astype("<u4")
    narrow, wide = np.minimum(gaps, _WIDE).astype(np.uint8), gaps[gaps >= _WIDE].astype("<u4")
    lines = b"\n" + b"\n".join(piece.words) + b"\n"
    rest = (counts.tobytes(), narrow.tobytes(), wide.tobytes())
    return Packed(first, last, len(piece.calls), _compress(lines, _WORDS_LEVEL), *map(_compress, rest))


class Stored:
    """A stored piece, read and unpacked as far as is asked for: `rest` gives all of it where words are not enough."""

    def __init__(self, words: bytes, rest: Callable[[], Packed]) -> None:
        self._words = words
        self._rest = rest

    @classmethod
    def of(cls, packed: Packed) -> "Stored":
        """A piece that was read whole."""
        return cls(packed.words, lambda: packed)

    def piece(self) -> Piece:
        """All of it."""
        words = self._lines[1:-1].split(b"\n")
        return Piece(words, *self._pairs(np.arange(len(words))))

    def holders(self, parts: Iterable[Part]) -> Numbers:
        """The calls whose words hold all that the parts ask for, in order; at least one part has to ask for a word."""
        needles = sorted({needle for part in parts for needle in part.needles}, key=len, reverse=True)
        found = self._holders(needles[0])
        for needle in needles[1:]:
            if len(found):
                found = np.intersect1d(found, self._holders(needle), assume_unique=True)
        return found

    def _holders(self, needle: bytes) -> Numbers:
        words = self._holding(needle)
        if not len(words):
            return np.empty(0, dtype=np.int64)
        calls = self._pairs(words)[1]
        return calls if len(words) == 1 else np.unique(calls)

    def _holding(self, needle: bytes) -> Numbers:
        """Which words hold a needle, by their places. Looking goes on after the word where one was found, and where
        words end is only looked up where one was."""
        lines, begins_word = self._lines, needle.startswith(b"\n")
        at, found = lines.find(needle), list[int]()
        while at >= 0:
            found.append(at + begins_word)
            at = lines.find(needle, lines.index(b"\n", at + begins_word))
        return np.searchsorted(self._ends, found) - 1 if found else np.empty(0, dtype=np.int64)

    def _pairs(self, words: Numbers) -> tuple[Numbers, Numbers]:
        """The pairs of some words (by their places, in order) and calls."""
        counts = self._counts[words].astype(np.int64)
        begins = np.cumsum(counts) - counts
        held = np.repeat(words, counts)
        among = np.repeat(self._begins[words] - begins, counts)
        among += np.arange(len(among))
        gaps = self._gaps[among].astype(np.int64)
        wide = gaps == _WIDE
        if wide.any():
            gaps[wide] = self._wide[np.searchsorted(self._wide_at, among[wide])]
        sums = np.cumsum(gaps)
        return held, sums - np.repeat(sums[begins] - gaps[begins], counts) + self._packed.first

    @cached_property
    def _packed(self) -> Packed:
        return self._rest()

    @cached_property
    def _lines(self) -> bytes:
        return _decompress(self._words)

    @cached_property
    def _ends(self) -> Numbers:
        return np.flatnonzero(np.frombuffer(self._lines, dtype=np.uint8) == ord("\n"))

    @cached_property
    def _counts(self) -> npt.NDArray[np.uint32]:
        return np.frombuffer(_decompress(self._packed.counts), dtype="<u4")

    @cached_property
    def _begins(self) -> Numbers:
        """Where the gaps of each word begin."""
        counts = self._counts.astype(np.int64)
        return np.cumsum(counts) - counts

    @cached_property
    def _gaps(self) -> npt.NDArray[np.uint8]:
        return np.frombuffer(_decompress(self._packed.gaps), dtype=np.uint8)

    @cached_property
    def _wide_at(self) -> Numbers:
        return np.flatnonzero(self._gaps == _WIDE)

    @cached_property
    def _wide(self) -> npt.NDArray[np.uint32]:
        return np.frombuffer(_decompress(self._packed.wide), dtype="<u4")


def _used(words: list[bytes], held: Numbers, calls: Numbers) -> Piece:
    places, held = np.unique(held, return_inverse=True)
    return Piece([words[at] for at in places], held, calls)


def _compress(data: Any, level: int = _LEVEL) -> bytes:
    return zstandard.ZstdCompressor(level=level).compress(data)


def _decompress(data: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompress(data)
