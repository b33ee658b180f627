# SPDX-License-Identifier: Apache-2.0
"""Reading ledgers with an unlocked identity, while their writers go on or after they are gone.

Metadata of closed segments comes from their footers, 256 records at a time; of the open one row by row. Every segment
header's signature is checked on the way from the enrolment on, and every blob's place by its encryption; that nothing
was taken out is for `verify` to say. Transactions are short, so that the writer's log can shrink.
"""

import contextlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Final

from sqlalchemy import Connection, func, select

from auditor.errors import CheckFailed, InputError
from auditor.store.format import checkpoint, layout, passages, records, schema, signing
from auditor.store.format.checkpoint import Checkpoint
from auditor.store.format.layout import Column, Purpose
from auditor.store.format.records import Names, Record, SealedExchange, Values
from auditor.store.format.sealing import Reference, SegmentKeys, open_apart, reference, unframe
from auditor.store.keys import facts
from auditor.store.keys.identity import Identity, KeyGone, Opener
from auditor.store.ledger import segment
from auditor.store.ledger.segment import Header
from auditor.store.location import Location

_ROWS: Final = 512
_CACHED_SEGMENTS: Final = 64


class LedgerReader:
    """Opens records of all ledgers of a store. Not for use by several threads at once."""

    def __init__(self, location: Location, opener: Opener) -> None:
        self.location = location
        self.facts: facts.StoreFacts = location.facts()
        self._opener = opener
        self._ledgers: dict[str, _Ledger] = {}

    @classmethod
    def open(cls, location: Location, identity: Identity) -> "LedgerReader":
        """A reader with this identity's keys. Raises `InputError` where there is no store."""
        return cls(location, identity.opener)

    def ledgers(self) -> tuple[str, ...]:
        """The ledgers that have begun, by name."""
        return self.location.ledgers()

    def records(self, ledger: str, after_seq: int = 0, limit: int | None = None) -> Iterator[Record]:
        """Records past a sequence number, in order; those erased, or whose epoch key was destroyed, are left out.

        Raises `CheckFailed` where a record was altered, `UnlockError` where its epoch key is not held.
        """
        return self._ledger(ledger).records(after_seq, limit)

    def body(self, ledger: str, seq: int) -> SealedExchange:
        """The content of one record. Raises `InputError` where there is none."""
        return self._ledger(ledger).exchange(seq)

    def leaf(self, ledger: str, seq: int) -> bytes:
        """The leaf hash of one record, which the ledger's checkpoints commit to. Raises `InputError` where there is no
        such record."""
        return self._ledger(ledger).leaf(seq)

    def behind(self, ledger: str, seq: int) -> Names:
        """Who stands behind the pseudonym of a `Named` record. Raises `InputError` where there is none (any more),
        `UnlockError` where this identity may not open names."""
        return records.decode_names(self._ledger(ledger).body(seq, Column.NAMES))

    def kept_apart(self, ledger: str, seq: int) -> Values:
        """What a `Withheld` record keeps. Raises as `behind`."""
        return records.decode_values(self._ledger(ledger).body(seq, Column.VALUES))

    def tail(self) -> Mapping[str, int]:
        """The number of the newest leaf of each ledger: a cheap look for news."""
        return {name: self._ledger(name).last_seq() for name in self.ledgers()}

    def newest_checkpoint(self, ledger: str) -> Checkpoint | None:
        """What a ledger's newest checkpoint states, its signature unchecked; None before the first."""
        return self._ledger(ledger).newest_checkpoint()

    def _ledger(self, name: str) -> "_Ledger":
        if name not in self._ledgers:
            if name not in self.location.ledgers():
                raise InputError(f"There is no ledger {name} in {self.location.label}.")
            self._ledgers[name] = _Ledger(name, self.location, self.facts.enrolment(name), self._opener)
        return self._ledgers[name]


