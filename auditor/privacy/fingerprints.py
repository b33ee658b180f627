# SPDX-License-Identifier: Apache-2.0
"""Keyed fingerprints of texts: 64-bit hashes of word runs, from which no text can be read back without the key.

A word is hashed by a polynomial over its characters, a run of `RUN` words by one over its words; bases and addends come
from the key. `winnow` thins them: of any `WINDOW` neighbours one is kept, so two texts that share `RUN + WINDOW - 1`
words always share a fingerprint (Schleimer, Wilkerson, Aiken: "Winnowing", SIGMOD 2003,
https://doi.org/10.1145/872757.872770). Short texts, and the short lines and quoted strings that an output lists, have
one of the whole each.

All is done on arrays, since the recorder does it for every call: sums over a stretch are differences of running sums,
which the inverse of the base makes independent of where the stretch begins (an odd number has one modulo 2**64).
"""

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from auditor.hashing import Hashes, Places, mixed, over_runs

FINGERPRINTS: Final = "fingerprints"
"""The use under which the key of a store's fingerprints is derived from its pseudonym key."""

RUN: Final = 8
"""Words of a shingle."""

WINDOW: Final = 16
"""Neighbouring shingles of which winnowing keeps one."""

WHOLE: Final = (5, 40)
"""Words of a text that is followed as a whole, at least and at most."""

_WORD: Final = re.compile(r"[぀-ヿ㐀-鿿가-힯]|[^\W_぀-ヿ㐀-鿿가-힯]+")
"""A word; scripts without spaces count by the character."""

_SINGLE: Final = ((0x3040, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7AF))
_LETTER, _ALONE = 1, 2
_PLANE: Final = 1 << 16
_BREAK, _QUOTE, _COLON = ord("\n"), ord('"'), ord(":")
_STOP, _BRACKET = ord("."), ord(")")
_BLOCK: Final = 1 << 16
"""Characters at least by which the tables of powers grow."""


