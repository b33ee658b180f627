# SPDX-License-Identifier: Apache-2.0
"""A full disk: what had begun is recorded into the reserve, and nothing new begins until there is room again."""

from pathlib import Path

import pytest

from auditor.errors import DiskFull
from auditor.store.ledger import reserve
from auditor.store.ledger.reserve import SIZE, Reserve
from tests.auditor.store.material import Home, completion, intent


def test_it_takes_its_space_and_gives_it_up_once(tmp_path: Path) -> None:
    kept = Reserve(tmp_path / "gateway-1.db", SIZE)
    (file,) = tmp_path.iterdir()
    assert (file.name, file.stat().st_size, kept.is_gone) == ("gateway-1.reserve", SIZE, False)
    assert file.stat().st_blocks * 512 >= SIZE, "a file with a hole in it keeps nothing"
    assert kept.give_up()
    assert not kept.give_up()
    assert list(tmp_path.iterdir()) == []


def test_it_comes_back_when_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Reserve(tmp_path / "gateway-1.db", SIZE)
    kept.give_up()
    monkeypatch.setattr(reserve, "PATIENCE_S", 0.0)
    with monkeypatch.context() as patch:
        patch.setattr(reserve, "_allocate", full)
        assert kept.is_gone
        assert list(tmp_path.iterdir()) == [], "whole or not at all"
    assert not kept.is_gone


def full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_no_reserve_is_never_gone(tmp_path: Path) -> None:
    kept = Reserve(tmp_path / "desk-1.db", 0)
    assert (kept.is_gone, kept.give_up(), list(tmp_path.iterdir())) == (False, False, [])


def test_while_it_is_gone_new_calls_are_refused_and_others_end(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with home.writer() as writer:
        writer.append([intent(1), intent(2)])
        insert = writer._append
        with monkeypatch.context() as patch:
            patch.setattr(writer, "_append", disk_full)
            with pytest.raises(DiskFull):
                writer.append([completion(1)])
        assert not home.file.with_suffix(".reserve").exists()
        assert insert
        with monkeypatch.context() as patch:
            patch.setattr(reserve, "_allocate", full)
            patch.setattr(reserve, "PATIENCE_S", 0.0)
            with pytest.raises(DiskFull):
                writer.append([intent(3)])
            writer.append([completion(1), completion(2)])
        monkeypatch.setattr(reserve, "PATIENCE_S", 0.0)
        writer.append([intent(3)])
    assert home.file.with_suffix(".reserve").stat().st_size == SIZE
    assert len(home.records()) == 5


def disk_full(*_: object) -> list[int]:
    raise DiskFull("The disk is full.")
