# SPDX-License-Identifier: Apache-2.0
import shutil
from pathlib import Path

import pytest

from auditor.errors import CheckFailed, EnvironmentFailure, InputError
from auditor.store import LedgerReader, LedgerWriter, Location
from auditor.store.verification.verify import verify
from auditor.sync.backup import backup, restore
from tests.auditor.store.material import CANARIES, Home, intent, tampering
from tests.auditor.store.shared import SharedHome
from tests.postgres import Postgres


def _desk_writes(home: Home, location: Location) -> None:
    with LedgerWriter.for_desk(location, home.identity) as desk:
        desk.append([intent(1)])


def test_a_rehearsal_the_store_is_lost_and_restored_and_goes_on(home: Home, tmp_path: Path) -> None:
    home.write(20, 3)
    _desk_writes(home, home.location)
    out = tmp_path / "backup"
    backup(home.location, out)
    home.write(2)
    _desk_writes(home, home.location)
    second = {one.ledger: one.leaves for one in backup(home.location, out)}
    assert 0 < second[home.gateway] < 8  # only what is new
    before = {one.ledger: (one.root, one.records) for one in verify(home.location, home.identity).ledgers}

    shutil.rmtree(home.location.folder)
    restored = Location(folder=home.location.folder)
    restore(out, restored)
    after = {one.ledger: (one.root, one.records) for one in verify(restored, home.identity).ledgers}
    assert after == before
    assert len(home.records()) == 25
    _desk_writes(home, restored)  # the desk's signing key came with it
    assert verify(restored, home.identity).holds
    assert not [path for path in restored.folder.parent.iterdir() if path.name.startswith(".restore")]


def test_a_backup_opens_nothing_and_is_read_as_it_is(home: Home, tmp_path: Path) -> None:
    home.write(3)
    out = tmp_path / "backup"
    backup(home.location, out)
    for path in out.rglob("*"):
        if path.is_file():
            assert not any(word.encode() in path.read_bytes() for word in CANARIES), path
    copy = Location(folder=out)
    assert verify(copy, home.identity).holds
    assert [one.seq for one in LedgerReader.open(copy, home.identity).records(home.gateway)] == [1, 2, 3]


def test_a_server_is_backed_up_into_a_folder(tmp_path: Path, postgres: Postgres) -> None:
    shared = SharedHome(tmp_path / "audit", postgres)
    shared.write(4)
    shared.shipper().ship_all()
    shared.note(intent(1))
    backup(shared.location, tmp_path / "backup")
    restored = Location(folder=tmp_path / "restored")
    restore(tmp_path / "backup", restored)
    assert verify(restored, shared.identity).holds
    assert shared.seqs(restored) == shared.seqs()


def test_a_server_is_dumped_and_restored_and_filled_up_by_its_gateway(tmp_path: Path, postgres: Postgres) -> None:
    shared = SharedHome(tmp_path / "audit", postgres)
    shared.write(4)
    shipper = shared.shipper()
    shipper.ship_all()
    plain, dump = shared.url.replace("+psycopg", ""), f"/tmp/{shared.database}.dump"
    postgres.run("pg_dump", "-Fc", "-f", dump, plain)
    try:
        shared.write(2)
        shipper.ship_all()
        postgres.sql(f"DROP DATABASE {shared.database} WITH (FORCE)", "postgres")
        postgres.sql(f"CREATE DATABASE {shared.database}", "postgres")
        postgres.run("pg_restore", "-d", plain, dump)
    finally:
        Path(dump).unlink()
    assert len(shared.seqs()) == 4
    shipper.ship_all()
    assert shared.seqs() == shared.seqs(shared.local)
    assert verify(shared.location, shared.identity).holds


def test_a_store_that_does_not_hold_is_not_backed_up(home: Home, tmp_path: Path) -> None:
    home.write(3)
    out = tmp_path / "backup"
    backup(home.location, out)
    home.write(3)
    with tampering(home.file) as connection:
        connection.execute("UPDATE record SET body = x'00' WHERE seq = (SELECT max(seq) FROM record)")
    with pytest.raises(CheckFailed):
        backup(home.location, out)
    assert verify(Location(folder=out), home.identity).holds


def test_nothing_is_overwritten(home: Home, tmp_path: Path) -> None:
    home.write(1)
    backup(home.location, tmp_path / "backup")
    with pytest.raises(InputError, match="exists already"):
        restore(tmp_path / "backup", home.location)
    other = Home(tmp_path / "other")
    with pytest.raises(InputError, match="another store"):
        backup(other.location, tmp_path / "backup")
    with pytest.raises(InputError, match="something else"):
        backup(other.location, tmp_path)
    with pytest.raises(InputError, match="description"):
        restore(tmp_path, Location(folder=tmp_path / "new"))
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentFailure):
        backup(home.location, tmp_path / "file" / "backup")
