# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from auditor.rules import load
from tests.auditor.cli.house import House
from tests.auditor.cli.test_findings import RULE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one rule, and one that names a field no call has."""
    made = tmp_path / "rules"
    made.mkdir()
    (made / "mine.yml").write_text(RULE)
    (made / "bad.yml").write_text(RULE.replace("http.response.status_code", "no_such_field"))
    return made


def test_the_rules_are_listed_with_their_clauses(house: House, folder: Path) -> None:
    rows = house.ok("rules", "list", "--json", "--rules", folder, bare=True).rows
    assert len(rows) == len(load().rules) + 1
    assert {"id", "title", "level", "kind", "clauses", "file"} == set(rows[0])
    assert "Calls of Alice" in house.ok("rules", "list", "--rules", folder, bare=True).out


def test_lint_names_what_is_wrong_and_ends_with_1(house: House, folder: Path) -> None:
    ran = house.run("rules", "lint", folder, bare=True)
    assert ran.code == 1
    assert "bad.yml" in ran.out
    assert "no field no_such_field" in ran.out
    assert "no description" in ran.out
    assert "problems in 2 rules" in ran.sentence
    assert {row["title"] for row in house.run("rules", "lint", folder, "--json", bare=True).rows} == {"Calls of Alice"}


def test_the_built_in_rules_pass_lint(house: House) -> None:
    assert house.ok("rules", "lint", bare=True).out == ""


def test_testing_runs_samples_and_ends_with_1_where_one_is_wrong(house: House, folder: Path) -> None:
    (folder / "bad.yml").unlink()
    sample = '[{request: {url: "https://api.openai.com/v1/chat/completions", body: {}}, response: {status: %d}}]'
    sampled = f"auditor:\n  samples:\n    match:\n      - {{name: answered, exchanges: {sample}}}\n"
    (folder / "mine.yml").write_text(RULE + sampled % 200)
    (outcome,) = house.ok("rules", "test", folder, "--json", bare=True).rows
    assert outcome == outcome | {"rule": "Calls of Alice", "sample": "answered", "matched": True, "holds": True}
    (folder / "mine.yml").write_text(RULE + sampled % 500)
    ran = house.run("rules", "test", folder, bare=True)
    assert ran.code == 1
    assert "did not match" in ran.out
    assert "1 of 1 samples came out wrong" in ran.sentence


def test_a_folder_that_is_none_is_2(house: House, tmp_path: Path) -> None:
    ran = house.run("rules", "test", tmp_path / "nowhere", bare=True)
    assert (ran.code, "nowhere does not exist" in ran.sentence) == (2, True)
