# SPDX-License-Identifier: Apache-2.0
"""The byte layout everything else signs, hashes and authenticates. Format 1.

Every sealed blob and every leaf is bound to its place (format, ledger, segment, sequence number, column), so that no
blob can stand in for another. Numbers are big-endian. A changed layout takes a new format number, never a new meaning
of an old one.
"""

import hashlib
import struct
from enum import IntEnum, StrEnum
from typing import Final

FORMAT = 1

ABSENT = bytes(32)
"""The digest of a blob that is not there."""

_PLACE = struct.Struct(">QB")
_HEAD = struct.Struct(">BB")
_SEGMENT = struct.Struct(">Q")


class Column(IntEnum):
    """What a blob or a leaf is; the last byte of its place."""

    RECORD = 0
    META = 1
    BODY = 2
    FOOTER = 3
    INDEX = 4
    HEADER = 5
    NAMES = 6
    VALUES = 7
    PASSAGE = 8


class Purpose(StrEnum):
    """A class of data with keys of its own, so that it can be granted, kept and destroyed apart from the others."""

    METADATA = "metadata"
    CONTENT = "content"
    NAMES = "names"


PURPOSE_OF: Final = {
    Column.META: Purpose.METADATA,
    Column.FOOTER: Purpose.METADATA,
    Column.BODY: Purpose.CONTENT,
    Column.INDEX: Purpose.CONTENT,
    Column.NAMES: Purpose.NAMES,
    Column.VALUES: Purpose.NAMES,
}
"""Whose key seals the blobs of a column. A passage has a key of its own."""


def segment_prefix(ledger: str, segment: int) -> bytes:
    """The part of a place that a whole segment shares."""
    name = ledger.encode()
    return _HEAD.pack(FORMAT, len(name)) + name + _SEGMENT.pack(segment)


def place(prefix: bytes, seq: int, column: Column) -> bytes:
    """The associated data of one blob, or the head of one leaf."""
    return prefix + _PLACE.pack(seq, column)


def digest(blob: bytes | None) -> bytes:
    """SHA-256 of a blob, or `ABSENT`."""
    return ABSENT if blob is None else hashlib.sha256(blob).digest()


def record_leaf(prefix: bytes, seq: int, meta: bytes, body: bytes | None) -> bytes:
    """The leaf hash of a record: over its place and the digests of its sealed blobs (RFC 9162, section 2.1.1)."""
    sha256 = hashlib.sha256
    tail = ABSENT if body is None else sha256(body).digest()
    return sha256(b"\x00" + prefix + _PLACE.pack(seq, 0) + sha256(meta).digest() + tail).digest()


def blob_leaf(prefix: bytes, seq: int, column: Column, *blobs: bytes) -> bytes:
    """The leaf hash of a segment's header or footer."""
    return hashlib.sha256(b"\x00" + place(prefix, seq, column) + b"".join(map(digest, blobs))).digest()


def statement(kind: str, payload: bytes) -> bytes:
    """What an Ed25519 key signs: the payload under its kind, so that one signature cannot serve as another."""
    return f"ai-usage-auditor/{FORMAT}/{kind}\n".encode() + payload
