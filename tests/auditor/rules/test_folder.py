# SPDX-License-Identifier: Apache-2.0
"""The folder of a store's own rules: what is off, what is edited, and what a rule would match."""

from pathlib import Path

import pytest

from auditor.errors import InputError
from auditor.rules import load
from auditor.rules.folder import OFF, RuleFolder
from auditor.rules.reading import read

RULE = """\
title: Ours
id: 11111111-2222-4333-8444-555555555555
logsource:
  product: ai-usage-auditor
  category: call
detection:
  selection:
    sent: SECRET
  condition: selection
level: low
"""


def test_without_a_folder_the_built_in_rules_run(tmp_path: Path) -> None:
    folder = RuleFolder(tmp_path / "rules")
    assert folder.off() == frozenset()
    assert [rule.id for rule in folder.running().rules] == [rule.id for rule in load().rules]
    assert not (tmp_path / "rules").exists(), "looking leaves nothing"


def test_a_rule_is_off_until_it_is_on_again(tmp_path: Path) -> None:
    folder = RuleFolder(tmp_path / "rules")
    first, second, *_ = folder.all().rules
    folder.turn(first.id, on=False)
    folder.turn(second.id, on=False)
    assert folder.off() == {first.id, second.id}
    assert {first.id, second.id}.isdisjoint(rule.id for rule in folder.running().rules)
    folder.turn(first.id, on=True)
    assert folder.off() == {second.id}
    assert first.id in {rule.id for rule in folder.running().rules}
    assert (tmp_path / "rules" / OFF).read_text().startswith("#")


def test_own_rules_are_saved_found_and_removed(tmp_path: Path) -> None:
    folder = RuleFolder(tmp_path / "rules")
    file = folder.path / "ours.yml"
    folder.save(file, RULE)
    [ours] = [rule for rule in folder.running().rules if folder.is_own(rule)]
    assert (ours.title, ours.path) == ("Ours", file)
    folder.remove(tmp_path / "elsewhere.yml")
    folder.remove(file)
    assert not any(folder.is_own(rule) for rule in folder.all().rules)


@pytest.mark.parametrize("name", ["../ours.yml", "ours.txt"])
def test_nothing_is_written_elsewhere(tmp_path: Path, name: str) -> None:
    folder = RuleFolder(tmp_path / "rules")
    with pytest.raises(InputError):
        folder.save(folder.path / name, RULE)
    assert list(tmp_path.rglob("ours*")) == []


def test_a_text_is_read_as_its_file_would_be(tmp_path: Path) -> None:
    [rule] = read(RULE, tmp_path / "ours.yml").rules
    assert rule.title == "Ours"
    [bad] = read(RULE.replace("condition: selection", "condition: nothing"), tmp_path / "ours.yml").bad
    assert "nothing" in bad.what
    assert read("{", tmp_path / "ours.yml").bad
