# SPDX-License-Identifier: Apache-2.0
"""Keyed fingerprints of texts: 64-bit hashes of word runs, from which no text can be read back without the key.

Words are hashed once each (BLAKE2b under the key), a run of `RUN` words by a polynomial over its word hashes, so that
sliding on by a word costs two multiplications. `winnow` thins them: of any `WINDOW` neighbours one is kept, so two
texts that share `RUN + WINDOW - 1` words always share a fingerprint (Schleimer, Wilkerson, Aiken: "Winnowing: local
algorithms for document fingerprinting", SIGMOD 2003).
"""

import hashlib
import re
from collections.abc import Sequence
from typing import Final

RUN: Final = 8
"""Words of a shingle."""

WINDOW: Final = 4
"""Neighbouring shingles of which winnowing keeps one."""

_MASK: Final = (1 << 64) - 1
_BASE: Final = 0x9E3779B97F4A7C15
_CACHED: Final = 200_000
_WORD: Final = re.compile(r"[぀-ヿ㐀-鿿가-힯]|[^\W_]+")
"""A word; scripts without spaces count by the character."""


def words(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation and layout."""
    return _WORD.findall(text.lower())


def placed_words(text: str) -> list[tuple[str, int, int]]:
    """The words of a text as `words` gives them, each with where it begins and ends, in characters."""
    return [(found[0].lower(), found.start(), found.end()) for found in _WORD.finditer(text)]


class Fingerprinter:
    """Makes fingerprints under one key. Equal keys give equal fingerprints, also in other processes."""

    def __init__(self, key: bytes) -> None:
        self._key = key[:64]
        self._known: dict[str, int] = {}

    def shingles(self, text: str, run: int = RUN) -> list[int]:
        """The hash of every run of `run` words, in order; none where the text is shorter."""
        hashes = [self.word(one) for one in words(text)]
        if len(hashes) < run:
            return []
        top = pow(_BASE, run - 1, 1 << 64)
        value = 0
        for one in hashes[:run]:
            value = (value * _BASE + one) & _MASK
        found = [value]
        for gone, come in zip(hashes, hashes[run:], strict=False):
            value = ((value - gone * top) * _BASE + come) & _MASK
            found.append(value)
        return found

    def whole(self, found: Sequence[str]) -> tuple[int]:
        """The hash of a text as a whole, from its words."""
        digest = hashlib.blake2b(" ".join(found).encode("utf-8", "surrogatepass"), key=self._key, digest_size=8)
        return (int.from_bytes(digest.digest()),)

    def word(self, word: str) -> int:
        """The hash of one word."""
        value = self._known.get(word)
        if value is None:
            if len(self._known) >= _CACHED:
                self._known.clear()
            digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), key=self._key, digest_size=8)
            value = self._known[word] = int.from_bytes(digest.digest())
        return value


def winnow(shingles: Sequence[int], window: int = WINDOW) -> list[tuple[int, int]]:
    """The fingerprints kept of a text as (place, hash): the smallest of every window, the rightmost of equal ones."""
    if not shingles:
        return []
    kept: list[tuple[int, int]] = []
    for start in range(max(1, len(shingles) - window + 1)):
        part = shingles[start : start + window]
        smallest = min(part)
        place = start + max(index for index, one in enumerate(part) if one == smallest)
        if not kept or kept[-1][0] != place:
            kept.append((place, smallest))
    return kept
