# SPDX-License-Identifier: Apache-2.0
"""Keyed fingerprints of texts: 64-bit values of word runs, from which no text can be read back without the key.

A word is hashed from its bytes, eight at a time, and a run of `RUN` words by a polynomial over its words, all under the
key. `winnow` thins them: of any `WINDOW` neighbours one is kept, so texts that share `RUN + WINDOW - 1` words always
share a fingerprint (Schleimer, Wilkerson, Aiken: "Winnowing", SIGMOD 2003, https://doi.org/10.1145/872757.872770).
Short texts, and the short lines and quoted strings that an output lists, have one of the whole each. What is kept goes
through AES under a key of its own, and half of the block is the fingerprint: with a pseudo-random function behind the
hash (Wegman, Carter: "New hash functions and their use in authentication and set equality", 1981,
https://doi.org/10.1016/0022-0000(81)90033-7) fingerprints tell nothing of the hash's key, even beside their texts.

All is done on arrays over many texts at once, since the recorder does it for every call, and nearly all per word, not
per character. Sums over a stretch of words are differences of running sums, which the inverse of the base makes
independent of where the stretch begins (an odd number has one modulo 2**64).
"""

import hashlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np

from auditor.hashing import Hashes, Keyed, Places, mixed, over_runs
from auditor.privacy.words import Words, found_words

FINGERPRINTS: Final = "fingerprints"
"""The use under which the key of a store's fingerprints is derived from its pseudonym key."""

FORM: Final = 1
"""Raised where texts get other fingerprints than before: those of an earlier form say nothing of a text any more."""

RUN: Final = 8
"""Words of a shingle."""

WINDOW: Final = 16
"""Neighbouring shingles of which winnowing keeps one; of a text with fewer, the next lower power of two."""

WHOLE: Final = (5, 40)
"""Words of a text that is followed as a whole, at least and at most."""

_STOP, _BRACKET, _COLON = b".):"
_NAMED: Final = 2
"""Words that may be a line's number or name, and are not counted then."""
_CHUNK: Final = 8
_LONGEST: Final = 4 * _CHUNK
"""Bytes of a word up to which it is hashed on arrays."""

_MASKS: Final = np.array([(1 << 8 * size) - 1 for size in range(_CHUNK + 1)], dtype=np.uint64)
"""The bytes of a chunk that belong to the word, by their number."""

_WINDOWS: Final = np.array([1 << count.bit_length() - 1 if count else 0 for count in range(WINDOW + 1)])
"""The window of a text, by the number of its shingles."""

_POWERS: Final = 1 << 14
"""Words at least by which the tables of powers grow."""


class _Read(NamedTuple):
    """The words of some texts, and their hashes."""

    words: Words
    hashes: Hashes


class Fingerprinter:
    """Makes fingerprints under one key. Equal keys give equal fingerprints, also in other processes."""

    def __init__(self, key: bytes) -> None:
        seed = hashlib.blake2b(key[:64], digest_size=64, person=b"fingerprints").digest()
        self._keyed, self._long_words = Keyed(seed[:16]), seed[16:32]
        self._start, self._step, runs, over_words = (
            int.from_bytes(seed[place : place + 8]) for place in range(32, 64, 8)
        )
        self._runs, self._powers = runs | 1, _Powers(over_words)

    def words(self, text: str) -> Hashes:
        """The hash of every word, in order."""
        return self._read((text,)).hashes

    def runs(self, text: str) -> Hashes:
        """The hash of every run of `RUN` words, in order; none where the text is shorter."""
        return self._over_runs(self.words(text))

    def whole(self, text: str) -> int:
        """The hash of a text as a whole, from its words."""
        return int(self._whole(self.words(text))[0])

    def wholes(self, text: str) -> Hashes:
        """The hashes of a text, its lines and its quoted strings, as far as they are short."""
        read = self._read((text,))
        lines = self._short(read)[1]
        return np.append(lines, self._whole(read.hashes)) if _fits(len(read.hashes)) else lines

    def kept(self, text: str) -> Hashes:
        """The fingerprints that stand for a text: of its runs those winnowing keeps, and of its short lines and
        strings."""
        return self.kept_of_each((text,))[0]

    def kept_of_each(self, texts: Sequence[str]) -> list[Hashes]:
        """What `kept` gives for each of one or more texts, in hardly more time than for one as long as all."""
        read = self._read(texts)
        limits = np.searchsorted(read.words.first, read.words.ends)
        owners, _, marks = _winnowed(self._over_runs(read.hashes), limits)
        starts, short = self._short(read)
        owners = np.concatenate((owners, np.searchsorted(limits, starts, side="right")))
        order = np.argsort(owners, kind="stable")
        found = self._keyed.of(np.concatenate((marks, short))[order])
        edges = np.searchsorted(owners[order], np.arange(len(texts) + 1)).tolist()
        return [found[begin:end] for begin, end in pairwise(edges)]

    def _read(self, texts: Sequence[str]) -> _Read:
        found = found_words(texts)
        return _Read(found, self._hashed(found))

    def _hashed(self, found: Words) -> Hashes:
        """The hash of every word: its chunks one after the other, each mixed into what came before."""
        left = found.stop - found.first
        hashes = self._mixed_in(np.uint64(self._start), found, found.first, left)
        longer, done = np.flatnonzero(left > _CHUNK), _CHUNK
        while len(longer) and done < _LONGEST:
            hashes[longer] = self._mixed_in(hashes[longer], found, found.first[longer] + done, left[longer] - done)
            done += _CHUNK
            longer = longer[left[longer] > done]
        for place in longer.tolist():
            word = found.raw[found.first[place] : found.stop[place]].lower()
            hashes[place] = int.from_bytes(hashlib.blake2b(word, digest_size=8, key=self._long_words).digest())
        return hashes

    def _mixed_in(self, before: Hashes | np.uint64, found: Words, places: Places, left: Places) -> Hashes:
        """The next chunks of words that go on at these places for so many bytes, behind those mixed before."""
        chunks = found.eights(places)
        chunks &= np.take(_MASKS, left, mode="clip")
        chunks ^= before
        chunks += np.uint64(self._step)
        return mixed(chunks)

    def _over_runs(self, hashes: Hashes) -> Hashes:
        return over_runs(hashes, RUN, self._runs)

    def _short(self, read: _Read) -> tuple[Places, Hashes]:
        """Of each short line or string: as it is, without its number, without its name; first which word each begins
        with."""
        found, data = read.words, read.words.data
        edges = np.searchsorted(found.first, found.edges)
        counts = np.diff(edges)
        full = np.flatnonzero((counts >= WHOLE[0]) & (counts <= WHOLE[1] + _NAMED))
        if not len(full):
            return edges[:0], read.hashes[:0]
        begin, end = edges[full], edges[full + 1]
        after, then = data[found.stop[begin]], data[found.stop[begin + 1]]
        one, two = (after == _STOP) | (after == _BRACKET) | (after == _COLON), then == _COLON
        starts = np.concatenate((begin, begin[one] + 1, begin[two] + 2))
        stops = np.concatenate((end, end[one], end[two]))
        fits = _fits(stops - starts)
        starts, stops = starts[fits], stops[fits]
        return starts, self._stretches(read.hashes, starts, stops)

    def _whole(self, hashes: Hashes) -> Hashes:
        return self._stretches(hashes, np.array([0]), np.array([len(hashes)]))

    def _stretches(self, hashes: Hashes, starts: Places, stops: Places) -> Hashes:
        """The polynomials over stretches of words, each from its own beginning."""
        up, down = self._powers.first(len(hashes) + 1)
        running = np.zeros(len(hashes) + 1, dtype=np.uint64)
        np.cumsum(hashes * up[1:], out=running[1:])
        return mixed((running[stops] - running[starts]) * down[starts])


