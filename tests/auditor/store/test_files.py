# SPDX-License-Identifier: Apache-2.0
import os
import stat
from pathlib import Path

import pytest

from auditor.errors import EnvironmentFailure, InputError
from auditor.store import files


def test_a_file_is_replaced_whole_with_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "file"
    files.write(path, b"old")
    files.write(path, b"new", files.PRIVATE)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["file"]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    files.write(path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EnvironmentFailure, match="No space left"):
        files.write(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.skipif(os.name == "nt", reason="Windows does not replace an open file")
def test_the_bytes_of_a_replaced_secret_are_overwritten(tmp_path: Path) -> None:
    path, still_linked = tmp_path / "secret", tmp_path / "old inode"
    files.write(path, b"the old key", files.PRIVATE)
    os.link(path, still_linked)
    files.replace_secret(path, b"the new key, longer")
    assert path.read_bytes() == b"the new key, longer"
    assert still_linked.read_bytes() == bytes(11)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"The identity .*nowhere could not be read"):
        files.read(tmp_path / "nowhere", "The identity")
