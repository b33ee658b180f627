# SPDX-License-Identifier: Apache-2.0
"""Stores on other machines, from the command line: a server, a gateway's listener, a folder, a backup."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.gateway.publisher import Publisher, serve
from auditor.store import Enrolment, LedgerWriter, Location
from auditor.store.format.records import Draft
from tests.auditor.cli.house import House
from tests.auditor.cli.material import day
from tests.auditor.store.material import intent
from tests.postgres import Postgres


@pytest.fixture
def published(house: House, tmp_path: Path) -> Iterator[str]:
    """The address of a gateway on another machine that has recorded something."""
    enrolment, elsewhere = Enrolment.load(house.gateway), Location(folder=tmp_path / "far" / "store")
    with LedgerWriter.for_gateway(enrolment, elsewhere) as writer:
        writer.append([Draft(intent(1).meta)])
    with serve(Publisher(elsewhere, enrolment), ("127.0.0.1", 0), house.gateway) as (_, port):
        yield f"https://127.0.0.1:{port}"


def test_a_token_is_made_used_listed_and_revoked(house: House, published: str, tmp_path: Path) -> None:
    file = tmp_path / "desk.token"
    made = house.ok("gateway", "token", "add", "desk", "--days", "30")
    file.write_text(made.out)
    assert "only now" in made.err
    (pulled,) = house.ok("sync", published, "--token-file", file, "--json").rows
    assert pulled["leaves"] == pulled["size"] > 1
    assert "0 new" in house.ok("sync", published, "--token-file", file).out
    (listed,) = house.ok("gateway", "token", "list", "--json").rows
    assert (listed["name"], listed["scopes"]) == ("desk", ["records"])
    assert made.out.split(".")[2] not in house.ok("gateway", "token", "list").out
    house.ok("verify")
    house.ok("gateway", "token", "revoke", "desk")
    refused = house.run("sync", published, "--token-file", file)
    assert refused.code == 3
    assert "does not take this token" in refused.err


def test_wrong_sources_are_named(house: House, published: str, tmp_path: Path) -> None:
    assert house.run("sync", published).code == 2
    assert house.run("sync", tmp_path / "none").code == 2
    assert house.run("sync", "mysql://ada:hunter2@db/audit").code == 2
    (tmp_path / "bad.token").write_text("hunter2")
    ran = house.run("sync", published, "--token-file", tmp_path / "bad.token")
    assert ran.code == 2
    assert "hunter2" not in ran.sentence
    assert house.run("gateway", "token", "add", "desk", "--scope", "everything").code == 2
    assert house.run("gateway", "token", "revoke", "nobody").code == 2


def test_a_store_on_a_server_from_init_to_restore(house: House, tmp_path: Path, postgres: Postgres) -> None:
    out, url = tmp_path / "shared", postgres.database()
    made = house.ok("init", "--out", out, "--store", url)
    assert postgres.password not in made.out
    assert sorted(path.name for path in out.iterdir()) == ["auditor.identity", "gateway"]
    there = ("--store", url, "--identity", out / "auditor.identity")
    (tmp_path / "day.ndjson").write_bytes(day())
    house.ok("import", tmp_path / "day.ndjson", *there)
    calls = house.ok("calls", "--json", *there).rows
    assert calls
    house.ok("verify", *there)
    house.ok("backup", "--out", tmp_path / "backup", *there)
    house.ok("restore", tmp_path / "backup", "--store", tmp_path / "restored")
    here = ("--store", tmp_path / "restored", "--identity", out / "auditor.identity")
    assert house.ok("calls", "--json", *here).rows == calls
    assert house.run("restore", tmp_path / "backup", *here).code == 2
    again = house.run("init", "--out", tmp_path / "again", "--store", url)
    assert again.code == 2
    assert not (tmp_path / "again").exists()