class _Powers:
    """The powers of an odd base and of its inverse, as far as they were needed."""

    def __init__(self, base: int) -> None:
        self._bases = base | 1, pow(base | 1, -1, 1 << 64)
        self._known = np.ones((2, 1), dtype=np.uint64)
        self.first(_POWERS)

    def first(self, count: int) -> tuple[Hashes, Hashes]:
        """The first `count` powers of the base, and of its inverse."""
        while self._known.shape[1] < count:
            size = self._known.shape[1]
            steps = np.array([[pow(base, size, 1 << 64)] for base in self._bases], dtype=np.uint64)
            self._known = np.concatenate([self._known, self._known * steps], axis=1)
        return self._known[0, :count], self._known[1, :count]


def winnow(shingles: Hashes) -> Hashes:
    """The shingles of a text that are kept: the smallest of every `WINDOW` neighbours."""
    _, places, kept = _winnowed(shingles, np.array([len(shingles) + RUN - 1]))
    return kept[np.argsort(places)]


def _winnowed(shingles: Hashes, limits: Places) -> tuple[Places, Places, Hashes]:
    """What `winnow` keeps of each of the texts that lie one behind the other: whose it is, where the first of the
    windows begins that keep it, and the shingle.

    `limits` says behind which word each text ends. A shingle is at the place of its first word; those that reach into
    the next text count for nothing.
    """
    begins = np.concatenate(([0], limits[:-1]))
    counts = limits - begins - (RUN - 1)
    sizes = np.take(_WINDOWS, counts, mode="clip")
    occurring = {*sizes.tolist()} - {0}
    found = [(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), shingles[:0])]
    smallest, window = shingles, 1
    for size in sorted(occurring):
        while window < size:
            smallest, window = np.minimum(smallest[:-window], smallest[window:]), 2 * window
        of = np.flatnonzero(sizes == size)
        owners, places = _changes(smallest, begins[of], (begins + counts - size)[of])
        found.append((of[owners], places, smallest[places]))
    whose, where, kept = zip(*found, strict=True)
    return np.concatenate(whose), np.concatenate(where), np.concatenate(kept)


def _changes(smallest: Hashes, first: Places, last: Places) -> tuple[Places, Places]:
    """Where another shingle than before is the smallest of a window, in each of some stretches from its first window
    to its last; and in which of them."""
    changed = np.ones(len(smallest), dtype=np.bool_)
    np.not_equal(smallest[1:], smallest[:-1], out=changed[1:])
    changed[first] = True
    places = np.flatnonzero(changed)
    begin, end = np.searchsorted(places, first), np.searchsorted(places, last, side="right")
    owners = np.repeat(np.arange(len(first)), end - begin)
    skipped = begin - np.concatenate(([0], np.cumsum(end - begin)[:-1]))
    return owners, places[np.arange(len(owners)) + skipped[owners]]


def _fits(count: Any) -> Any:
    """Whether texts of so many words are followed as a whole."""
    return (WHOLE[0] <= count) & (count <= WHOLE[1])
