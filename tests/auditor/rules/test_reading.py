# SPDX-License-Identifier: Apache-2.0
import uuid
from pathlib import Path

import pytest

from auditor.errors import InputError
from auditor.findings import Grade, Kind, Level
from auditor.rules import load
from tests.auditor.rules.material import rule, rules

ANY = "one:\n  provider: openai\ncondition: one"


def test_a_rule_that_knows_nothing_of_us_runs(tmp_path: Path) -> None:
    made = rule(tmp_path, ANY)
    assert (made.level, made.section.kind, made.section.grade) == (Level.MEDIUM, Kind.POLICY, Grade.PROBABLE)
    assert uuid.UUID(made.id).version == 5
    assert rule(tmp_path, ANY).id == made.id


def test_one_bad_rule_never_stops_the_others(tmp_path: Path) -> None:
    (tmp_path / "no.yml").write_text("title: [unclosed\n")
    (tmp_path / "binary.yml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "empty.yml").write_text("")
    (tmp_path / "list.yml").write_text("- 1\n- 2\n")
    (tmp_path / "notes.txt").write_text("no rule")
    read = rules(tmp_path, ANY)
    assert [one.title for one in read.rules] == ["One"]
    named = {Path(bad.path).name for bad in read.bad}
    assert {"no.yml", "binary.yml", "list.yml"} <= named
    assert all(bad.what and "\n" not in bad.what for bad in read.bad)


def test_a_key_that_is_written_twice_is_said(tmp_path: Path) -> None:
    read = rules(tmp_path, ANY, tail="title: Two\n")
    assert not read.rules
    assert [bad.what for bad in read.bad] == ["it is no YAML: Duplicate key 'title'"]


@pytest.mark.parametrize(
    "tail",
    [
        "auditor:\n  clauses: [nobody.nothing.1]\n",
        "auditor:\n  kind: gossip\n",
        "auditor:\n  claims: []\n",
        "level: enormous\n",
    ],
)
def test_what_a_rule_says_of_itself_is_checked(tmp_path: Path, tail: str) -> None:
    read = rules(tmp_path, ANY, tail=tail)
    assert read.rules == ()
    assert len(read.bad) == 1


def test_rules_for_other_products_are_refused(tmp_path: Path) -> None:
    (tmp_path / "windows.yml").write_text(
        "title: Other\nlogsource:\n  product: windows\ndetection:\n  one:\n    provider: x\n  condition: one\n"
    )
    (bad,) = load([tmp_path], built_in=False).bad
    assert "logsource" in bad.what


def test_two_rules_do_not_share_an_id(tmp_path: Path) -> None:
    tail = "id: 7b1c9a54-7e0c-4d2e-8d61-1a55e0f0c001\n"
    rules(tmp_path, ANY, title="One", tail=tail)
    read = rules(tmp_path, ANY, title="Two", tail=tail)
    assert [one.title for one in read.rules] == ["One"]
    assert [bad.title for bad in read.bad] == ["Two"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("gte: 3", "lt: 3"), "gte or gt"),
        (("event_count", "temporal"), "not for all"),
        (("[actor]", "[tokens]"), "not grouped or counted by tokens"),
        (("[base]", "[nobody]"), "nobody"),
    ],
)
def test_correlations_that_are_not_evaluated_are_named(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    text = (
        "title: Base\nname: base\nlogsource:\n  product: ai-usage-auditor\ndetection:\n  one:\n    provider: openai\n"
        "  condition: one\n---\ntitle: Many\ncorrelation:\n  type: event_count\n  rules: [base]\n  group-by: [actor]\n"
        "  timespan: 1h\n  condition:\n    gte: 3\n"
    )
    (tmp_path / "many.yml").write_text(text)
    assert [one.title for one in load([tmp_path], built_in=False).rules] == ["Many"]
    (tmp_path / "many.yml").write_text(text.replace(*change))
    read = load([tmp_path], built_in=False)
    assert "Many" not in [one.title for one in read.rules]
    assert any(said in bad.what for bad in read.bad)


def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        load([tmp_path / "nowhere"])
    (tmp_path / "rule.yml").touch()
    with pytest.raises(InputError, match=r"rule\.yml is no folder"):
        load([tmp_path / "rule.yml"])
