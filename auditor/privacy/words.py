# SPDX-License-Identifier: Apache-2.0
"""Where the words of texts are, found on arrays of bytes.

Of a byte only its class is looked up, by one translation of all; what is beyond ASCII is decoded by itself. A word is a
run of letters and digits in lower case; scripts without spaces count by the character.
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
_LETTER, _ALONE, _EDGE = 1, 2, 4
_EDGES: Final = b'\n"'
_PADDING: Final = bytes(64)
"""Behind the text, so that reading on from any word's end stays inside."""

type Bytes = npt.NDArray[np.uint8]


def words(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation and layout."""
    return _WORD.findall(text.lower())


def placed_words(text: str) -> list[tuple[str, int, int]]:
    """The words of a text as `words` gives them, each with where it begins and ends, in characters."""
    return [(found[0].lower(), found.start(), found.end()) for found in _WORD.finditer(text)]


class Words(NamedTuple):
    """The words of some texts that lie one behind the other as UTF-8 in lower case: `raw`, the words' first bytes and
    those behind them, where a line or a quoted string begins or ends, and where each text does.

    Each text has a line's end before it and behind it."""

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
        """The eight bytes from each of some places in the texts on, as numbers, the first byte the lowest."""
        every = np.ndarray((len(self.raw) - 7,), dtype="<u8", buffer=self.raw, strides=(1,))
        return every[places]


def found_words(texts: Sequence[str]) -> Words:
    """The words of some texts, as `words` finds them in each."""
    parts = [text.lower().encode("utf-8", "surrogatepass") for text in texts]
    raw = b"\n".join((b"", *parts, _PADDING))
    ends = np.cumsum([len(part) + 1 for part in parts]) + 1
    kinds, alone = _classified(raw)
    letters = kinds == _LETTER
    turns = np.flatnonzero(letters[1:] != letters[:-1])
    turns += 1
    first, stop = turns[::2].copy(), turns[1::2].copy()
    if len(alone):
        first, stop = np.sort(np.concatenate((first, alone))), np.sort(np.concatenate((stop, alone + 3)))
    return Words(raw, first, stop, np.flatnonzero(kinds == _EDGE), ends)


def _classified(raw: bytes) -> tuple[Bytes, Places]:
    """The class of every byte, and where the characters begin that are words by themselves: three bytes each."""
    kinds: Bytes = np.frombuffer(raw.translate(_ascii_kinds()), dtype=np.uint8)
    if raw.isascii():
        return kinds, np.empty(0, dtype=np.int64)
    kinds = kinds.copy()
    data = np.frombuffer(raw, dtype=np.uint8)
    lead = np.flatnonzero(data >= 0xC0)
    sizes = 2 + (data[lead] >= 0xE0) + (data[lead] >= 0xF0)
    of_lead = _kinds_of(_decoded(data, lead, sizes))
    for place in range(4):
        within = sizes > place
        kinds[lead[within] + place] = of_lead[within]
    return kinds, lead[of_lead == _ALONE]


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


@cache
def _ascii_kinds() -> bytes:
    """What each byte is that is a character of its own; nothing for the others."""
    kinds = [_LETTER * (code < 0x80 and chr(code).isalnum()) for code in range(256)]
    for code in _EDGES:
        kinds[code] = _EDGE
    return bytes(kinds)
