# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest

from tests.auditor.cli import material
from tests.auditor.cli.house import House

RULE = """\
title: Calls of Alice
status: test
logsource:
  product: ai-usage-auditor
detection:
  one:
    http.response.status_code: 200
  condition: one
level: low
"""


@pytest.fixture
def worked(house: House) -> House:
    """A house with a card number sent once, analysed."""
    sent = material.exchange(0, "Charge 4539 5787 6362 1486.", material.completion("Done.", 0))
    return house.filled(json.dumps(sent).encode() + b"\n" + material.day(), analysed=True)


def card(house: House) -> dict[str, object]:
    (found,) = [row for row in house.ok("findings", "--json").rows if "identity numbers" in row["rule"]["title"]]
    return dict(found)


def test_a_finding_is_printed_as_the_contract_says(worked: House) -> None:
    found = card(worked)
    assert set(found) >= {
        *("id", "rule", "kind", "clause", "status", "actor", "credential", "first_seen", "last_seen", "count"),
        *("calls", "score", "grade", "explanation", "evidence"),
    }
    assert found["rule"] == found["rule"] | {"level": "medium"}  # type: ignore[operator]
    assert (found["kind"], found["status"], found["count"]) == ("data", "new", 1)
    assert found["calls"] == [call["id"] for call in worked.ok("calls", "--json", "--filter", "sent:PAYMENT_CARD").rows]
    assert "4539" not in json.dumps(found)


def test_analysing_again_finds_nothing_new(worked: House) -> None:
    before = worked.ok("findings", "--json").out
    (tally,) = worked.ok("analyze", "--json").rows
    assert (tally["new"], tally["more"]) == (0, 0)
    assert tally["known"] > 0
    assert worked.ok("findings", "--json").out == before


def test_more_of_the_same_is_more_evidence(worked: House, tmp_path: Path) -> None:
    more = material.exchange(9, "Charge 4539 5787 6362 1486.", material.completion("Done.", 9))
    (tmp_path / "more.ndjson").write_text(json.dumps(more))
    worked.ok("import", tmp_path / "more.ndjson")
    id_ = card(worked)["id"]
    (tally,) = worked.ok("analyze", "--json", "--since", "2026-11-23").rows
    assert tally["more"] >= 1
    assert (card(worked)["id"], card(worked)["count"]) == (id_, 2)


def test_what_was_dismissed_stays_dismissed(worked: House) -> None:
    id_ = str(card(worked)["id"])
    ran = worked.ok("finding", "set", id_[:12], "--status", "dismissed", "--comment", "a drill", "--owner", "zoe")
    assert "is dismissed, owned by zoe" in ran.err
    worked.ok("analyze")
    found = card(worked)
    assert (found["status"], found["owner"]) == ("dismissed", "zoe")
    assert id_ not in [row["id"] for row in worked.ok("findings", "--json", "--status", "new").rows]
    shown = worked.ok("finding", "show", id_)
    assert "a drill" in shown.out
    assert "not a verdict" in shown.out
    assert worked.ok("verify").code == 0


def test_findings_are_listed_by_level_and_clause(worked: House) -> None:
    every = worked.ok("findings", "--json").rows
    for level in {row["rule"]["level"] for row in every} | {"critical"}:
        rows = worked.ok("findings", "--json", "--level", level).rows
        assert rows == [row for row in every if row["rule"]["level"] == level]
    assert worked.ok("findings", "--json", "--clause", "nobody.nothing.1").rows == []
    assert "sent to an AI provider" in worked.ok("findings").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--status", "dismissed"], "without a word"),
        (["--status", "remediated"], "cannot become remediated"),
        (["--status", "closed"], "closed"),
        ([], "nothing to set"),
        (["--due", "soon"], "--due: soon is no time"),
    ],
)
def test_a_step_that_may_not_be_taken_is_one_sentence_and_2(worked: House, words: list[str], said: str) -> None:
    ran = worked.run("finding", "set", str(card(worked)["id"]), *words)
    assert ran.code == 2
    assert said in ran.sentence
    assert card(worked)["status"] == "new"


def test_an_unknown_finding_is_said(house: House) -> None:
    ran = house.run("finding", "set", "nothere", "--owner", "zoe")
    assert (ran.code, "There is no finding nothere" in ran.sentence) == (2, True)
    assert "auditor analyze" in house.ok("findings").err


def test_rules_of_a_folder_run_and_a_bad_one_is_named(worked: House, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "mine.yml").write_text(RULE)
    (folder / "bad.yml").write_text(RULE.replace("http.response.status_code", "no_such_field"))
    ran = worked.ok("analyze", "--rules", folder)
    assert "bad.yml" in ran.err
    assert "no_such_field" in ran.err
    mine = [row for row in worked.ok("findings", "--json").rows if row["rule"]["title"] == "Calls of Alice"]
    assert {row["rule"]["level"] for row in mine} == {"low"}
    assert sum(row["count"] for row in mine) == 3
