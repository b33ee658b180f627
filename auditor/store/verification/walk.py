# SPDX-License-Identifier: Apache-2.0
"""Verification of one ledger: leaf by leaf along its segments, against its signatures and checkpoints.

What holds for a sound ledger, and is checked here or in `frame_check`:
- every segment header is signed by the key before it, from the enrolled key on, and continues the tree;
- every record's leaf is the hash of its place and its sealed blobs, and no number is missing, doubled or foreign;
- the tree over all leaves has the root each checkpoint states, signed by its segment's key, none taken out;
- a record without content was erased by an auditor of the store, who signed for its leaf; a footer without content
  belongs to a segment in which a record was;
- with an identity: every secret is the committed one, every blob opens, what rests on passages is put together with
  them, and every footer repeats its records.

The frame is read once; records come in short transactions, since rows below the newest checkpoint never change. So a
gateway that writes meanwhile raises no false alarm, and its log can shrink.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError

from auditor.calls import Compact
from auditor.errors import CheckFailed
from auditor.store.format import checkpoint, layout, schema
from auditor.store.format.layout import record_leaf
from auditor.store.format.merkle import Tree
from auditor.store.format.passages import Passages
from auditor.store.format.sealing import Reference
from auditor.store.keys import facts
from auditor.store.keys.identity import Opener
from auditor.store.ledger import chain, erasure
from auditor.store.ledger.reader import passage_frame
from auditor.store.ledger.segment import Header
from auditor.store.verification import frame_check, snapshot, windows
from auditor.store.verification.faults import Faults
from auditor.store.verification.note_check import NoteCheck
from auditor.store.verification.opening import OpenedSegment
from auditor.store.verification.snapshot import Snapshot
from auditor.store.verification.windows import Row, Window

_WINDOW: Final = 256
"""Numbers for which erasures are looked up together."""


class LedgerReport(Compact, frozen=True, kw_only=True):
    """What was verified of a ledger. `root` is in hex; `opened` counts records opened with an identity, `erased` those
    of `records` whose content an auditor had erased, `destroyed` those whose epoch key the identity
    destroyed. `note` is the newest checkpoint, signed. Records before `since` were verified earlier and not read again;
    `set_back` says after which records the gateway's clock had gone back, and by how many milliseconds."""

    ledger: str
    size: int
    root: str
    records: int
    segments: int
    checkpoints: int
    opened: int
    erased: int
    destroyed: int
    since: int = 0
    set_back: tuple[tuple[int, int], ...] = ()
    newest_ms: int | None = None
    note: str | None = None


