# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

from auditor.store import Enrolment
from tests.auditor.cli.house import House


def test_the_passphrase_is_changed(house: House, tmp_path: Path) -> None:
    new = tmp_path / "new"
    new.write_text("another horse\n")
    house.ok("identity", "passphrase", "--new-passphrase-file", new)
    assert house.run("calls").code == 3
    house.passphrase.write_bytes(new.read_bytes())
    house.ok("calls")
    house.ok("verify")


def test_without_a_terminal_the_new_passphrase_needs_a_file(house: House, tmp_path: Path) -> None:
    before = house.files()
    ran = house.run("identity", "passphrase")
    assert (ran.code, "--new-passphrase-file" in ran.sentence) == (3, True)
    (tmp_path / "empty").write_text("\n")
    assert house.run("identity", "passphrase", "--new-passphrase-file", tmp_path / "empty").code == 3
    assert house.files() == before


def test_more_epoch_keys_reach_the_gateway(house: House) -> None:
    (before,) = house.ok("identity", "show", "--json").rows
    out = house.ok("identity", "epochs", "--months", "3").out
    (after,) = house.ok("identity", "show", "--json").rows
    assert (after["held"], after["in_store"]) == (before["held"] + 9, True)
    assert after["keys_until"] > before["keys_until"]
    assert str(house.gateway) in out
    assert len(Enrolment.load(house.gateway).store.epochs) == after["held"]
    assert after["keys_until"][:10] in house.ok("identity", "show").out
