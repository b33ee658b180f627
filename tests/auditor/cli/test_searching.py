# SPDX-License-Identifier: Apache-2.0
"""`auditor search`: calls by what was said in them, after a reason."""

import pytest

from tests.auditor.cli import material
from tests.auditor.cli.house import House


@pytest.fixture
def imported(house: House) -> House:
    return house.filled(material.day())


def test_calls_are_found_by_what_was_said(imported: House) -> None:
    word = material.SECRET_WORD
    ran = imported.ok("search", word.upper(), "--json", "--reason", "ticket 7")
    everything = imported.ok("calls", "--json", "--content", "--reason", "oracle").rows
    holding = [row["id"] for row in everything if word.lower() in str(row).lower()]
    assert [row["id"] for row in ran.rows] == holding
    assert holding
    assert "input_messages" not in ran.rows[0]
    assert f"{len(holding)} of {len(everything)} hold the words." in ran.err
    actions = [row["action"] for row in imported.ok("access-log", "--json").rows if row["reason"] == "ticket 7"]
    assert actions == ["search", "index"]


def test_the_first_are_listed_and_no_more(imported: House) -> None:
    ran = imported.ok("search", "e", "--limit", "1", "--reason", "why")
    assert "; 1 are listed, --limit N lists more." in ran.err
    assert "0 of " in imported.ok("search", "xyzzy", "--reason", "why").err


@pytest.mark.parametrize("arguments", [("word",), (" ", "--reason", "why"), ("word", "--filter", "(", "--reason", "x")])
def test_what_is_missing_is_said_and_nothing_is_opened(imported: House, arguments: tuple[str, ...]) -> None:
    assert imported.run("search", *arguments).code == 2
    assert imported.ok("access-log", "--json").rows == []
