# SPDX-License-Identifier: Apache-2.0
"""Several auditors from the command line: in, out, from the safe, and two together."""

from pathlib import Path

import pytest

from auditor.store import Identity
from tests.auditor.cli.conftest import CHEAP
from tests.auditor.cli.house import House


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """New identities that cost nothing to open."""
    create = Identity.create
    monkeypatch.setattr(Identity, "create", lambda name, passphrase, *_: create(name, passphrase, CHEAP))


def made(house: House, tmp_path: Path, name: str) -> Path:
    house.ok("identity", "new", "--name", name, "--out", tmp_path / f"{name}.identity")
    return tmp_path / f"{name}.auditor"


def test_somebody_comes_reads_and_leaves(house: House, tmp_path: Path) -> None:
    public, grant = made(house, tmp_path, "bob"), tmp_path / "bob.grant"
    out = house.ok("identity", "add", public, "--out", grant, "--without", "names").out
    assert str(house.gateway) in out
    told = house.ok("identity", "accept", grant, "--identity", tmp_path / "bob.identity").out
    assert "24 epoch keys more" in told
    assert not grant.exists()
    house.ok("verify", "--identity", tmp_path / "bob.identity")
    rows = {row["name"]: row for row in house.ok("identity", "list", "--json").rows}
    assert (rows["bob"]["opens"], rows["bob"]["manages"]) == (["metadata", "content"], False)
    assert "identity grant" not in house.ok("identity", "remove", "bob").out
    assert house.ok("identity", "list", "--json").rows[1]["left"]
    assert "bob" in house.ok("identity", "list").out
    house.ok("verify")


def test_the_safe_takes_over(house: House, tmp_path: Path) -> None:
    public, grant, safe = made(house, tmp_path, "recovery"), tmp_path / "g", tmp_path / "recovery.identity"
    house.ok("identity", "add", public, "--manages", "--out", grant)
    (house.folder / "auditor.identity").unlink()
    house.ok("identity", "accept", grant, "--identity", safe)
    assert "identity grant" not in house.ok("identity", "remove", "auditor", "--identity", safe).out
    house.ok("identity", "epochs", "--months", "1", "--identity", safe)
    house.ok("verify", "--identity", safe)


def test_two_people_together(house: House, tmp_path: Path) -> None:
    keys = [made(house, tmp_path, name) for name in ("alice", "carol")]
    house.ok("identity", "share", "--holder-key", keys[0], "--holder-key", keys[1])
    assert house.run("verify").code == 3
    holders: list[str | Path] = []
    for name in ("alice", "carol"):
        holders += ["--holder", tmp_path / f"{name}.identity", "--holder-passphrase-file", house.passphrase]
    house.ok("verify", *holders)
    alone = house.run("verify", *holders[:4])
    assert (alone.code, "two people" in alone.sentence, "alice, carol" in alone.sentence) == (3, True, True)


def test_how_many_people_a_reveal_takes(house: House) -> None:
    assert "2 people" in house.ok("identity", "reveals", "--people", "2").out
    assert "1 person" in house.ok("identity", "reveals", "--people", "1").out


def test_mistakes_change_nothing(house: House, tmp_path: Path) -> None:
    public = made(house, tmp_path, "bob")
    before = house.files()
    (tmp_path / "junk").write_text("{}")
    for arguments, word in (
        (("identity", "add", tmp_path / "junk", "--out", tmp_path / "g"), "no .auditor file"),
        (("identity", "add", public, "--out", public), "exists already"),
        (("identity", "add", public, "--out", tmp_path / "g", "--without", "metadata"), "--without"),
        (("identity", "accept", tmp_path / "junk"), "no grant"),
        (("identity", "grant", "bob", "--out", tmp_path / "g"), "no auditor bob"),
        (("identity", "remove", "auditor"), "cannot be removed"),
        (("identity", "share", "--holder-key", public), "2 to 16"),
        (("identity", "new", "--name", "x", "--out", tmp_path / "bob.identity"), "exists already"),
    ):
        ran = house.run(*arguments)
        assert (ran.code, word in ran.sentence) == (2, True), ran.err
    assert house.files() == before
    assert not (tmp_path / "g").exists()
