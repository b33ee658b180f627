# SPDX-License-Identifier: Apache-2.0
"""Pins: what was seen once cannot be cut or rolled back unnoticed; the file holds only for its identity and store."""

import shutil
from pathlib import Path

import pytest

from auditor.errors import CheckFailed, InputError
from auditor.store.verification import pins
from auditor.store.verification.pins import PinFile
from auditor.store.verification.verify import Report, verify
from tests.auditor.store.material import Home


def pin_file(home: Home) -> PinFile:
    return PinFile(home.made.identity, home.identity, home.made.store_id)


def pinned(home: Home) -> Report:
    """A verification against the pins."""
    seen = pin_file(home).load()
    roots, known = (seen.roots(), seen.facts) if seen else (None, ())
    return verify(home.location, home.identity, pins=roots, known=known)


def test_a_ledger_rolled_back_is_found(home: Home, tmp_path: Path) -> None:
    home.write(2)
    shutil.copyfile(home.file, tmp_path / "backup.db")
    home.write(3)
    assert pin_file(home).load() is None
    pin_file(home).advance(pinned(home))
    assert pinned(home).holds
    shutil.copyfile(tmp_path / "backup.db", home.file)
    assert verify(home.location, home.identity).holds, "nothing else tells"
    (fault,) = pinned(home).faults
    assert (fault.ledger, fault.what) == (home.gateway, "it was cut: a later state was seen before")


def test_a_ledger_taken_away_is_found(home: Home) -> None:
    home.write(2)
    pin_file(home).advance(pinned(home))
    home.file.unlink()
    (fault,) = pinned(home).faults
    assert "gone" in fault.what


def test_a_ledger_that_grew_holds_and_moves_the_pins(home: Home) -> None:
    sizes = []
    for _ in range(3):
        home.write(2)
        report = pinned(home)
        assert report.holds
        pin_file(home).advance(report)
        seen = pin_file(home).load()
        assert seen is not None
        sizes.append(next(one.size for one in seen.ledgers if one.ledger == home.gateway))
    assert sizes == [4, 8, 12]


def test_a_verification_that_failed_moves_nothing(home: Home) -> None:
    home.write(2)
    pin_file(home).advance(pinned(home))
    home.file.unlink()
    with pytest.raises(ValueError, match="held"):
        pin_file(home).advance(pinned(home))


def test_the_file_tells_nothing_and_cannot_be_altered(home: Home, tmp_path: Path) -> None:
    home.write(2)
    file = pin_file(home)
    file.advance(pinned(home))
    raw = file.path.read_bytes()
    assert home.gateway.encode() not in raw
    file.path.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    with pytest.raises(CheckFailed, match="altered"):
        file.load()
    other = Home(tmp_path / "other")
    shutil.copyfile(file.path, pin_file(other).path)
    with pytest.raises(CheckFailed):
        pin_file(other).load()


def test_a_statement_serves_a_third_party(home: Home, tmp_path: Path) -> None:
    home.write(2)
    path = tmp_path / "seen.json"
    path.write_bytes(pins.encode(pins.stated(verify(home.location))))
    statement = pins.read(path, home.made.store_id)
    assert [one.note is not None for one in statement.ledgers] == [True]
    assert pins.merged([statement.roots(), {"x": {1: b""}}]) == {**statement.roots(), "x": {1: b""}}
    home.write(1)
    assert verify(home.location, pins=statement.roots()).holds
    with pytest.raises(InputError, match="another store"):
        pins.read(path, "0" * 16)


@pytest.mark.parametrize("raw", [b"", b"{}", b'{"kind":"x","store":"s","ledgers":[]}', b"[1]"])
def test_other_files_are_no_statements(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "f").write_bytes(raw)
    with pytest.raises(InputError, match="no statement"):
        pins.read(tmp_path / "f", "s")
