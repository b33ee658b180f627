# SPDX-License-Identifier: Apache-2.0
"""A segment: at most 4,096 records or 15 minutes under one secret and one signing key.

Its header is public: where it begins in the tree, which epoch it is sealed to, which key signs it; the key of the
segment before signs the header. Its footer repeats all metadata in blocks of 256, so that a reader opens 256 records
at once. The secrets, one a purpose, exist in the writer's memory and wrapped to the epoch keys, nowhere else.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditor.calls import Value
from auditor.errors import AuditorError, CheckFailed, UnlockError
from auditor.store.format import layout, sealing, signing, suites
from auditor.store.format.layout import Column, Purpose
from auditor.store.format.sealing import SegmentKeys
from auditor.store.keys import facts
from auditor.store.keys.identity import KeyGone, Opener

MAX_RECORDS: Final = 4096
MAX_SECONDS: Final = 15 * 60
BLOCK: Final = 256

_encode = msgspec.msgpack.Encoder(order="deterministic").encode

type Natural = Annotated[int, msgspec.Meta(ge=0)]
type Name = Annotated[str, msgspec.Meta(max_length=63)]

type Noted = tuple[int, bool, bytes]
"""A record as a footer repeats it: its number, whether it has a body, its meta as msgpack."""

_decode_footer = msgspec.msgpack.Decoder(tuple[tuple[int, bytes], ...]).decode
_decode_block = msgspec.msgpack.Decoder(tuple[tuple[int, bool, msgspec.Raw], ...]).decode


class Header(Value, frozen=True, kw_only=True, array_like=True):
    """A row of the table `segment`, without its signature; `frontier` is the tree's before this header."""

    ledger: Name
    seg: Natural
    format: int
    suite: str
    epoch: str
    opened_min: Natural
    first_seq: Natural
    frontier: bytes
    key_commit: bytes
    wrap_digest: bytes
    sign_pk: bytes

    def message(self) -> bytes:
        """What the key of the segment before signs."""
        return layout.statement("segment", _encode(self))

    def leaf(self, signature: bytes) -> bytes:
        """The header's leaf in the tree."""
        prefix = layout.segment_prefix(self.ledger, self.seg)
        return layout.blob_leaf(prefix, self.first_seq, Column.HEADER, self.message(), signature)


def header_of(row: Mapping[Any, Any]) -> tuple[Header, bytes]:
    """The header and its signature from a row of the table. Raises `CheckFailed` for values of a wrong type."""
    try:
        header = msgspec.convert([row[name] for name in Header.__struct_fields__], Header)
        return header, msgspec.convert(row["prev_sig"], bytes)
    except msgspec.ValidationError as error:
        raise CheckFailed(f"Segment {row['seg']}: its header is malformed.") from error


def wrap_digest(wrapped: Mapping[str, bytes]) -> bytes:
    """What a header says about its wrapped keys: all of them, by recipient."""
    pairs = [(recipient, hashlib.sha256(wrapped[recipient]).digest()) for recipient in sorted(wrapped)]
    return hashlib.sha256(_encode(pairs)).digest()


def wrap_info(header_prefix: bytes, epoch: str, purpose: Purpose) -> bytes:
    """What a wrapped segment secret is bound to: format, ledger, segment, epoch, purpose."""
    return layout.statement("wrap", header_prefix + f"{epoch}/{purpose}".encode())


def unlock(header: Header, wrapped: Mapping[str, bytes], opener: Opener) -> SegmentKeys:
    """The keys of a sealed segment. Raises `UnlockError`; `CheckFailed` where the secret is not the committed one."""
    if wrap_digest(wrapped) != header.wrap_digest:
        raise CheckFailed(f"Segment {header.seg}: its wrapped key was altered.")
    secrets, closed = _secrets(header, wrapped, opener)
    if not secrets:
        raise closed[Purpose.METADATA]
    keys = SegmentKeys(secrets, header.ledger, header.seg, closed)
    if not keys.agree(header.key_commit):
        raise CheckFailed(f"Segment {header.seg}: its key is not the one its header commits to.")
    return keys


