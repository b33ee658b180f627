# SPDX-License-Identifier: Apache-2.0
"""Bodies in flight: in memory while small, beyond a bound on disk, sealed under a key that only this process holds.

The file has no name (it is unlinked as it is opened) and its key dies with the object, so that neither a crash nor a
stolen disk leaves content behind. Blocks are AES-256-GCM with their number as the nonce, each key serving one file.
"""

import io
import os
import tempfile
from pathlib import Path
from typing import IO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

BLOCK = 256 * 1024
"""Plaintext bytes sealed at a time."""
_TAG = 16
"""Bytes that AES-GCM adds to what it seals."""


class Spill:
    """Bytes to be written once and read back once; `bound` of them stay in memory."""

    def __init__(self, folder: Path, bound: int) -> None:
        self._folder = folder
        self._bound = bound
        self._memory = bytearray()
        self._file: IO[bytes] | None = None
        self._cipher: AESGCM | None = None
        self._lengths: list[int] = []

    def write(self, data: bytes) -> None:
        """Add to the end; raises `OSError` where the disk takes no more."""
        self._memory += data
        if self._file is None and len(self._memory) > self._bound:
            self._open()
        while self._file is not None and len(self._memory) >= BLOCK:
            self._seal(bytes(self._memory[:BLOCK]))
            del self._memory[:BLOCK]

    def read(self) -> bytes:
        """Everything that was written; afterwards nothing is left, in memory or on disk.

        Raises `OSError` or `InvalidTag` where the disk gives back something else.
        """
        try:
            return bytes(self._memory) if self._file is None else self._read_back()
        finally:
            if self._file is not None:
                self._file.close()
            self._file = self._cipher = None
            self._memory = bytearray()
            self._lengths.clear()

    def __len__(self) -> int:
        return self.spilled + len(self._memory)

    @property
    def spilled(self) -> int:
        """How many bytes lie on disk."""
        return sum(self._lengths)

    def _open(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed by read()
        self._cipher = AESGCM(AESGCM.generate_key(256))
        os.fchmod(self._file.fileno(), 0o600)

    def _read_back(self) -> bytes:
        assert self._file is not None
        self._file.seek(0)
        whole = io.BytesIO()  # gives out its bytes without a copy
        for number in range(len(self._lengths)):
            whole.write(self._unseal(number))
        whole.write(self._memory)
        return whole.getvalue()

    def _seal(self, block: bytes) -> None:
        assert self._file is not None
        assert self._cipher is not None
        self._file.write(self._cipher.encrypt(_nonce(len(self._lengths)), block, None))
        self._lengths.append(len(block))

    def _unseal(self, number: int) -> bytes:
        assert self._file is not None
        assert self._cipher is not None
        sealed = self._file.read(self._lengths[number] + _TAG)
        return self._cipher.decrypt(_nonce(number), sealed, None)


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")
