# SPDX-License-Identifier: Apache-2.0
"""What arrives is proved before it is kept: each piece of a ledger must continue the one that is here.

The same as verification proves of a whole ledger (`store.walk`), leaf by leaf from where we stand: headers signed by
the key before, leaf hashes of what came, roots and signatures of the checkpoints. So a source is believed nothing.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from auditor.errors import CheckFailed
from auditor.store.format import checkpoint, layout, schema, signing
from auditor.store.keys import facts
from auditor.store.ledger import chain, erasure, segment
from auditor.store.ledger.chain import Position
from auditor.store.ledger.segment import Header
from auditor.store.server.feed import Frame, Row, as_dicts
from auditor.store.verification.note_check import agree
from auditor.store.verification.snapshot import Note

type Fields = dict[str, Any]


class Inspection:
    """One piece, as it is walked: the frame first, then `records` in order, then `finish`. Raises `CheckFailed`."""

    def __init__(
        self,
        position: Position,
        frame: Frame,
        facts_of: tuple[facts.LedgerEnrolment, facts.StoreFacts],
        has_note: Callable[[int], bool],
    ) -> None:
        """`facts_of` are the ledger's and its store's; `has_note` says whether a checkpoint of a size is here."""
        enrolment, store = facts_of
        self._ledger = enrolment.ledger
        self._has_note = has_note
        self._store = store
        self._until = frame.until
        self._tree = position.tree.copy()
        self._header = position.header
        self._signer = enrolment.enrol_key if position.header is None else position.header.sign_pk
        self._signers = {} if position.header is None else {position.header.seg: position.header.sign_pk}
        self._newest = position.newest
        rows = {name: as_dicts(schema.metadata.tables[name], found) for name, found in frame.tables.items()}
        self._headers = {row["first_seq"]: row for row in rows[schema.segment.name]}
        self._footers = {row["last_seq"]: row for row in rows[schema.segment_footer.name]}
        self._erased = {row["seq"]: row for row in rows[schema.erasure.name]}
        self._wrapped = _by_segment(rows[schema.segment_key.name])
        self._notes = deque(sorted(rows[schema.checkpoint.name], key=lambda row: row["size"]))

        self._sizes = {row["size"] for row in self._notes}
        self._check_facts(rows, enrolment, frame)

    def records(self, rows: Sequence[Row]) -> None:
        """The next records, in order."""
        for row in as_dicts(schema.record, rows):
            self._go_to(row["seq"])
            header = self._header
            if header is None or row["seg"] != header.seg:
                raise self._failed(row["seq"], "names another segment")
            self._check_record(header, row)
            self._push(row["leaf"])

    def finish(self) -> Position:
        """Where the ledger stands after this piece."""
        self._go_to(self._until)
        if self._notes or self._newest is None or self._newest.size != self._until:
            raise CheckFailed(f"Ledger {self._ledger}: what came ends at no checkpoint.")
        return Position(self._tree, self._header, self._newest, self._newest.at_ms)

    def _check_facts(self, rows: Mapping[str, list[Fields]], enrolment: facts.LedgerEnrolment, frame: Frame) -> None:
        if frame.ledger != self._ledger or frame.after != self._tree.size:
            raise CheckFailed(f"Ledger {self._ledger}: what came does not follow what is here.")
        for row in rows[schema.ledger.name]:
            if msgspec.convert(row, facts.LedgerEnrolment) != enrolment:
                raise CheckFailed(f"Ledger {self._ledger}: its enrolment is not the one the store states.")
        for row in rows[schema.epoch.name]:
            key = msgspec.convert(row, facts.EpochKey)
            key.check(self._store.signing_key(key.auditor))

    def _go_to(self, seq: int) -> None:
        """Take up headers and footers until the tree is as large as `seq`."""
        while self._tree.size < seq:
            at = self._tree.size
            if at in self._headers:
                self._enter(self._headers.pop(at))
            elif at in self._footers:
                self._leave(self._footers.pop(at))
            else:
                raise self._failed(at, "is missing")
        if self._tree.size != seq:
            raise self._failed(seq, "came twice, or out of order")

    def _enter(self, row: Fields) -> None:
        header, signature = segment.header_of(row)
        expected = 0 if self._header is None else self._header.seg + 1
        what = f"Ledger {self._ledger}: the signature of segment {header.seg}'s header"
        signing.check(self._signer, header.message(), signature, what)
        place = (header.ledger, header.seg, header.format, header.first_seq, header.frontier)
        if place != (self._ledger, expected, layout.FORMAT, self._tree.size, self._tree.frontier()):
            raise self._failed(self._tree.size, f"begins segment {header.seg}, which does not continue the ledger")
        if segment.wrap_digest(self._wrapped.get(header.seg, {})) != header.wrap_digest:
            raise self._failed(self._tree.size, "comes with wrapped keys its header does not commit to")
        self._header, self._signer, self._signers[header.seg] = header, header.sign_pk, header.sign_pk

        self._push(header.leaf(signature))

    def _leave(self, row: Fields) -> None:
        header, blob = self._header, row["footer"]
        if header is None or row["seg"] != header.seg:
            raise self._failed(row["last_seq"], "is the footer of another segment")
        # One without its blob belongs to a segment in which a record was erased, maybe in an earlier piece: `verify`
        # knows; its leaf must fit the checkpoints all the same.
        if blob is not None and chain.footer_leaf(header, row["last_seq"], blob) != row["leaf"]:
            raise self._failed(row["last_seq"], "is a footer that does not match its leaf hash")
        self._push(row["leaf"])

    def _check_record(self, header: Header, row: Fields) -> None:
        seq, meta, body = row["seq"], row["meta"], row["body"]
        if meta is None and body is None:
            if not erasure.is_signed({**self._erased.get(seq, {}), "leaf": row["leaf"]}, self._store):
                raise self._failed(seq, "came without its content, and no auditor signed for that")
            return
        prefix = layout.segment_prefix(header.ledger, header.seg)
        if layout.record_leaf(prefix, seq, meta, body) != row["leaf"]:
            raise self._failed(seq, "was altered: its bytes do not match its leaf hash")

    def _push(self, leaf: bytes) -> None:
        self._tree.append(leaf)
        while self._notes and self._notes[0]["size"] <= self._tree.size:
            note = msgspec.convert(self._notes.popleft(), Note)
            stated = checkpoint.verify(note.note, self._signers.get(note.seg, b""))
            agree(note, stated, checkpoint.origin(self._store.id, self._ledger))
            if (stated.size, stated.root) != (self._tree.size, self._tree.root()):
                raise CheckFailed(f"Ledger {self._ledger}: what came does not give the root its checkpoint states.")
            if stated.previous not in self._sizes and stated.previous != -1 and not self._has_note(stated.previous):
                raise CheckFailed(f"Ledger {self._ledger}: a checkpoint was taken out of what came.")
            self._newest = stated

    def _failed(self, seq: int, what: str) -> CheckFailed:
        return CheckFailed(f"Ledger {self._ledger}: record {seq} {what}.", "Nothing of it was kept.")


def _by_segment(rows: Sequence[Fields]) -> dict[int, dict[str, bytes]]:
    found: dict[int, dict[str, bytes]] = {}
    for row in rows:
        found.setdefault(row["seg"], {})[row["recipient"]] = row["wrapped"]
    return found
