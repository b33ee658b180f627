# SPDX-License-Identifier: Apache-2.0
"""Sealing under a segment's keys: derive, compress, pad, encrypt; and back.

A segment has one secret a purpose (metadata, content, names), in memory only. It never encrypts itself: HKDF gives one
key per column and a commitment, since AES-GCM alone does not bind a ciphertext to one key. Lengths are padded inside
the encryption by Padmé (https://petsymposium.org/popets/2019/popets-2019-0056.php), which leaks O(log log n) bits and
costs under 12 %.

A frame, before encryption: codec (1 byte), length of the data (4 bytes), the data, zeros. The data of a `DELTA` begins
with the passage it rests on (leaf number, 8 bytes; key, 32 bytes) and the codec of what follows.
"""

import functools
import os
import struct
from collections.abc import Mapping
from enum import IntEnum
from itertools import batched
from pathlib import Path
from threading import local
from typing import Final, NamedTuple

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from auditor.errors import AuditorError, CheckFailed, InputError
from auditor.store.format import layout
from auditor.store.format.layout import PURPOSE_OF, Column, Purpose

KEY_SIZE: Final = 32
NONCE_SIZE: Final = 12
MAX_PLAINTEXT: Final = 1 << 30
"""Largest frame content in bytes, which also refuses a decompression bomb."""

_FRAME = struct.Struct(">BI")
_REFERENCE = struct.Struct(">Q32sB")
_LEVEL = 1
"""Level 3 takes nearly twice the time, a thirtieth of all that recording a call costs, for a hundredth of the bytes."""
_META_LEVEL = -1
"""Metas gain by their dictionary: the effort of a higher level takes twice the time for a twentieth."""
_THOROUGH = 5
"""The level for what is left of a body: so little that the time is spent well."""
_DICTIONARY_HELPS: Final = 4 << 10
_GIVEN_HELPS: Final = 8 << 10
_FORMS: Final = 6000


class Codec(IntEnum):
    """How a frame's data is written.

    `META` is zstd with the dictionary `meta-1.dict`: metas small as they are repeat mostly their field names. `BODY` is
    zstd with `body-1.dict`: headers and the forms of the dialects. `GIVEN` is zstd with texts that the reader has.
    """

    RAW = 0
    ZSTD = 1
    DELTA = 2
    META = 3
    BODY = 4
    GIVEN = 5


_UNPACKED: Final = (Codec.ZSTD, Codec.META, Codec.BODY, Codec.GIVEN)


def padded_length(length: int) -> int:
    """Padmé: the next length whose lower bits are zero, so that few distinct lengths occur."""
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    low_bits = exponent - exponent.bit_length()
    mask = (1 << low_bits) - 1
    return (length + mask) & ~mask


class Reference(NamedTuple):
    """The passage that a frame rests on: the number of its leaf, and its key."""

    seq: int
    key: bytes


def frame(plaintext: bytes, codec: Codec = Codec.ZSTD) -> bytes:
    """Compress, and pad. Needs no key, so it can run in any thread or process.

    Raises `InputError` past 1 GiB.
    """
    return _padded(*_packed_with(_tools().compressors[codec], codec, plaintext))


class Given:
    """Texts that frames are compressed with. To make ready for that takes longer than to compress: keep it while it
    serves, within one thread. It takes 0.2 MB then."""

    def __init__(self, texts: bytes) -> None:
        self._texts = texts

    @functools.cached_property
    def tool(self) -> zstandard.ZstdCompressor:
        """What compresses with them."""
        return zstandard.ZstdCompressor(level=_THOROUGH, dict_data=_as_dictionary(self._texts))


def frame_after(plaintext: bytes, key: bytes, given: Given) -> bytes:
    """A frame that rests on the passage with this key, compressed with what is `given`; `refer` says where it lies."""
    tool, codec = _tools().thorough, Codec.BODY
    if len(plaintext) <= _GIVEN_HELPS:
        tool, codec = given.tool, Codec.GIVEN
    codec, data = _packed_with(tool, codec, plaintext)
    return _padded(Codec.DELTA, _REFERENCE.pack(0, key, codec) + data)


def refer(framed: bytes, seq: int) -> bytes:
    """A frame made by `frame_after`, now that the leaf number of its passage is known."""
    return framed[: _FRAME.size] + seq.to_bytes(8) + framed[_FRAME.size + 8 :]


def reference(framed: bytes) -> Reference | None:
    """The passage that a frame rests on, if it does. Raises `CheckFailed` where it is malformed."""
    try:
        if _FRAME.unpack_from(framed)[0] != Codec.DELTA:
            return None
        seq, key, _ = _REFERENCE.unpack_from(framed, _FRAME.size)
    except struct.error as error:
        raise CheckFailed("A sealed blob is malformed inside.") from error
    return Reference(seq, key)


