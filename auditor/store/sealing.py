# SPDX-License-Identifier: Apache-2.0
"""Sealing under a segment's keys: derive, compress, pad, encrypt; and back.

A segment has one secret a purpose (metadata, content, names), in memory only. It never encrypts itself: HKDF gives one
key per column and a commitment, since AES-GCM alone does not bind a ciphertext to one key. Lengths are padded inside
the encryption by Padmé (https://petsymposium.org/popets/2019/popets-2019-0056.php), which leaks O(log log n) bits and
costs under 12 %.

A frame, before encryption: codec (1 byte), length of the data (4 bytes), the data, zeros.
"""

import functools
import os
import struct
from collections.abc import Mapping
from enum import IntEnum
from itertools import batched
from pathlib import Path
from threading import local
from typing import Final

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from auditor.errors import AuditorError, CheckFailed, InputError
from auditor.store import layout
from auditor.store.layout import PURPOSE_OF, Column, Purpose

KEY_SIZE: Final = 32
NONCE_SIZE: Final = 12
MAX_PLAINTEXT: Final = 1 << 30
"""Largest frame content in bytes, which also refuses a decompression bomb."""

_FRAME = struct.Struct(">BI")
_LEVEL = 3
_META_LEVEL = -1
"""Metas gain by their dictionary: the effort of a higher level takes twice the time for a twentieth."""


class Codec(IntEnum):
    """How a frame's data is written. `DELTA` (against an earlier body of the conversation) is reserved.

    `META` is zstd with the dictionary `meta-1.dict`: metas small as they are repeat mostly their field names.
    """

    RAW = 0
    ZSTD = 1
    DELTA = 2
    META = 3


def padded_length(length: int) -> int:
    """Padmé: the next length whose lower bits are zero, so that few distinct lengths occur."""
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    low_bits = exponent - exponent.bit_length()
    mask = (1 << low_bits) - 1
    return (length + mask) & ~mask


def frame(plaintext: bytes, codec: Codec = Codec.ZSTD) -> bytes:
    """Compress by `ZSTD` or `META`, and pad. Needs no key, so it can run in any thread or process.

    Raises `InputError` past 1 GiB.
    """
    if len(plaintext) > MAX_PLAINTEXT:
        raise InputError("An exchange of more than 1 GiB cannot be recorded whole.")
    packed = _tools().compressors[codec].compress(plaintext)
    codec, data = (codec, packed) if len(packed) < len(plaintext) else (Codec.RAW, plaintext)
    length = _FRAME.size + len(data)
    return b"".join((_FRAME.pack(codec, len(data)), data, bytes(padded_length(length) - length)))


def unframe(framed: bytes) -> bytes:
    """The plaintext of a frame. Raises `CheckFailed` where it is malformed."""
    try:
        codec, length = _FRAME.unpack_from(framed)
        data = framed[_FRAME.size : _FRAME.size + length]
        if codec == Codec.RAW and len(data) == length:
            return data
        if codec in (Codec.ZSTD, Codec.META) and zstandard.frame_content_size(data) <= MAX_PLAINTEXT:
            return _tools().decompressors[codec].decompress(data, max_output_size=MAX_PLAINTEXT)
    except (struct.error, zstandard.ZstdError) as error:
        raise CheckFailed("A sealed blob is malformed inside.") from error
    raise CheckFailed("A sealed blob is written in a way this version does not know.", "Update the program.")


def derive(secret: bytes, label: str, context: bytes = b"") -> bytes:
    """A 32-byte key for one purpose (HKDF-SHA256, RFC 5869)."""
    info = layout.statement(f"key/{label}", context)
    return HKDF(algorithm=SHA256(), length=KEY_SIZE, salt=None, info=info).derive(secret)


class SegmentKeys:
    """The keys of one segment, derived from its 32-byte secrets: `commit` is public, the rest is not.

    `closed` says why a purpose has no secret here; opening what it seals raises that.
    """

    def __init__(
        self,
        secrets: Mapping[Purpose, bytes],
        ledger: str,
        segment: int,
        closed: Mapping[Purpose, AuditorError] | None = None,
    ) -> None:
        self.prefix = layout.segment_prefix(ledger, segment)
        self._closed = closed or {}
        self._commits = {purpose: derive(secret, "commit", self.prefix) for purpose, secret in secrets.items()}
        self._ciphers = {
            column: AESGCM(derive(secrets[purpose], column.name.lower(), self.prefix))
            for column, purpose in PURPOSE_OF.items()
            if purpose in secrets
        }

    @property
    def commit(self) -> bytes:
        """What a header commits to: 32 bytes a purpose, in their order."""
        return b"".join(self._commits[purpose] for purpose in Purpose)

    def agree(self, commit: bytes) -> bool:
        """Whether the secrets that are here are those a header commits to."""
        stated = dict(zip(Purpose, batched(commit, KEY_SIZE), strict=False))
        return all(bytes(stated.get(purpose, ())) == own for purpose, own in self._commits.items())

    def opens(self, purpose: Purpose) -> bool:
        """Whether what this purpose seals can be opened."""
        return purpose in self._commits

    def need(self, purpose: Purpose) -> None:
        """Raise why what this purpose seals cannot be opened, if it cannot."""
        if (reason := self._closed.get(purpose)) is not None:
            raise reason

    def seal(self, seq: int, column: Column, framed: bytes) -> bytes:
        """Encrypt a frame for its place: random nonce, ciphertext, tag."""
        nonce = os.urandom(NONCE_SIZE)
        return nonce + self._ciphers[column].encrypt(nonce, framed, layout.place(self.prefix, seq, column))

    def open(self, seq: int, column: Column, sealed: bytes) -> bytes:
        """The plaintext of a sealed frame.

        Raises `CheckFailed` where bytes, place or key differ, `UnlockError` where the key is not held (any more).
        """
        self.need(PURPOSE_OF[column])
        aad = layout.place(self.prefix, seq, column)
        try:
            framed = self._ciphers[column].decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], aad)
        except (InvalidTag, ValueError, TypeError) as error:
            raise CheckFailed(f"Record {seq}: its {column.name.lower()} was altered or moved.") from error
        return unframe(framed)


class _Tools(local):
    """The compressors of one thread: costly to make, and not to be shared."""

    def __init__(self) -> None:
        self.compressors = {
            Codec.ZSTD: zstandard.ZstdCompressor(level=_LEVEL),
            Codec.META: zstandard.ZstdCompressor(level=_META_LEVEL, dict_data=_dictionary()),
        }
        self.decompressors = {
            Codec.ZSTD: zstandard.ZstdDecompressor(),
            Codec.META: zstandard.ZstdDecompressor(dict_data=_dictionary()),
        }


@functools.cache
def _tools() -> _Tools:
    return _Tools()


def _dictionary() -> zstandard.ZstdCompressionDict:
    """The dictionary of metas: its bytes are part of the format and never change; another one is another codec."""
    raw = Path(__file__).with_name("meta-1.dict").read_bytes()
    return zstandard.ZstdCompressionDict(raw, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
