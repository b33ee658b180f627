# SPDX-License-Identifier: Apache-2.0
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor.store.create import create_store
from tests.auditor.cli.conftest import CHEAP
from tests.auditor.cli.house import PASSPHRASE, House


@pytest.fixture
def old(house: House, tmp_path: Path) -> House:
    """A store whose keys began a year and more ago."""
    create_store(tmp_path / "old", PASSPHRASE, argon2=CHEAP, now=datetime(2020, 1, 15, tzinfo=UTC), months=3)
    return House(tmp_path / "old", house.passphrase, house._captured, house._stock)


def test_months_past_their_time_are_closed(old: House) -> None:
    assert old.ok("retention", "apply", "--keep", "30", "--dry-run").out == (
        "Keys of 2 months would be destroyed: 2020-01, 2020-02.\n"
    )
    assert {row["key"] for row in old.ok("retention", "list", "--json").rows} == {"held"}
    (told,) = old.ok("retention", "apply", "--keep", "30", "--reason", "policy 7", "--json").rows
    assert (told["epochs"], len(told["keys"]), told["erased"]) == (["2020-01", "2020-02"], 6, 0)
    states = {row["epoch"]: row["key"].split()[0] for row in old.ok("retention", "list", "--json").rows}
    assert states == {"2020-01": "destroyed", "2020-02": "destroyed", "2020-03": "held"}
    assert "2020-03" in old.ok("retention", "list").out
    assert "none" in old.ok("retention", "apply", "--keep", "30", "--reason", "again").out
    old.ok("verify")


def test_it_takes_a_reason(old: House) -> None:
    before = old.files()
    ran = old.run("retention", "apply", "--keep", "30")
    assert (ran.code, "reason" in ran.sentence) == (2, True)
    assert old.files() == before


def test_the_policy_says_how_long(old: House) -> None:
    ran = old.run("retention", "apply", "--dry-run")
    assert (ran.code, "policy.toml" in ran.sentence) == (2, True)
    (old.folder / "gateway" / "policy.toml").write_text("[retention]\ncontent = 180\ndata = { SECRET = 30 }\n")
    told = old.ok("retention", "apply", "--dry-run").out
    assert told == "Keys of 2 months would be destroyed: 2020-01 (content), 2020-02 (content).\n"
    (old.folder / "gateway" / "policy.toml").write_text("[retention]\ncontent = -1\n")
    assert old.run("retention", "apply", "--dry-run").code == 2