def words(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation and layout."""
    return _WORD.findall(text.lower())


def placed_words(text: str) -> list[tuple[str, int, int]]:
    """The words of a text as `words` gives them, each with where it begins and ends, in characters."""
    return [(found[0].lower(), found.start(), found.end()) for found in _WORD.finditer(text)]


class _Read(NamedTuple):
    """The words of a text: their hashes, and its characters with the words' first and last places in them."""

    hashes: Hashes
    codes: npt.NDArray[np.uint32]
    first: Places
    last: Places


class _Powers:
    """The powers of an odd base and of its inverse, as far as they were needed."""

    def __init__(self, base: int) -> None:
        self._bases = base | 1, pow(base | 1, -1, 1 << 64)
        self._known = np.ones((2, 1), dtype=np.uint64)

    def first(self, count: int) -> tuple[Hashes, Hashes]:
        """The first `count` powers of the base, and of its inverse."""
        while self._known.shape[1] < count:
            size = self._known.shape[1]
            steps = np.array([[pow(base, size, 1 << 64)] for base in self._bases], dtype=np.uint64)
            self._known = np.concatenate([self._known, self._known * steps], axis=1)
        return self._known[0, :count], self._known[1, :count]


class Fingerprinter:
    """Makes fingerprints under one key. Equal keys give equal fingerprints, also in other processes."""

    def __init__(self, key: bytes) -> None:
        seed = hashlib.blake2b(key[:64], digest_size=40, person=b"fingerprints").digest()
        letters, over_words, runs, first, self._last = (
            int.from_bytes(seed[place : place + 8]) for place in range(0, 40, 8)
        )
        self._letters, self._words, self._runs = _Powers(letters), _Powers(over_words), runs | 1
        self._letters.first(_BLOCK)
        self._first = first
        self._characters = mixed(np.arange(_PLANE, dtype=np.uint64) + np.uint64(first))

    def words(self, text: str) -> Hashes:
        """The hash of every word, in order."""
        return self._read(text).hashes

    def runs(self, text: str) -> Hashes:
        """The hash of every run of `RUN` words, in order; none where the text is shorter."""
        return self._over_runs(self.words(text))

    def whole(self, text: str) -> int:
        """The hash of a text as a whole, from its words."""
        found = self.words(text)
        return int(self._stretches(found, np.array([0]), np.array([len(found)]))[0])

    def wholes(self, text: str) -> Hashes:
        """The hashes of a text, its lines and its quoted strings, as far as they are short."""
        return self._short(self._read(text))[1]

    def kept(self, text: str) -> Hashes:
        """The fingerprints that stand for a text: of its runs those winnowing keeps, and of its short pieces."""
        read = self._read(text)
        return np.sort(np.concatenate((winnow(self._over_runs(read.hashes)), self._short(read)[1])))

    def kept_of_each(self, texts: Sequence[str]) -> list[Hashes]:
        """The fingerprints that stand for each of one or more texts, in hardly more time than for one as long as all.

        As `kept`, but for that of the text as a whole where it has several lines.
        """
        lower = [text.lower() for text in texts]
        read = self._read("\n".join(lower))
        edges = np.searchsorted(read.first, np.cumsum([len(text) + 1 for text in lower]))
        places, marks = _winnowed(self._over_runs(read.hashes), np.diff(edges, prepend=0))
        starts, short = self._short(read, entire=False)
        owners = np.searchsorted(edges, np.concatenate((places, starts)), side="right")
        found = np.concatenate((marks, short))
        order = np.lexsort((found, owners))
        return np.split(found[order], np.searchsorted(owners[order], np.arange(1, len(texts))))

    def _read(self, text: str) -> _Read:
        codes = np.frombuffer(text.lower().encode("utf-32-le", "surrogatepass"), dtype="<u4")
        kinds = np.zeros(len(codes) + 2, dtype=np.uint8)
        kinds[1:-1], values = self._looked_up(codes)
        inside, alone = kinds == _LETTER, kinds[1:-1] == _ALONE
        first = np.flatnonzero(inside[1:-1] & ~inside[:-2] | alone)
        last = np.flatnonzero(inside[1:-1] & ~inside[2:] | alone)
        hashes = _sums(values, first, last + 1, self._letters)
        return _Read(mixed(hashes ^ np.uint64(self._last)), codes, first, last)

    def _looked_up(self, codes: npt.NDArray[np.uint32]) -> tuple[npt.NDArray[np.uint8], Hashes]:
        """The kinds of characters and their values: from tables, or one by one beyond the first plane."""
        near = codes & (_PLANE - 1)
        kinds, values = _kinds()[near], self._characters[near]
        far = np.flatnonzero(codes >= _PLANE)
        if len(far):
            kinds[far] = [_kind(chr(code)) for code in codes[far]]
            values[far] = mixed(codes[far] + np.uint64(self._first))
        return kinds, values

    def _over_runs(self, hashes: Hashes) -> Hashes:
        return over_runs(hashes, RUN, self._runs)

    def _short(self, read: _Read, *, entire: bool = True) -> tuple[Places, Hashes]:
        """Of the text as a whole, and of each line or string: as it is, without its number, without its name; first
        which word each begins with."""
        ends = np.flatnonzero((read.codes == _BREAK) | (read.codes == _QUOTE))
        edges = np.concatenate(([0], np.searchsorted(read.first, ends), [len(read.first)]))
        begin, end = edges[:-1], edges[1:]
        full = end - begin >= WHOLE[0]
        begin, end = begin[full], end[full]
        after, then = read.codes[read.last[begin] + 1], read.codes[read.last[begin + 1] + 1]
        one, two = (after == _STOP) | (after == _BRACKET) | (after == _COLON), then == _COLON
        starts = np.concatenate((begin, begin[one] + 1, begin[two] + 2, edges[:entire]))
        stops = np.concatenate((end, end[one], end[two], edges[len(edges) - entire :]))
        fits = (stops - starts >= WHOLE[0]) & (stops - starts <= WHOLE[1])
        return starts[fits], self._stretches(read.hashes, starts[fits], stops[fits])

    def _stretches(self, hashes: Hashes, starts: Places, stops: Places) -> Hashes:
        return mixed(_sums(hashes, starts, stops, self._words))


def winnow(shingles: Hashes) -> Hashes:
    """The shingles that are kept: the smallest of every `WINDOW` neighbours."""
    return _winnowed(shingles, np.array([len(shingles) + RUN - 1]))[1]


def _winnowed(shingles: Hashes, words: Places) -> tuple[Places, Hashes]:
    """What `winnow` keeps of each of the texts that lie one behind the other, `words` of them each, and where.

    A shingle is at the place of its first word; those that reach into the next text count for nothing.
    """
    count = np.maximum(words - (RUN - 1), 0)
    window = np.minimum(1 << (np.frexp(np.maximum(count, 1))[1] - 1), WINDOW)
    windows = np.repeat(window, words)[: len(shingles)]
    room = np.repeat(np.cumsum(words) - words + count, words)[: len(shingles)] - np.arange(len(shingles))
    smallest = shingles.copy()
    for span in (1, 2, 4, 8):
        np.minimum(smallest[:-span], smallest[span:], out=smallest[:-span], where=windows[:-span] > span)
    whole = room >= windows
    new = np.ones(len(shingles), dtype=np.bool_)
    new[1:] = (smallest[1:] != smallest[:-1]) | ~whole[:-1]
    places = np.flatnonzero(whole & new)
    return places, smallest[places]


def _sums(values: Hashes, starts: Places, stops: Places, powers: _Powers) -> Hashes:
    """The polynomials over stretches of values, each from its own beginning."""
    up, down = powers.first(len(values) + 1)
    running = np.zeros(len(values) + 1, dtype=np.uint64)
    np.cumsum(values * up[1:], out=running[1:])
    found: Hashes = (running[stops] - running[starts]) * down[starts]
    return found


@cache
def _kinds() -> npt.NDArray[np.uint8]:
    """What each character of the first plane is."""
    characters = map(chr, range(_PLANE))
    kinds = np.fromiter((_LETTER * one.isalnum() for one in characters), dtype=np.uint8, count=_PLANE)
    for low, high in _SINGLE:
        kinds[low : high + 1] = _ALONE
    return kinds


def _kind(character: str) -> int:
    """What a character beyond the first plane is: part of a word, as `_WORD` sees it, or not."""
    return _LETTER if character.isalnum() else 0
