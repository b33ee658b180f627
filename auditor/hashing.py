# SPDX-License-Identifier: Apache-2.0
"""64-bit hashes on arrays: what both kinds of fingerprints are made of, of characters and of words."""

from typing import Final

import numpy as np
import numpy.typing as npt
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

_MASK: Final = (1 << 64) - 1

type Hashes = npt.NDArray[np.uint64]
type Places = npt.NDArray[np.int64]


def over_runs(values: Hashes, length: int, base: int) -> Hashes:
    """The polynomial hash of every run of `length` values, a power of two, to an odd base; by doubling the runs.

    None where there are fewer values than that.
    """
    if len(values) < length:
        return values[:0]
    span, power = 1, base
    while span < length:
        longer = values[:-span] * np.uint64(power)
        longer += values[span:]
        values = longer
        span, power = 2 * span, power * power & _MASK
    return values


def least(values: Hashes, window: int) -> Hashes:
    """The least of every `window` neighbours, a power of two; of all of them, where there are fewer."""
    span = 1
    while span < window and span < len(values):
        values = np.minimum(values[:-span], values[span:])
        span *= 2
    return values


def mixed(values: Hashes) -> Hashes:
    """The finaliser of SplitMix64 (https://prng.di.unimi.it/splitmix64.c): every bit depends on every bit."""
    found: Hashes = values >> np.uint64(30)
    found ^= values
    found *= np.uint64(0xBF58476D1CE4E5B9)
    shifted = found >> np.uint64(27)
    found ^= shifted
    found *= np.uint64(0x94D049BB133111EB)
    found ^= np.right_shift(found, np.uint64(31), out=shifted)  # in place: it stays in the processor's cache
    return found


class Keyed:
    """A pseudo-random function of 64-bit values: the first half of a block of AES that holds each."""

    def __init__(self, key: bytes) -> None:
        """`key` has 16 bytes."""
        self._cipher = Cipher(AES(key), ECB())  # noqa: S305  # every value is a block of its own

    def of(self, values: Hashes) -> Hashes:
        """The function of every value."""
        blocks = np.zeros((len(values), 2), dtype="<u8")
        blocks[:, 0] = values
        return np.frombuffer(self._cipher.encryptor().update(blocks.tobytes()), dtype="<u8")[::2]
