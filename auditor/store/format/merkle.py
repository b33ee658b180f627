# SPDX-License-Identifier: Apache-2.0
"""The Merkle tree of a ledger (RFC 9162, section 2.1) as a compact range: only the peaks are kept.

A frontier is the roots of the full subtrees of the tree, largest first; its length is the number of ones in the
tree's size. From it the tree goes on without its earlier leaves.
"""

import hashlib
from collections.abc import Iterable
from typing import Final

HASH_SIZE: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()

_NODE = b"\x01"


class Tree:
    """A growing tree over leaf hashes."""

    __slots__ = ("_peaks", "size")

    def __init__(self, size: int = 0, frontier: bytes = b"") -> None:
        """Go on from a frontier. Raises `ValueError` where its length does not belong to the size."""
        if len(frontier) != size.bit_count() * HASH_SIZE:
            raise ValueError("the frontier does not belong to a tree of this size")
        self.size = size
        self._peaks = [frontier[at : at + HASH_SIZE] for at in range(0, len(frontier), HASH_SIZE)]

    def copy(self) -> "Tree":
        """An independent tree of the same content."""
        tree = Tree.__new__(Tree)
        tree.size, tree._peaks = self.size, self._peaks.copy()
        return tree

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes in order."""
        sha256, peaks, size = hashlib.sha256, self._peaks, self.size
        for leaf in leaves:
            node, full = leaf, size
            while full & 1:
                node = sha256(_NODE + peaks.pop() + node).digest()
                full >>= 1
            peaks.append(node)
            size += 1
        self.size = size

    def frontier(self) -> bytes:
        """The peaks, largest subtree first."""
        return b"".join(self._peaks)

    def root(self) -> bytes:
        """The root hash of what was appended so far."""
        if not self._peaks:
            return EMPTY_ROOT
        *rest, root = self._peaks
        for peak in reversed(rest):
            root = hashlib.sha256(_NODE + peak + root).digest()
        return root
