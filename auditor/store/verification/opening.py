# SPDX-License-Identifier: Apache-2.0
"""Verification with an identity: a segment's secret is the committed one, its blobs open, its footer repeats them."""

import hashlib
from collections.abc import Callable, Mapping, Sequence

import msgspec

from auditor.errors import AuditorError, CheckFailed, InputError
from auditor.store.format import passages, records
from auditor.store.format.layout import PURPOSE_OF, Column, Purpose
from auditor.store.format.sealing import Reference, SegmentKeys, reference, unframe
from auditor.store.keys.identity import KeyGone, Opener
from auditor.store.ledger import segment
from auditor.store.ledger.segment import Header
from auditor.store.verification.faults import Faults

type TextsOf = Callable[[Reference], Sequence[bytes]]
"""The texts of a passage and of those before it."""


class OpenedSegment:
    """Opens the records of one segment; without an opener it checks nothing. `is_gone`: its epoch key was destroyed."""

    def __init__(
        self, header: Header, wrapped: Mapping[str, bytes], opener: Opener | None, faults: Faults, texts: TextsOf
    ) -> None:
        self.count = 0
        self._texts = texts
        self.is_gone = False
        self._faults = faults
        self._first_seq = header.first_seq
        self._noted: list[tuple[int, bool, bytes]] = []
        self._keys = None if opener is None else self._unlock(header, wrapped, opener)

    @property
    def opens(self) -> bool:
        """Whether records of this segment can be opened."""
        return self._keys is not None

    def check(self, seq: int, meta: bytes, body: bytes | None) -> None:
        """Open a record whose leaf holds."""
        if self._keys is None:
            return
        try:
            raw_meta = self._keys.open(seq, Column.META, meta)
            column = records.body_column(records.decode_meta(raw_meta))
            if body is not None and column in PURPOSE_OF and self._keys.opens(PURPOSE_OF[column]):
                self._check_body(seq, column, self._keys.open_frame(seq, column, body))
        except CheckFailed as error:
            self._faults.add(error.message, seq)
        except msgspec.MsgspecError:
            self._faults.add("it opens, but is no record this version knows", seq)
        else:
            self.count += 1
            self._noted.append((seq, body is not None, hashlib.sha256(raw_meta).digest()))

    def check_footer(self, seq: int, footer: bytes) -> None:
        """Compare a footer with the records opened before it."""
        if self._keys is None:
            return
        try:
            read = segment.read_footer(footer, self._keys)
            repeated = [(at, has_body, hashlib.sha256(meta).digest()) for at, has_body, meta in read]
        except (CheckFailed, msgspec.MsgspecError):
            self._faults.add("the segment's footer does not open", seq)
            return
        if repeated != self._noted and not self._faults.explain(self._first_seq, seq):
            self._faults.add("the segment's footer does not repeat its records", seq)

    def _check_body(self, seq: int, column: Column, framed: bytes) -> None:
        """Decode a body; one that rests on passages is put together with their texts."""
        last = reference(framed)
        if last is None:
            _decode(column, unframe(framed))
            return
        if last.seq >= seq:
            raise CheckFailed("it rests on a passage that comes after it")
        try:
            texts = self._texts(last)
        except (CheckFailed, InputError) as error:
            raise CheckFailed(f"it cannot be put together: {error.message}") from error
        passages.weave(records.decode_body(unframe(framed, passages.given_to_body(texts))), texts)

    def _unlock(self, header: Header, wrapped: Mapping[str, bytes], opener: Opener) -> SegmentKeys | None:
        try:
            keys = segment.unlock(header, wrapped, opener)
            keys.need(Purpose.METADATA)
            return keys
        except KeyGone:
            self.is_gone = True
            return None
        except AuditorError as error:
            self._faults.add(f"segment {header.seg} does not open: {error.message}", header.first_seq)
            return None


def _decode(column: Column, body: bytes) -> object:
    match column:
        case Column.NAMES:
            return records.decode_names(body)
        case Column.VALUES:
            return records.decode_values(body)
        case _:
            return records.decode_body(body)