def unframe(framed: bytes, given: bytes = b"") -> bytes:
    """The plaintext of a frame; `given` is what it was compressed with, where it rests on a passage. Raises
    `CheckFailed` where it is malformed."""
    try:
        codec, length = _FRAME.unpack_from(framed)
        data = framed[_FRAME.size : _FRAME.size + length]
        if len(data) != length:
            raise CheckFailed("A sealed blob is cut short inside.")
        if codec == Codec.DELTA:
            codec, data = data[_REFERENCE.size - 1], data[_REFERENCE.size :]
        if codec == Codec.RAW:
            return data
        if codec in _UNPACKED and zstandard.frame_content_size(data) <= MAX_PLAINTEXT:
            tool = _with(given) if codec == Codec.GIVEN else _tools().decompressors[codec]
            return tool.decompress(data, max_output_size=MAX_PLAINTEXT)
    except (struct.error, IndexError, zstandard.ZstdError) as error:
        raise CheckFailed("A sealed blob is malformed inside.") from error
    raise CheckFailed("A sealed blob is written in a way this version does not know.", "Update the program.")


def body_codec(plaintext: bytes) -> Codec:
    """How a body is written: in a long one the dictionary saves little, and costs time."""
    return Codec.BODY if len(plaintext) <= _DICTIONARY_HELPS else Codec.ZSTD


def _packed_with(compressor: zstandard.ZstdCompressor, codec: Codec, plaintext: bytes) -> tuple[Codec, bytes]:
    if len(plaintext) > MAX_PLAINTEXT:
        raise InputError("An exchange of more than 1 GiB cannot be recorded whole.")
    packed = compressor.compress(plaintext)
    return (codec, packed) if len(packed) < len(plaintext) else (Codec.RAW, plaintext)


def _padded(codec: Codec, data: bytes) -> bytes:
    length = _FRAME.size + len(data)
    return b"".join((_FRAME.pack(codec, len(data)), data, bytes(padded_length(length) - length)))


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

    def seal_apart(self, seq: int, framed: bytes, key: bytes) -> bytes:
        """Encrypt a passage for its place in this segment, under its own key."""
        nonce = os.urandom(NONCE_SIZE)
        return nonce + AESGCM(key).encrypt(nonce, framed, layout.place(self.prefix, seq, Column.PASSAGE))

    def open(self, seq: int, column: Column, sealed: bytes) -> bytes:
        """The plaintext of a sealed frame.

        Raises `CheckFailed` where bytes, place or key differ, `UnlockError` where the key is not held (any more).
        """
        return unframe(self.open_frame(seq, column, sealed))

    def open_frame(self, seq: int, column: Column, sealed: bytes) -> bytes:
        """A sealed frame as it was before encryption. Raises as `open`."""
        self.need(PURPOSE_OF[column])
        return _decrypted(self._ciphers[column], self.prefix, (seq, column), sealed)


def open_apart(prefix: bytes, seq: int, key: bytes, sealed: bytes) -> bytes:
    """The frame of a passage in the segment with this prefix. Raises `CheckFailed` where bytes, place or key differ."""
    return _decrypted(AESGCM(key), prefix, (seq, Column.PASSAGE), sealed)


def _decrypted(cipher: AESGCM, prefix: bytes, at: tuple[int, Column], sealed: bytes) -> bytes:
    seq, column = at
    try:
        return cipher.decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], layout.place(prefix, seq, column))
    except (InvalidTag, ValueError, TypeError) as error:
        raise CheckFailed(f"Record {seq}: its {column.name.lower()} was altered or moved.") from error


class _Tools(local):
    """The compressors of one thread: costly to make, and not to be shared."""

    def __init__(self) -> None:
        self.compressors = {
            Codec.ZSTD: zstandard.ZstdCompressor(level=_LEVEL),
            Codec.META: zstandard.ZstdCompressor(level=_META_LEVEL, dict_data=_dictionary("meta-1.dict", _META_LEVEL)),
            Codec.BODY: zstandard.ZstdCompressor(level=_LEVEL, dict_data=_dictionary("body-1.dict")),
        }
        self.thorough = zstandard.ZstdCompressor(level=_THOROUGH, dict_data=_dictionary("body-1.dict", _THOROUGH))
        self.decompressors = {
            Codec.ZSTD: zstandard.ZstdDecompressor(),
            Codec.META: zstandard.ZstdDecompressor(dict_data=_dictionary("meta-1.dict")),
            Codec.BODY: zstandard.ZstdDecompressor(dict_data=_dictionary("body-1.dict")),
        }


@functools.cache
def _tools() -> _Tools:
    return _Tools()


def _with(given: bytes) -> zstandard.ZstdDecompressor:
    return zstandard.ZstdDecompressor(dict_data=_as_dictionary(given))


@functools.cache
def forms() -> bytes:
    """What bodies have in common, for use beside texts: the end of the dictionary of `BODY`, where the commonest is."""
    return Path(__file__).with_name("body-1.dict").read_bytes()[-_FORMS:]


@functools.cache
def _dictionary(name: str, level: int = _LEVEL) -> zstandard.ZstdCompressionDict:
    """A dictionary beside this file. Its bytes are part of the format and never change: another one, another codec."""
    dictionary = _as_dictionary(Path(__file__).with_name(name).read_bytes())
    dictionary.precompute_compress(level=level)
    return dictionary


def _as_dictionary(raw: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(raw, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