class _Ledger:
    """One ledger, with the segments seen so far."""

    def __init__(self, name: str, location: Location, enrolment: facts.LedgerEnrolment, opener: Opener) -> None:
        self._name = name
        self._location = location
        self._enrolment = enrolment
        self._opener = opener
        self._headers: list[Header] = []
        self._keys: OrderedDict[int, SegmentKeys] = OrderedDict()
        self._passages = passages.Passages()

    def last_seq(self) -> int:
        notes = schema.checkpoint
        with self._reading() as connection:
            size = connection.scalar(select(func.max(notes.c.size)).where(notes.c.ledger == self._name))
        return (size or 0) - 1

    def newest_checkpoint(self) -> Checkpoint | None:
        notes = schema.checkpoint
        query = select(notes.c.note).where(notes.c.ledger == self._name).order_by(notes.c.size.desc()).limit(1)
        with self._reading() as connection:
            note = connection.scalar(query)
        return None if note is None else checkpoint.read(note)

    def exchange(self, seq: int) -> SealedExchange:
        framed = self._frame(seq, Column.BODY)
        last = reference(framed)
        if last is None:
            return records.decode_body(unframe(framed))
        with self._reading() as connection:
            texts = self._passages.read(last, lambda one: passage_frame(connection, self._name, one))
        return passages.weave(records.decode_body(unframe(framed, passages.given_to_body(texts))), texts)

    def body(self, seq: int, column: Column) -> bytes:
        return unframe(self._frame(seq, column))

    def _frame(self, seq: int, column: Column) -> bytes:
        with self._reading() as connection:
            self._load_headers(connection)
            seg, body = _content(connection, self._name, seq)
            keys = self._unlock(connection, seg)
        return keys.open_frame(seq, column, body)

    def leaf(self, seq: int) -> bytes:
        table = schema.record
        with self._reading() as connection:
            leaf = connection.scalar(select(table.c.leaf).where(table.c.ledger == self._name, table.c.seq == seq))
        if not isinstance(leaf, bytes):
            raise InputError(f"There is no record {seq} in ledger {self._name}.")
        return leaf

    def records(self, after_seq: int, limit: int | None) -> Iterator[Record]:
        left = limit
        for record in self._all(after_seq):
            if left is not None:
                if left <= 0:
                    return
                left -= 1
            yield record

    def _all(self, after_seq: int) -> Iterator[Record]:
        with self._reading() as connection:
            self._load_headers(connection)
        headers = self._headers
        for index, header in enumerate(headers):
            if index + 1 < len(headers) and headers[index + 1].first_seq <= after_seq + 1:
                continue
            yield from self._segment(header, after_seq)

    def _segment(self, header: Header, after_seq: int) -> Iterator[Record]:
        table, name, decode = schema.segment_footer, self._name, records.decode_meta
        try:
            with self._reading() as connection:
                query = select(table.c.footer).where(table.c.ledger == name, table.c.seg == header.seg)
                footer = connection.scalar(query)
                keys = self._unlock(connection, header.seg)
                keys.need(Purpose.METADATA)
        except KeyGone:
            return
        if footer is None:
            yield from self._rows(header, keys, after_seq)
            return
        for seq, has_body, meta in segment.read_footer(footer, keys, after_seq):
            yield Record(name, seq, decode(meta), has_body)

    def _rows(self, header: Header, keys: SegmentKeys, after_seq: int) -> Iterator[Record]:
        table = schema.record
        has_body = table.c.body.is_not(None).label("has_body")
        query = (
            select(table.c.seq, table.c.meta, has_body)
            .where(table.c.ledger == self._name, table.c.seg == header.seg, table.c.meta.is_not(None))
            .order_by(table.c.seq)
            .limit(_ROWS)
        )
        last = max(after_seq, header.first_seq)
        while True:
            with self._reading() as connection:
                rows = connection.execute(query.where(table.c.seq > last)).all()
            for seq, meta, with_body in rows:
                yield Record(self._name, seq, records.decode_meta(keys.open(seq, Column.META, meta)), with_body)
            if len(rows) < _ROWS:
                return
            last = rows[-1].seq

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection]:
        """A short transaction; what the database cannot make sense of is told as damage of the file."""
        with self._location.translated(self._name), self._location.engine(self._name).begin() as connection:
            yield connection

    def _load_headers(self, connection: Connection) -> None:
        """Take up new segments, each signed by the key of the one before."""
        table = schema.segment
        known = len(self._headers)
        query = select(table).where(table.c.ledger == self._name, table.c.seg >= known).order_by(table.c.seg)
        for row in connection.execute(query).mappings():
            header, signature = segment.header_of(row)
            previous = self._headers[-1].sign_pk if self._headers else self._enrolment.enrol_key
            signing.check(
                previous, header.message(), signature, f"Ledger {self._name}: segment {header.seg}'s signature"
            )
            if header.seg != len(self._headers):
                raise CheckFailed(f"Ledger {self._name}: segment {len(self._headers)} is missing.")
            self._headers.append(header)

    def _unlock(self, connection: Connection, seg: int) -> SegmentKeys:
        if seg in self._keys:
            self._keys.move_to_end(seg)
            return self._keys[seg]
        if not 0 <= seg < len(self._headers):
            raise CheckFailed(f"Ledger {self._name}: a record names segment {seg}, which does not exist.")
        keys = segment.unlock(self._headers[seg], wrapped_keys(connection, self._name, seg), self._opener)
        self._keys[seg] = keys
        if len(self._keys) > _CACHED_SEGMENTS:
            self._keys.popitem(last=False)
        return keys


def passage_frame(connection: Connection, ledger: str, passage: Reference) -> bytes:
    """The frame of a passage. Raises `InputError` where it is not there, `CheckFailed` where it was altered or is not
    the one that was referred to."""
    seg, body = _content(connection, ledger, passage.seq)
    if type(seg) is not int or not 0 <= seg < 1 << 32:
        raise CheckFailed(f"Record {passage.seq} of ledger {ledger} names no segment.")
    return open_apart(layout.segment_prefix(ledger, seg), passage.seq, passage.key, body)


def _content(connection: Connection, ledger: str, seq: int) -> tuple[int, bytes]:
    """The segment of a record, and its sealed content."""
    table = schema.record
    here = (table.c.ledger == ledger, table.c.seq == seq)
    row = connection.execute(select(table.c.seg, table.c.body).where(*here)).first()
    if row is None or row.body is None:
        raise InputError(f"Record {seq} of ledger {ledger} has no content (any more).")
    return row.seg, row.body


def wrapped_keys(connection: Connection, ledger: str, seg: int) -> dict[str, bytes]:
    """A segment's wrapped keys by recipient."""
    table = schema.segment_key
    query = select(table.c.recipient, table.c.wrapped).where(table.c.ledger == ledger, table.c.seg == seg)
    return {row.recipient: row.wrapped for row in connection.execute(query)}
