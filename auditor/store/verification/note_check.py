# SPDX-License-Identifier: Apache-2.0
"""Verification of checkpoints: each signed by its segment's key, none taken out, each root that of the tree."""

from collections import deque
from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection

from auditor.errors import CheckFailed
from auditor.store.format import checkpoint
from auditor.store.format.checkpoint import Checkpoint
from auditor.store.format.merkle import EMPTY_ROOT, Tree
from auditor.store.verification import snapshot
from auditor.store.verification.faults import Faults
from auditor.store.verification.snapshot import Note, Snapshot

_SPAN: Final = 1 << 16
"""Leaves whose checkpoints are read at once."""

_NEVER: Final = 1 << 62

CLOCK_MS: Final = 2000
"""A clock set back by less is steered, not jumped."""


class NoteCheck:
    """Follows a growing tree with the checkpoints and pins that speak about it."""

    def __init__(
        self,
        connection: Connection,
        frame: Snapshot,
        place: tuple[str, int],
        pins: Mapping[int, bytes],
        faults: Faults,
    ) -> None:
        """`place`: the ledger's origin, and the size from which on its tree will grow."""
        self.root = EMPTY_ROOT
        self.count = 0
        self._connection = connection
        self._frame = frame
        self._origin, since = place
        self._pins = deque(sorted(pins.items()))
        self._faults = faults
        self._signers = {header.seg: header.sign_pk for header, _ in frame.headers}
        self._pending: deque[Note] = deque()
        self._loaded = since
        self._sizes = {-1, *self._sizes_until(since)}
        self._newest_ms = 0
        self.set_back: list[tuple[int, int]] = []
        self._good = 0
        self.next_size = 0
        self._look_ahead()

    def holds(self, tree: Tree) -> bool:
        """Check what is stated up to the tree's size; whether every root stated for it is its own."""
        self._skip_to(tree.size)
        found = True
        while self._pending and self._pending[0].size == tree.size:
            found &= self._check_root(self._pending.popleft(), tree)
        while self._pins and self._pins[0][0] == tree.size:
            found &= self._check_pin(tree, self._pins.popleft()[1])
        self._look_ahead()
        return found

    def finish(self, tree: Tree | None) -> None:
        """Check what is left: signatures of checkpoints past a break, the newest checkpoint, pins beyond the end."""
        self._skip_to(self._frame.size + 1)
        if tree is not None:
            self.root = tree.root()
            if tree.size != self._frame.size:
                self._faults.add("its newest checkpoint does not cover all its records", self._frame.size - 1)
        for size, _ in self._pins:
            if size > self._frame.size:
                self._faults.add("it was cut: a later state was seen before", self._frame.size, size - 1)

    def _skip_to(self, size: int) -> None:
        """Check the signatures of checkpoints the tree cannot speak about, since a fault broke it off."""
        while True:
            self._load()
            if not self._pending or self._pending[0].size >= size:
                break
            self._signed(self._pending.popleft())
        while self._pins and self._pins[0][0] < size and self._pins[0][0] <= self._frame.size:
            self._pins.popleft()

    def _check_root(self, note: Note, tree: Tree) -> bool:
        stated = self._signed(note)
        if stated is None or stated.root == tree.root():
            self._good = tree.size
            return True
        if not self._faults.explain(self._good, tree.size):
            what = "they do not give the root that the checkpoint after them states"
            self._faults.add(what, self._good, tree.size - 1)
        return False

    def _check_pin(self, tree: Tree, root: bytes) -> bool:
        if root != tree.root():
            self._faults.add("the ledger up to here is not the one seen before", tree.size - 1)
        return root == tree.root()

    def _signed(self, note: Note) -> Checkpoint | None:
        """What a checkpoint states, if its signature and its row hold; else a fault."""
        self.count += 1
        try:
            stated = checkpoint.verify(note.note, self._signers.get(note.seg, b""))
            agree(note, stated, self._origin)
            if stated.previous not in self._sizes:
                raise CheckFailed("The checkpoint before this one was taken out.")
        except CheckFailed as error:
            self._faults.add(error.message, note.size - 1)
            return None
        finally:
            self._sizes.add(note.size)
        if stated.at_ms < self._newest_ms - CLOCK_MS:
            self.set_back.append((note.size - 1, self._newest_ms - stated.at_ms))
        self._newest_ms = stated.at_ms
        return stated

    def _sizes_until(self, size: int) -> list[int]:
        """The checkpoints before the tree begins, which the next one may name."""
        if not size or self._frame.newest is None:
            return []
        with self._connection.begin():
            return snapshot.sizes_until(self._connection, self._frame.newest.ledger, size)

    def _load(self) -> None:
        """Read the next checkpoints; the newest is the one of the frame, since its row may be replaced meanwhile."""
        newest = self._frame.newest
        while not self._pending and newest is not None and self._loaded < newest.size:
            until = min(self._loaded + _SPAN, newest.size)
            with self._connection.begin():
                found = snapshot.notes_between(self._connection, newest.ledger, self._loaded, until, self._faults)
            self._pending.extend(note for note in found if note.size < newest.size)
            if until == newest.size:
                self._pending.append(newest)
            self._loaded = until

    def _look_ahead(self) -> None:
        self._load()
        note = self._pending[0].size if self._pending else _NEVER
        pin = self._pins[0][0] if self._pins else _NEVER
        self.next_size = min(note, pin)


def agree(note: Note, stated: Checkpoint, origin: str) -> None:
    """Raise `CheckFailed` where a row says something else than the note in it."""
    row = (note.size, note.seg, note.at_ms, origin)
    if row != (stated.size, stated.segment, stated.at_ms, stated.origin):
        raise CheckFailed("A checkpoint's row says something else than its note.")
