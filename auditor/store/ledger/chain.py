# SPDX-License-Identifier: Apache-2.0
"""Where a ledger stands: its tree, its newest segment and checkpoint. Loaded from the file, then carried in memory."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from auditor.errors import CheckFailed
from auditor.store.format import checkpoint, layout, schema
from auditor.store.format.checkpoint import Checkpoint
from auditor.store.format.layout import Column
from auditor.store.format.merkle import Tree
from auditor.store.ledger.segment import Header, header_of

_SECOND_MS = 1000


@dataclass(frozen=True)
class Position:
    """The state of a ledger between two commits. `kept_ms`: since when the newest checkpoint has
    been replaced by each commit."""

    tree: Tree
    header: Header | None = None
    newest: Checkpoint | None = None
    kept_ms: int = 0

    @property
    def next_segment(self) -> int:
        """The number the next segment takes."""
        return 0 if self.header is None else self.header.seg + 1

    def follow(self, tree: Tree, header: Header, origin: str, at_ms: int) -> tuple["Position", int | None]:
        """The position after a commit, and the size of the checkpoint that its own one replaces, if any.

        A checkpoint stays where it closes a segment, or where a second passed since the last one that stays.
        """
        old = self.newest
        stays = old is None or old.segment != header.seg or abs(at_ms - self.kept_ms) >= _SECOND_MS
        previous = -1 if old is None else old.size if stays else old.previous
        new = Checkpoint(
            origin=origin, size=tree.size, root=tree.root(), segment=header.seg, at_ms=at_ms, previous=previous
        )
        kept_ms = at_ms if stays else self.kept_ms
        replaced = None if stays or old is None else old.size
        return Position(tree, header, new, kept_ms), replaced


def load(connection: Connection, ledger: str) -> Position:
    """The position of a ledger, checked against its newest checkpoint. Raises `CheckFailed` where they part."""
    segments = schema.segment
    newest = segments.select().where(segments.c.ledger == ledger).order_by(segments.c.seg.desc()).limit(1)
    row = connection.execute(newest).mappings().first()
    if row is None:
        return Position(Tree())
    header, signature = header_of(row)
    tree = _regrow(connection, header, signature)
    notes = schema.checkpoint
    note = connection.execute(
        select(notes.c.note).where(notes.c.ledger == ledger).order_by(notes.c.size.desc()).limit(1)
    ).scalar()
    found = checkpoint.verify(note or "", header.sign_pk)
    if (found.size, found.root) != (tree.size, tree.root()):
        raise CheckFailed(
            f"Ledger {ledger} was altered: its newest records do not match its newest checkpoint.",
            "Run `auditor verify`; nothing more is written to this ledger.",
        )
    return Position(tree, header, found, found.at_ms)


def _regrow(connection: Connection, header: Header, signature: bytes) -> Tree:
    """The tree at the end of the newest segment, from its header's frontier on."""
    try:
        tree = Tree(header.first_seq, header.frontier)
    except ValueError as error:
        raise CheckFailed(f"Segment {header.seg}: its header is malformed.") from error
    records, footers = schema.record, schema.segment_footer
    tree.append(header.leaf(signature))
    in_order = select(records.c.leaf).where(records.c.ledger == header.ledger, records.c.seq >= header.first_seq)
    footer = select(footers.c.leaf).where(footers.c.ledger == header.ledger, footers.c.seg == header.seg)
    for leaf in (*connection.scalars(in_order.order_by(records.c.seq)), *connection.scalars(footer)):
        if not isinstance(leaf, bytes):
            raise CheckFailed(f"Ledger {header.ledger}: a leaf hash is malformed.", "Run `auditor verify`.")
        tree.append(leaf)
    return tree


def footer_leaf(header: Header, seq: int, footer: bytes) -> bytes:
    """The leaf of a segment's footer."""
    return layout.blob_leaf(layout.segment_prefix(header.ledger, header.seg), seq, Column.FOOTER, footer)
