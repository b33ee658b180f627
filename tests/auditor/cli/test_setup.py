# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from auditor.store.keys.identity import Identity
from auditor.store.location import Location
from tests.auditor.cli.house import PASSPHRASE, House


def test_init_makes_a_store_its_identity_and_a_gateways_folder(house: House, tmp_path: Path) -> None:
    out = tmp_path / "new"
    ran = house.ok("init", "--out", out, "--name", "Ada")
    assert {path.name for path in out.iterdir()} == {"store", "auditor.identity", "gateway"}
    for path in out.iterdir():
        assert str(path) in ran.out
    assert Identity.open(out / "auditor.identity", PASSPHRASE).name == "Ada"
    assert Location(folder=out / "store").facts().id


def test_init_overwrites_nothing(house: House) -> None:
    before = house.files()
    ran = house.run("init", "--out", house.folder)
    assert ran.code == 2
    assert "exists already" in ran.sentence
    assert house.files() == before


@pytest.mark.parametrize("under", ["passphrase", "passphrase/deeper"])
def test_init_in_a_place_that_cannot_be_written_leaves_nothing(house: House, tmp_path: Path, under: str) -> None:
    before = sorted(tmp_path.rglob("*"))
    ran = house.run("init", "--out", tmp_path / under)
    assert ran.code == 4
    assert str(tmp_path / under) in ran.sentence
    assert sorted(tmp_path.rglob("*")) == before


def test_init_on_a_server_that_is_away_leaves_nothing(house: House, tmp_path: Path) -> None:
    out = tmp_path / "new"
    ran = house.run("init", "--out", out, "--store", "postgresql+psycopg://ada:hunter2@127.0.0.1:1/audit")
    assert ran.code == 4
    assert "cannot be reached" in ran.sentence
    assert "hunter2" not in ran.sentence
    assert not out.exists()


def test_init_needs_a_folder(house: House) -> None:
    ran = house.run("init")
    assert ran.code == 2
    assert ran.sentence == "Missing option '--out'. See: auditor init --help"
