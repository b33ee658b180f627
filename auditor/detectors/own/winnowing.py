# SPDX-License-Identifier: Apache-2.0
"""Fingerprints of a text: keyed hashes of a few of its passages, chosen so that any longer excerpt shares some.

Winnowing (Schleimer, Wilkerson, Aiken, SIGMOD 2003, https://doi.org/10.1145/872757.872770): of every 32 neighbouring
grams of 32 characters, the one with the least hash. Any 63 characters in common therefore share a fingerprint. Only
letters and digits count, in lower case, so that line breaks, quotes and layout do not matter. About 44 a kilobyte.
"""

import hashlib
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from auditor.hashing import Hashes, Places, least, mixed, over_runs

GRAM: Final = 32
WINDOW: Final = 32
KEY_SIZE: Final = 32
_PLANE: Final = 1 << 16
_BLOCK: Final = 1 << 14
"""Windows worked on at a time, so that they stay in the processor's cache."""


class Fingerprints(NamedTuple):
    """64-bit hashes in the order of the text, and where their grams begin and end, in characters."""

    hashes: Hashes
    starts: Places
    ends: Places


def fingerprints(text: str, key: bytes) -> Fingerprints:
    """The fingerprints of a text under a key; none where it has fewer than 63 letters and digits."""
    letters, table, base, last = _keyed(key)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4") & np.uint32(_PLANE - 1)
    places = np.flatnonzero(letters[codes])
    values = table[codes[places]]
    chosen, hashes = [places[:0]], [values[:0]]
    for begin in range(0, len(values) - GRAM - WINDOW + 2, _BLOCK):
        block = mixed(over_runs(values[begin : begin + _BLOCK + GRAM + WINDOW - 2], GRAM, base) ^ np.uint64(last))
        kept = _chosen(block)
        chosen.append(kept + begin)
        hashes.append(block[kept])
    numbers, firsts = np.unique(np.concatenate(chosen), return_index=True)
    return Fingerprints(np.concatenate(hashes)[firsts], places[numbers], places[numbers + GRAM - 1] + 1)


def _chosen(hashes: Hashes) -> Places:
    """Places of the least hash of every window."""
    smallest = least(hashes, WINDOW)
    firsts = np.flatnonzero(np.concatenate(([True], smallest[1:] != smallest[:-1])))
    windows = np.lib.stride_tricks.sliding_window_view(hashes, WINDOW)[firsts]
    return np.unique(firsts + windows.argmin(axis=1))


@lru_cache(maxsize=4)
def _keyed(key: bytes) -> tuple[npt.NDArray[np.bool_], Hashes, int, int]:
    """What counts as a letter, the hash of each character in its lower case, the odd base, and the last addend."""
    seed = hashlib.blake2b(key, digest_size=24, person=b"fingerprints").digest()
    first, base, last = (int.from_bytes(seed[place : place + 8]) for place in (0, 8, 16))
    characters = [chr(code) for code in range(_PLANE)]
    letters = np.array([character.isalnum() for character in characters])
    lower = np.array([ord(character.lower()[0]) for character in characters], dtype=np.uint64)
    return letters, mixed(lower * np.uint64(0x9E3779B97F4A7C15) + np.uint64(first)), base | 1, last
