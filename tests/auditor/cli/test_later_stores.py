# SPDX-License-Identifier: Apache-2.0
"""A store that a later version upgraded is refused in one sentence, and nothing is written; and the way back."""

from pathlib import Path

import pytest

from auditor.store import Location, create_store, migrations
from auditor.store.format import layout
from tests.auditor.cli.conftest import CHEAP
from tests.auditor.cli.house import PASSPHRASE, House
from tests.auditor.cli.material import day
from tests.auditor.store.material import tampering
from tests.postgres import Postgres

UPGRADES = {
    "tables have version 9999": (
        "UPDATE alembic_version SET version_num = '9999'",
        f"UPDATE alembic_version SET version_num = '{migrations.HEAD}'",
    ),
    "format 7": ("PRAGMA user_version = 7", f"PRAGMA user_version = {layout.FORMAT}"),
}
"""What a command says, what a later version did to the file, and the way back."""


@pytest.fixture
def full(house: House) -> House:
    return house.filled(day())


def _as_a_later_version_left_it(house: House, upgrade: str) -> None:
    """Run a statement on the one ledger's file."""
    (path,) = (house.store / "ledgers").glob("*.db")
    with tampering(path) as connection:
        connection.execute(upgrade)


def _stored(house: House) -> dict[str, bytes]:
    """The house's files without what SQLite makes for readers."""
    return {name: raw for name, raw in house.files().items() if not name.endswith(("-shm", "-wal", ".lock"))}


def test_every_command_refuses_it_and_writes_nothing(full: House, tmp_path: Path) -> None:
    for said, (upgrade, back) in UPGRADES.items():
        _as_a_later_version_left_it(full, upgrade)
        _refused(full, tmp_path, said)
        _as_a_later_version_left_it(full, back)
    full.ok("verify")


def _refused(full: House, tmp_path: Path, said: str) -> None:
    before = _stored(full)
    for command in (
        ("calls",),
        ("analyze",),
        ("import", tmp_path / "day.ndjson"),
        ("erase", "--since", "2020-01-01", "--reason", "test", "--yes"),
        ("backup", "--out", tmp_path / "backup"),
    ):
        ran = full.run(*command)
        assert (ran.code, said in ran.sentence, "Update the program" in ran.sentence) == (2, True, True), command
    verified = full.run("verify")
    assert (verified.code, said in verified.out + verified.err) == (1, True)
    assert _stored(full) == before


def test_going_back_is_the_backup_of_before(full: House, tmp_path: Path) -> None:
    calls = full.ok("calls", "--json").rows
    full.ok("backup", "--out", tmp_path / "backup")
    _as_a_later_version_left_it(full, UPGRADES["format 7"][0])
    back = ("--store", tmp_path / "back", "--identity", full.folder / "auditor.identity")
    full.ok("restore", tmp_path / "backup", *back)
    assert full.ok("calls", "--json", *back).rows == calls
    assert full.ok("verify", "--json", *back).rows[0]["faults"] == []


@pytest.fixture
def there(tmp_path: Path, postgres: Postgres) -> tuple[str, ...]:
    """Options that name a store on a server."""
    url = postgres.database()
    made = create_store(tmp_path / "shared", PASSPHRASE, argon2=CHEAP, months=1, shared=Location.parse(url))
    return ("--store", url, "--identity", str(made.identity))


def test_a_server_is_brought_up_by_an_auditor_and_refused_by_earlier_programs(
    house: House, tmp_path: Path, postgres: Postgres, there: tuple[str, ...]
) -> None:
    database = there[1].rpartition("/")[2]
    for taken in ("DROP INDEX segment_by_leaf", "DROP INDEX segment_footer_by_leaf", "DROP TABLE alembic_version"):
        postgres.sql(taken, database)
    house.ok("calls", *there)  # readers need nothing done
    assert postgres.sql("SELECT to_regclass('alembic_version')", database) == [(None,)]
    (tmp_path / "day.ndjson").write_bytes(day())
    house.ok("import", tmp_path / "day.ndjson", *there)
    assert postgres.sql("SELECT version_num FROM alembic_version", database) == [(migrations.HEAD,)]
    assert postgres.sql("SELECT to_regclass('segment_by_leaf')::text", database) == [("segment_by_leaf",)]
    house.ok("verify", *there)
    postgres.sql("UPDATE alembic_version SET version_num = '9999'", database)
    for command in ("calls", "verify", "analyze"):
        ran = house.run(command, *there)
        assert (ran.code, "9999" in ran.sentence) == (2, True), command
