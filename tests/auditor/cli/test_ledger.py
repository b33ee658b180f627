# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from tests.auditor.cli.house import House
from tests.auditor.cli.material import day


@pytest.fixture
def full(house: House) -> House:
    return house.filled(day())


FLIPPED = (
    "UPDATE record SET meta = CAST(substr(meta, 1, 20) || iif(substr(meta, 21, 1) = x'00', x'01', x'00')"
    " || substr(meta, 22) AS BLOB) WHERE seq = 2"
)
"""Another byte than was there, whatever it was."""
REMOVED = "DELETE FROM record WHERE seq = 2"


def alter(house: House, statement: str) -> None:
    """Does to the ledger's file what an insider with write access could do."""
    (path,) = (house.store / "ledgers").glob("*.db")
    connection = dbapi2.connect(path, isolation_level=None)
    connection.execute(statement)
    connection.close()


def test_a_whole_record_is_told_with_its_root(full: House) -> None:
    (report,) = full.ok("verify", "--json").rows
    (ledger,) = report["ledgers"]
    assert (report["holds"], report["faults"]) == (True, [])
    assert (ledger["records"], ledger["opened"]) == (5, 5)
    shown = full.ok("verify").out
    assert ledger["root"][:16] in shown
    assert "The record holds: 5 records in 1 ledger proved and opened." in shown


def test_without_an_identity_the_public_part_is_proved(full: House) -> None:
    full.passphrase.unlink()
    (full.folder / "auditor.identity").unlink()
    (report,) = full.ok("verify", "--public", "--json").rows
    assert (report["holds"], report["ledgers"][0]["opened"]) == (True, 0)
    assert "none was opened" in full.ok("verify", "--public").out


@pytest.mark.parametrize("options", [[], ["--public"]])
@pytest.mark.parametrize("change", [FLIPPED, REMOVED], ids=["flipped", "removed"])
def test_a_record_that_was_changed_is_named_and_ends_with_1(full: House, change: str, options: list[str]) -> None:
    alter(full, change)
    ran = full.run("verify", *options)
    assert ran.code == 1
    assert ran.sentence.startswith("The record does not hold: ")
    assert "record 2" in ran.sentence
    as_json = full.run("verify", "--json", *options)
    assert as_json.code == 1
    assert as_json.rows[0]["holds"] is False
    assert as_json.rows[0]["faults"][0]["seq"] == 2


def test_a_reader_of_a_changed_record_is_told(full: House, tmp_path: Path) -> None:
    for path in (tmp_path / "user").rglob("*.db*"):
        path.unlink()
    alter(full, FLIPPED)
    alter(full, "DELETE FROM segment_footer")
    ran = full.run("calls")
    assert ran.code == 1
    assert ran.sentence


def test_a_ledger_put_back_is_noticed_by_what_was_seen_before(full: House, tmp_path: Path) -> None:
    (path,) = (full.store / "ledgers").glob("*.db")
    old = path.read_bytes()
    full.ok("show", full.ok("calls", "--json").rows[0]["id"], "--reason", "to look")
    exported = tmp_path / "seen.json"
    full.ok("verify", "--export", exported)
    full.ok("verify", "--public", "--against", exported)
    path.write_bytes(old)
    for options in ([], ["--public", "--against", exported]):
        ran = full.run("verify", *options)
        assert (ran.code, "it was cut: a later state was seen before" in ran.sentence) == (1, True)
    assert full.ok("verify", "--public").code == 0
