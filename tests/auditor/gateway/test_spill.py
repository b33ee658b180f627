# SPDX-License-Identifier: Apache-2.0
"""Large bodies in flight: byte-exact, sealed on disk, and gone afterwards."""

import os
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from auditor.gateway.spill import BLOCK, Spill

CANARY = b"canary of a prompt "


@given(sizes=st.lists(st.integers(min_value=0, max_value=3 * BLOCK // 2), max_size=5), bound=st.integers(0, BLOCK))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, sizes: list[int], bound: int) -> None:
    spill = Spill(tmp_path_factory.getbasetemp() / "spool", bound)
    pieces = [bytes([number + 1]) * size for number, size in enumerate(sizes)]
    for piece in pieces:
        spill.write(piece)
    assert spill.read() == b"".join(pieces)
    assert spill.read() == b""


def test_small_bodies_never_touch_the_disk(tmp_path: Path) -> None:
    spill = Spill(tmp_path / "spool", 1000)
    spill.write(b"x" * 1000)
    assert spill.spilled == 0
    assert not (tmp_path / "spool").exists()


def test_on_disk_nothing_is_readable_and_nothing_has_a_name(tmp_path: Path) -> None:
    spill = Spill(tmp_path, 1000)
    spill.write(CANARY * 100_000)
    assert spill.spilled > BLOCK
    assert list(tmp_path.iterdir()) == []
    on_disk = _content(spill)
    assert len(on_disk) > BLOCK
    assert CANARY not in on_disk
    assert spill.read() == CANARY * 100_000


def test_an_altered_file_is_noticed(tmp_path: Path) -> None:
    spill = Spill(tmp_path, 10)
    spill.write(b"y" * 2 * BLOCK)
    os.pwrite(_handle(spill), b"z", 100)
    with pytest.raises(InvalidTag):
        spill.read()


def _handle(spill: Spill) -> int:
    file = spill._file
    assert file is not None
    file.flush()
    return file.fileno()


def _content(spill: Spill) -> bytes:
    return os.pread(_handle(spill), 10_000_000, 0)
