# SPDX-License-Identifier: Apache-2.0
"""Keyed fingerprints of texts: 64-bit hashes of word runs, from which no text can be read back without the key.

Words are hashed once each (BLAKE2b under the key), a run of `RUN` words by a polynomial over its word hashes. `winnow`
thins them: of any `WINDOW` neighbours one is kept, so two texts that share `RUN + WINDOW - 1` words always share a
fingerprint (Schleimer, Wilkerson, Aiken: "Winnowing: local algorithms for document fingerprinting", SIGMOD 2003).
Short texts, and the short lines and strings that an output lists, have one fingerprint each, of the whole.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

RUN: Final = 8
"""Words of a shingle."""

WINDOW: Final = 12
"""Neighbouring shingles of which winnowing keeps one."""

WHOLE: Final = (5, 40)
"""Words of a text that is followed as a whole, at least and at most."""

_BASE: Final = 0x9E3779B97F4A7C15
_MASK: Final = (1 << 64) - 1
_CACHED: Final = 200_000
_WORD: Final = re.compile(r"[぀-ヿ㐀-鿿가-힯]|[^\W_]+")
"""A word; scripts without spaces count by the character."""

_PIECE: Final = re.compile(r"^\W*(?:\d+[.):]\s*)?", re.M)
_NAMED: Final = re.compile(r"^\w+ ?\w*:\s+")

type Hashes = npt.NDArray[np.uint64]


def words(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation and layout."""
    return _WORD.findall(text.lower())


def placed_words(text: str) -> list[tuple[str, int, int]]:
    """The words of a text as `words` gives them, each with where it begins and ends, in characters."""
    return [(found[0].lower(), found.start(), found.end()) for found in _WORD.finditer(text)]


class _Words(dict[str, int]):
    """The hashes of words, made when first asked for."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __missing__(self, word: str) -> int:
        if len(self) >= _CACHED:
            self.clear()
        digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), key=self._key, digest_size=8)
        value = self[word] = int.from_bytes(digest.digest())
        return value


class Fingerprinter:
    """Makes fingerprints under one key. Equal keys give equal fingerprints, also in other processes."""

    def __init__(self, key: bytes) -> None:
        self._key = key[:64]
        self._known = _Words(self._key)

    def shingles(self, text: str) -> list[int]:
        """The hash of every run of `RUN` words, in order; none where the text is shorter."""
        found: list[int] = self.runs(words(text)).tolist()
        return found

    def runs(self, found: Sequence[str]) -> Hashes:
        """The hash of every run of `RUN` words, in order, by doubling the length of the runs."""
        hashes = np.fromiter(map(self._known.__getitem__, found), dtype=np.uint64, count=len(found))
        if len(hashes) < RUN:
            return hashes[:0]
        span, power = 1, _BASE
        while span < RUN:
            hashes = hashes[:-span] * np.uint64(power) + hashes[span:]
            span, power = 2 * span, power * power & _MASK
        return hashes

    def whole(self, found: Sequence[str]) -> int:
        """The hash of a text as a whole, from its words."""
        digest = hashlib.blake2b(" ".join(found).encode("utf-8", "surrogatepass"), key=self._key, digest_size=8)
        return int.from_bytes(digest.digest())

    def wholes(self, text: str) -> Iterator[int]:
        """The hashes of a text, its lines and its JSON strings, as far as they are short."""
        for piece in dict.fromkeys((text, *pieces(text))):
            if len(piece) <= WHOLE[1] * 16 and WHOLE[0] <= len(found := words(piece)) <= WHOLE[1]:
                yield self.whole(found)

    def word(self, word: str) -> int:
        """The hash of one word."""
        return self._known[word]

    def kept(self, text: str) -> Hashes:
        """The fingerprints that stand for a text: of its runs those winnowing keeps, and of its short pieces."""
        runs = self.runs(words(text))
        return np.unique(np.concatenate([runs[winnow(runs)], np.fromiter(self.wholes(text), dtype=np.uint64)]))


def winnow(shingles: Hashes, window: int = WINDOW) -> npt.NDArray[np.int64]:
    """The places of the shingles that are kept: the smallest of every window, the rightmost of equal ones."""
    if not len(shingles):
        return np.zeros(0, dtype=np.int64)
    window = min(window, len(shingles))
    views = np.lib.stride_tricks.sliding_window_view(shingles, window)[:, ::-1]
    return np.unique(np.arange(len(views)) + (window - 1) - views.argmin(axis=1))


def pieces(text: str) -> Iterator[str]:
    """What an output lists: its lines without their numbers and names, and the strings of its JSON."""
    for line in text.splitlines():
        bare = _PIECE.sub("", line, count=1)
        yield bare
        if named := _NAMED.match(bare):
            yield bare[named.end() :]
    start = re.search(r"[\[{]", text) if text.lstrip()[:1] in ("[", "{", "`") else None
    if start:
        yield from _strings(_decoded(text[start.start() :].rstrip("` \n")))


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)
