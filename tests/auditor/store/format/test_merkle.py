# SPDX-License-Identifier: Apache-2.0
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from auditor.store.format.merkle import EMPTY_ROOT, Tree

ENTRIES = tuple(
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
)
ROOTS = (  # the published roots over the first 1 to 8 of these entries (certificate-transparency, RFC 6962 and 9162)
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def test_published_roots() -> None:
    tree = Tree()
    assert tree.root() == EMPTY_ROOT
    for entry, root in zip(ENTRIES, ROOTS, strict=True):
        tree.append(leaf(entry))
        assert tree.root().hex() == root


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=70))
def test_roots_are_those_of_an_independent_tree(entries: list[bytes]) -> None:
    tree, oracle = Tree(), InmemoryTree(algorithm="sha256")
    for entry in entries:
        tree.append(leaf(entry))
        oracle.append_entry(entry)
    assert tree.root() == oracle.get_root()


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_tree_goes_on_from_its_frontier(before: int, after: int) -> None:
    whole = Tree()
    whole.extend(leaf(bytes([number])) for number in range(before))
    resumed = Tree(whole.size, whole.frontier())
    more = [leaf(b"more %d" % number) for number in range(after)]
    whole.extend(more)
    resumed.extend(more)
    assert (resumed.size, resumed.root()) == (whole.size, whole.root())


def test_a_copy_is_independent() -> None:
    tree = Tree()
    tree.append(leaf(b"one"))
    root = tree.root()
    tree.copy().append(leaf(b"two"))
    assert (tree.size, tree.root()) == (1, root)


@pytest.mark.parametrize(("size", "frontier"), [(0, bytes(32)), (3, bytes(32)), (1, bytes(31))])
def test_a_frontier_of_another_size_is_refused(size: int, frontier: bytes) -> None:
    with pytest.raises(ValueError, match="does not belong"):
        Tree(size, frontier)
