# SPDX-License-Identifier: Apache-2.0
"""Where the words of texts are, found on arrays of bytes.

Of a byte only its class is told, by comparisons of all; what is beyond ASCII is decoded by itself. A word is a run of
letters and digits in lower case; scripts without spaces count by the character.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from auditor.hashing import Hashes, Places

_WORD: Final = re.compile(r"[぀-ヿ㐀-鿿가-힯]|[^\W_぀-ヿ㐀-鿿가-힯]+")
_SINGLE: Final = ((0x3040, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7AF))
_PLANE: Final = 1 << 16
_LETTER, _ALONE = 1, 2
_PADDING: Final = bytes(64)
"""Behind the text, so that reading on from any word's end stays inside."""

_ASCII: Final = bytes(range(0x80))
_LOWER: Final = np.uint8(0x20)
"""The bit that tells a small letter of ASCII from its capital, and is set in a digit."""
_A, _NOUGHT, _LINE, _QUOTE = np.frombuffer(b'a0\n"', dtype=np.uint8)
_ALL_LOWER: Final = np.uint64(0x2020202020202020)
_ALL_HIGH: Final = np.uint64(0x8080808080808080)

type Bytes = npt.NDArray[np.uint8]
type Truths = npt.NDArray[np.bool_]


def words(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation and layout."""
    return _WORD.findall(text.lower())


def placed_words(text: str) -> list[tuple[str, int, int]]:
    """The words of a text as `words` gives them, each with where it begins and ends, in characters."""
    return [(found[0].lower(), found.start(), found.end()) for found in _WORD.finditer(text)]


class Words(NamedTuple):
    """The words of some texts that lie one behind the other as UTF-8: `raw`, the words' first bytes and those behind
    them, where a line or a quoted string begins or ends, and where each text does.

    Each text has a line's end before it and behind it. Letters beyond ASCII are in lower case."""

    raw: bytes
    first: Places
    stop: Places
    edges: Places
    ends: Places

    @property
    def data(self) -> Bytes:
        """The bytes."""
        return np.frombuffer(self.raw, dtype=np.uint8)

    def eights(self, places: Places) -> Hashes:
        """The eight bytes from each of some places in words on, as numbers, the first byte the lowest; what of them is
        the word's is in lower case."""
        every = np.ndarray((len(self.raw) - 7,), dtype="<u8", buffer=self.raw, strides=(1,))
        found: Hashes = every[places]
        found |= _ALL_LOWER if self.raw.isascii() else (~found & _ALL_HIGH) >> np.uint64(2)
        return found


def found_words(texts: Sequence[str]) -> Words:
    """The words of some texts, as `words` finds them in each."""
    parts = [_encoded(text) for text in texts]
    raw = b"\n".join((b"", *parts, _PADDING))
    ends = np.cumsum([len(part) + 1 for part in parts]) + 1
    data = np.frombuffer(raw, dtype=np.uint8)
    letters, alone = _letters(data), np.empty(0, dtype=np.int64)
    if not raw.isascii():
        alone = _add_letters(data, letters)
    turns = np.flatnonzero(letters[1:] != letters[:-1])
    first, stop = turns[::2] + 1, turns[1::2] + 1
    if len(alone):
        first, stop = np.sort(np.concatenate((first, alone))), np.sort(np.concatenate((stop, alone + 3)))
    return Words(raw, first, stop, np.flatnonzero((data == _LINE) | (data == _QUOTE)), ends)


def _encoded(text: str) -> bytes:
    """A text as UTF-8, of which letters beyond ASCII are in lower case.

    Most texts have a few characters beyond ASCII and none of them large, so these are looked at first: to bring a whole
    text that has such to lower case takes six times as long.
    """
    raw = text.encode("utf-8", "surrogatepass")
    if text.isascii():
        return raw
    beyond = raw.translate(None, _ASCII).decode("utf-8", "surrogatepass")
    return raw if beyond.lower() == beyond else text.lower().encode("utf-8", "surrogatepass")


def _letters(data: Bytes) -> Truths:
    """Which bytes are letters or digits of ASCII."""
    letters = ((data | _LOWER) - _A) < np.uint8(26)
    letters |= (data - _NOUGHT) < np.uint8(10)
    return letters


def _add_letters(data: Bytes, letters: Truths) -> Places:
    """Notes which bytes are of letters beyond ASCII; where the characters begin that are words by themselves: three
    bytes each."""
    lead = np.flatnonzero(data >= np.uint8(0xC0))
    sizes = 2 + (data[lead] >= np.uint8(0xE0)) + (data[lead] >= np.uint8(0xF0))
    kinds = _kinds_of(_decoded(data, lead, sizes))
    for place in range(4):
        within = sizes > place
        letters[lead[within] + place] = kinds[within] == _LETTER
    alone: Places = lead[kinds == _ALONE]
    return alone


def _decoded(data: Bytes, lead: Places, sizes: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
    """The code points of characters of several bytes, from where they begin."""
    codes = data[lead].astype(np.uint32) & (np.uint32(0x7F) >> sizes.astype(np.uint32))
    for place in range(1, 4):
        within = sizes > place
        codes[within] = codes[within] << np.uint32(6) | data[lead[within] + place] & np.uint32(0x3F)
    return codes


def _kinds_of(codes: npt.NDArray[np.uint32]) -> Bytes:
    """The classes of characters: from a table, or one by one beyond the first plane."""
    kinds: Bytes = _kinds()[codes & np.uint32(_PLANE - 1)]
    far = np.flatnonzero(codes >= _PLANE)
    if len(far):
        kinds[far] = [chr(code).isalnum() * _LETTER for code in codes[far]]
    return kinds


@cache
def _kinds() -> Bytes:
    """What each character of the first plane is."""
    characters = map(chr, range(_PLANE))
    kinds = np.fromiter((_LETTER * one.isalnum() for one in characters), dtype=np.uint8, count=_PLANE)
    for low, high in _SINGLE:
        kinds[low : high + 1] = _ALONE
    return kinds