class Walk:
    """One pass over one ledger. `start` reads the frame, `run` goes through the leaves."""

    def __init__(self, source: Engine, enrolment: facts.LedgerEnrolment, store: facts.StoreFacts) -> None:
        self.ledger = enrolment.ledger
        self.faults = Faults(self.ledger)
        self._source = source
        self._enrolment = enrolment
        self._store = store
        self._tree: Tree | None = Tree()
        self._since = 0
        self._records = 0
        self._opened = 0
        self._erased: set[int] = set()
        self._erasures: dict[object, dict[str, object]] = {}
        self._destroyed = 0
        self._passages = Passages()

    def start(self, seen: int = 0) -> int:
        """Read and check the frame; the number of leaves there are to walk: with the size of a pin, from the segment on
        in which it lies, since that segment's signed header and the pin's root together say what came before.
        """
        with self._source.begin() as connection:
            self._frame: Snapshot = snapshot.take(connection, self.ledger, self.faults)
        frame_check.check(self._frame, self._enrolment, self._store, self.faults)
        self.faults.begin_walk()
        begins = [header.first_seq for header, _ in self._frame.headers if header.first_seq < seen]
        self._since = max(begins, default=0)
        self._tree = None if self._since else Tree()
        return max(self._frame.size - self._since, 0)

    def run(self, opener: Opener | None, pins: Mapping[int, bytes], advance: Callable[[int], None]) -> LedgerReport:
        """Walk all leaves. `pins` are roots seen before, by tree size; `advance` is told of leaves walked."""
        headers = self._frame.headers
        ends = [*(header.first_seq for header, _ in headers[1:]), self._frame.size]
        with self._source.connect() as self._connection:
            origin = checkpoint.origin(self._store.id, self.ledger)
            self._notes = NoteCheck(self._connection, self._frame, (origin, self._since), pins, self.faults)
            for (header, signature), end in zip(headers, ends, strict=False):  # without headers there is an end more
                if header.first_seq < self._since:
                    continue
                wrapped = self._frame.wrapped.get(header.seg, {})
                opened = OpenedSegment(header, wrapped, opener, self.faults, self._texts)
                self._segment(header, signature, end, opened, advance)
                self._opened += opened.count
            self._notes.finish(self._tree)
        for seq in sorted(self._frame.erased - self._erased):
            if seq >= self._since and not self.faults.explain(seq, seq + 1):
                self.faults.add("it was erased, but its content is here", seq)
        return self._report()

    def _texts(self, last: Reference) -> Sequence[bytes]:
        """What passages say that a body rests on. Raises `CheckFailed` and `InputError` where one is not as it was."""
        try:
            with self._connection.begin():
                return self._passages.read(last, lambda one: passage_frame(self._connection, self.ledger, one))
        except (DBAPIError, UnicodeDecodeError, TypeError) as error:  # as for windows; a blob that became a text
            raise CheckFailed("its passage cannot be read.") from error

    def _report(self) -> LedgerReport:
        newest = self._frame.newest
        return LedgerReport(
            ledger=self.ledger,
            size=self._frame.size,
            root=self._notes.root.hex(),
            records=self._records,
            segments=len(self._frame.headers),
            checkpoints=self._notes.count,
            opened=self._opened,
            erased=len(self._erased),
            destroyed=self._destroyed,
            since=self._since,
            set_back=tuple(self._notes.set_back),
            newest_ms=newest.at_ms if newest else None,
            note=newest.note if newest else None,
        )

    def _segment(
        self, header: Header, signature: bytes, end: int, opened: OpenedSegment, advance: Callable[[int], None]
    ) -> None:
        self._enter(header)
        self._push([header.leaf(signature)])
        footer = self._frame.footers.get(header.seg)
        last = end if footer is None else end - 1
        if footer is not None and footer.last_seq != last:
            self.faults.add(f"segment {header.seg}'s footer is not where the segment ends", footer.last_seq)
        before = self._records
        self._walk_records(header, (last, end), opened, advance)
        self._destroyed += self._records - before if opened.is_gone else 0
        if footer is not None:
            self._walk_footer(header, footer, opened)

    def _enter(self, header: Header) -> None:
        """Take up the tree where the signed header says it stands, also after a fault broke it off."""
        if self._tree is not None and (self._tree.size, self._tree.frontier()) == (header.first_seq, header.frontier):
            return
        if self._tree is not None:
            self.faults.add(f"segment {header.seg} does not continue the ledger before it", header.first_seq)
        try:
            self._tree = Tree(header.first_seq, header.frontier)
        except ValueError:
            self._tree = None

    def _walk_records(
        self, header: Header, span: tuple[int, int], opened: OpenedSegment, advance: Callable[[int], None]
    ) -> None:
        """Walk the records of a segment: all numbers past its header up to `span`'s first; none beside them."""
        last, end = span
        place, expected = (self.ledger, header.seg), header.first_seq + 1
        prefix = layout.segment_prefix(header.ledger, header.seg)
        proof = windows.Proof(self.ledger, header.seg, prefix, expected, last)
        for window in windows.read(self._connection, (expected - 1, end), proof, self.faults, keep=opened.opens):
            if window.leaves is not None:
                if window.leaves and window.first != expected:
                    self._miss(expected, window.first)
                self._take(window, window.leaves, opened, advance)
                expected = window.first + len(window.leaves) if window.leaves else expected
                continue
            leaves = []
            for row in window.rows:
                name, seq, seg, leaf, meta, body = row
                if type(seq) is not int or not expected <= seq < last:
                    self.faults.add("it was added: no record has this number", seq if type(seq) is int else expected)
                    continue
                if seq != expected:
                    self._miss(expected, seq)
                if (name, seg) != place or not _is_whole(meta, body) or record_leaf(prefix, seq, meta, body) != leaf:
                    self._blame(row, header)
                elif opened.opens:
                    opened.check(seq, meta, body)
                leaves.append(leaf if type(leaf) is bytes else b"")
                expected = seq + 1
            self._push(leaves)
            self._records += len(leaves)
            advance(len(leaves))
        if expected < last:
            self._miss(expected, last)

    def _take(self, window: Window, leaves: list[bytes], opened: OpenedSegment, advance: Callable[[int], None]) -> None:
        """Take up records that are proved."""
        for _, seq, _, _, meta, body in window.rows:
            opened.check(seq, meta, body)
        self._push(leaves)
        self._records += len(leaves)
        advance(len(leaves))

    def _blame(self, row: Row, header: Header) -> None:
        name, seq, seg, _, meta, body = row
        if _is_empty(meta, body) and seg == header.seg:
            if self._is_erased(seq):
                self._erased.add(seq)
            else:
                self.faults.add("its content was taken out, and no auditor signed for that", seq)
        elif not _is_whole(meta, body):
            self.faults.add("its content was taken out or is malformed", seq)
        elif (name, seg) != (self.ledger, header.seg):
            self.faults.add("it names another segment or ledger", seq)
        else:
            self.faults.add("it was altered, moved or replaced: its bytes do not match its leaf hash", seq)

    def _walk_footer(self, header: Header, footer: snapshot.Footer, opened: OpenedSegment) -> None:
        table = schema.segment_footer
        with self._connection.begin():
            blob = self._connection.scalar(
                select(table.c.footer).where(table.c.ledger == self.ledger, table.c.seg == header.seg)
            )
        seq = footer.last_seq
        if blob is None and self._lost_records(header.first_seq, seq):
            self._push([footer.leaf])
            return
        if not isinstance(blob, bytes) or chain.footer_leaf(header, seq, blob) != footer.leaf:
            self.faults.add(f"segment {header.seg}'s footer was altered or taken out", seq)
        else:
            opened.check_footer(seq, blob)
        self._push([footer.leaf])

    def _is_erased(self, seq: int) -> bool:
        """Whether an auditor of the store signed that a record was erased.

        Looked up as late as this, since a live writer may have carried it out after the frame was read.
        """
        if seq not in self._erasures:
            self._erasures = {row["seq"]: row for row in self._erasures_between(seq, seq + _WINDOW)}
        return seq in self._erasures and erasure.is_signed(self._erasures[seq], self._store)

    def _lost_records(self, first: int, last: int) -> bool:
        """Whether an auditor of the store signed that any of these records was erased."""
        return any(erasure.is_signed(row, self._store) for row in self._erasures_between(first, last))

    def _erasures_between(self, first: int, last: int) -> list[dict[str, object]]:
        with self._connection.begin():
            return snapshot.erasures_between(self._connection, self.ledger, first, last)

    def _push(self, leaves: list[bytes]) -> None:
        """Grow the tree; where a checkpoint or a pin states its root and it differs, leave it until the next header."""
        at = 0
        while self._tree is not None and at < len(leaves):
            until = max(at, at + self._notes.next_size - self._tree.size)
            self._tree.extend(leaves[at:until])
            at = until
            if self._tree.size >= self._notes.next_size and not self._notes.holds(self._tree):
                self._tree = None

    def _miss(self, first: int, until: int) -> None:
        if not self.faults.explain(first, until):
            what = "it is missing" if until == first + 1 else "they are missing"
            self.faults.add(what, first, until - 1)
        self._tree = None


def _is_whole(meta: object, body: object) -> bool:
    return type(meta) is bytes and (body is None or type(body) is bytes)


def _is_empty(meta: object, body: object) -> bool:
    return meta is None and body is None
