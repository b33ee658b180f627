# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from auditor.store.identity import Identity
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


def test_init_for_a_server_is_refused(house: House, tmp_path: Path) -> None:
    ran = house.run("init", "--out", tmp_path / "new", "--store", "postgresql+psycopg://db/audit")
    assert ran.code == 2
    assert not (tmp_path / "new").exists()


def test_init_needs_a_folder(house: House) -> None:
    ran = house.run("init")
    assert ran.code == 2
    assert ran.sentence == "Missing option '--out'. See: auditor init --help"
