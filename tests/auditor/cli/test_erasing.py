# SPDX-License-Identifier: Apache-2.0

import pytest

from tests.auditor.cli.house import House
from tests.auditor.cli.material import day


@pytest.fixture
def full(house: House) -> House:
    return house.filled(day())


def calls(house: House) -> dict[str, str]:
    """The calls' actors by id."""
    return {row["id"]: row["actor"] for row in house.ok("calls", "--json").rows}


def test_a_call_is_erased_and_the_record_still_holds(full: House) -> None:
    (one, *others) = calls(full)
    assert full.ok("erase", "--call", one, "--dry-run").out == "1 exchanges (1 records) would be erased.\n"
    assert one in calls(full)
    assert full.ok("erase", "--call", one, "--reason", "by mistake").out == "1 exchanges (1 records) were erased.\n"
    assert list(calls(full)) == others
    assert full.run("show", one, "--reason", "to look").code == 2
    assert "1 of them were erased by an auditor." in full.ok("verify").out
    (report,) = full.ok("verify", "--json").rows
    assert report["ledgers"][0]["erased"] == 1
    (status,) = full.ok("status", "--json").rows
    assert (status["erased"], status["sealed"]) == (1, 3)


def test_an_actor_is_erased_by_pseudonym(full: House) -> None:
    before = calls(full)
    actor = next(iter(before.values()))
    (done,) = full.ok("erase", "--actor", actor, "--reason", "asked to", "--json").rows
    assert done["exchanges"] == list(before.values()).count(actor)
    assert actor not in calls(full).values()
    (again,) = full.ok("erase", "--actor", actor, "--reason", "asked to", "--json").rows
    assert again["exchanges"] == 0


def test_a_period_is_erased(full: House) -> None:
    full.ok("erase", "--since", "2000-01-01", "--until", "2100-01-01", "--reason", "retention")
    assert calls(full) == {}
    assert full.ok("erase", "--finish").out == "0 exchanges (0 records) were erased.\n"


@pytest.mark.parametrize(
    "options",
    [
        ["--reason", "why"],
        ["--call", "x"],
        ["--call", "x", "--actor", "y", "--reason", "why"],
        ["--since", "whenever", "--reason", "why"],
    ],
)
def test_wrong_usage_erases_nothing(full: House, options: list[str]) -> None:
    before = full.files()
    ran = full.run("erase", *options)
    assert ran.code == 2
    assert ran.sentence
    assert full.files() == before