def _secrets(
    header: Header, wrapped: Mapping[str, bytes], opener: Opener
) -> tuple[dict[Purpose, bytes], dict[Purpose, AuditorError]]:
    """The secrets an opener gets at, and why it does not get at the others."""
    prefix = layout.segment_prefix(header.ledger, header.seg)
    secrets: dict[Purpose, bytes] = {}
    closed: dict[Purpose, AuditorError] = {purpose: _not_held(purpose) for purpose in Purpose}
    for recipient, sealed in wrapped.items():
        if (purpose := opener.purpose_of(recipient)) is None:
            continue
        try:
            secrets[purpose] = opener.open_secret(recipient, sealed, wrap_info(prefix, header.epoch, purpose))
            closed.pop(purpose, None)
        except KeyGone as error:
            closed[purpose] = error
    return secrets, closed


def _not_held(purpose: Purpose) -> UnlockError:
    return UnlockError(
        f"This identity does not hold the key of the {purpose} that was recorded here.",
        "A manager of the store grants it: auditor identity grant NAME.",
    )


@dataclass
class OpenSegment:
    """The segment being written. Only its `noted` records grow."""

    header: Header
    signature: bytes
    keys: SegmentKeys
    signer: Ed25519PrivateKey
    wrapped: dict[str, bytes]
    opened: float
    noted: list[Noted] = field(default_factory=list)

    def is_due(self, now: float, incoming: int, recipients: Sequence[facts.EpochKey]) -> bool:
        """Whether the next records belong into a new segment."""
        is_full = bool(self.noted) and len(self.noted) + incoming > MAX_RECORDS
        is_others = any(key.recipient not in self.wrapped for key in recipients)
        return is_full or not 0 <= now - self.opened < MAX_SECONDS or is_others

    def footer(self) -> bytes:
        """All noted metadata, in sealed blocks."""
        return _encode([self._block(self.noted[at : at + BLOCK]) for at in range(0, len(self.noted), BLOCK)])

    def _block(self, noted: Iterable[Noted]) -> tuple[int, bytes]:
        packed = [(seq, has_body, msgspec.Raw(meta)) for seq, has_body, meta in noted]
        first = packed[0][0]
        return first, self.keys.seal(first, Column.FOOTER, sealing.frame(_encode(packed)))


def begin(
    ledger: str,
    seg: int,
    place: tuple[int, bytes],
    recipients: Sequence[facts.EpochKey],
    keys: tuple[Ed25519PrivateKey, Ed25519PrivateKey],
    now: float,
) -> OpenSegment:
    """A new segment at a `place` in the tree (size, frontier), its header signed with the first of two `keys`.

    `recipients`: the epoch keys of one moment, one a purpose.
    """
    previous, signer = keys
    secrets = {purpose: os.urandom(sealing.KEY_SIZE) for purpose in Purpose}
    derived = SegmentKeys(secrets, ledger, seg)
    epoch = recipients[0]
    wrapped = {
        key.recipient: suites.wrap(
            key.suite, key.public_key, secrets[key.purpose], wrap_info(derived.prefix, epoch.epoch, key.purpose)
        )
        for key in recipients
    }
    size, frontier = place
    header = Header(
        ledger=ledger,
        seg=seg,
        format=layout.FORMAT,
        suite=epoch.suite,
        epoch=epoch.epoch,
        opened_min=int(now // 60),
        first_seq=size,
        frontier=frontier,
        key_commit=derived.commit,
        wrap_digest=wrap_digest(wrapped),
        sign_pk=signing.public_of(signer),
    )
    return OpenSegment(header, previous.sign(header.message()), derived, signer, wrapped, now)


def read_footer(footer: bytes, keys: SegmentKeys, after_seq: int = 0) -> Iterator[tuple[int, bool, msgspec.Raw]]:
    """The noted records of a footer past a number, opening only the blocks it needs."""
    blocks = _decode_footer(footer)
    for index, (first, sealed) in enumerate(blocks):
        if index + 1 < len(blocks) and blocks[index + 1][0] <= after_seq + 1:
            continue
        for noted in _decode_block(keys.open(first, Column.FOOTER, sealed)):
            if noted[0] > after_seq:
                yield noted
