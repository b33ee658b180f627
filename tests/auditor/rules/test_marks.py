# SPDX-License-Identifier: Apache-2.0
"""Looking at newer calls only comes to the same findings as looking at everything, in whatever order calls arrive."""

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from auditor import analysis
from auditor.archive import Archive
from auditor.archive.schema import erased
from auditor.calls import Call, DataCount
from auditor.findings import Finding
from auditor.policy import UNSAID, Policy, Training
from auditor.rules import Rules, analyze, load, matching
from auditor.rules.marks import Marks
from auditor.terms import Registry
from tests.auditor.archive.conftest import call, completion
from tests.auditor.rules.material import rule
from tests.benchmarks.index_material import crowded, fill, ordinary

REGISTRY = Registry.load()
WEEK = 7 * 24 * 60

type Filled = Callable[..., Archive]

CORRELATED = """title: Any call
name: any_call
logsource: {{product: ai-usage-auditor}}
detection:
  one: {{operation: chat}}
  condition: one
---
title: Refused
name: refused
logsource: {{product: ai-usage-auditor}}
detection:
  one: {{status: 403}}
  condition: one
---
title: Many calls
correlation: {{type: event_count, rules: [any_call], group-by: [actor], timespan: 1h, condition: {{gte: 4}}}}
---
title: Many keys
correlation:
  type: value_count
  rules: [any_call]
  group-by: [actor, gen_ai.provider.name]
  timespan: 1d
  condition: {{field: credential, gte: 3}}
---
title: Many people in all
correlation: {{type: value_count, rules: [any_call], timespan: 10d, condition: {{field: actor, gte: 2}}}}
---
title: Refused, then anything
correlation: {{type: {stages}, rules: [refused, any_call], group-by: [credential], timespan: 2h}}
"""


def correlated(folder: Path, stages: str) -> Rules:
    folder.mkdir()
    (folder / "several.yml").write_text(CORRELATED.format(stages=stages))
    read = load([folder], built_in=False)
    assert read.bad == ()
    return Rules((*read.rules, rule(folder / "single", "one:\n  sent: EMAIL\ncondition: one")))


def material(seed: int, many: int = 70) -> list[Call]:
    """Calls of four actors in bursts over three weeks, in no order."""
    rng = random.Random(seed)
    made = []
    for number in range(many):
        minute = rng.choice((0, WEEK - 40, WEEK + 30, 2 * WEEK)) + rng.randrange(90)
        made.append(
            call(
                minute,
                id=f"call-{number:04}",
                time=call(minute).time + timedelta(seconds=rng.choice((0, 0, 7))),
                actor=rng.choice(("a-1", "a-2", "A-2", None)),
                credential=rng.choice(("k-1", "k-2", "k-3", "k-4", None)),
                provider=rng.choice(("openai", "mistral_ai")),
                status=rng.choice((200, 200, 403)),
                data=rng.choice(((), (DataCount(type="EMAIL", direction="sent", count=1),))),
            )
        )
    rng.shuffle(made)
    return made


def found(archive: Archive, rules: Rules, marks: Marks | None = None) -> dict[str, Finding]:
    return {one.id: one for one in analyze(archive, REGISTRY, rules, marks=marks)}


@pytest.mark.parametrize("stages", ["temporal", "temporal_ordered"])
@pytest.mark.parametrize("seed", range(3))
def test_what_newer_calls_touch_adds_up_to_everything(filled: Filled, tmp_path: Path, seed: int, stages: str) -> None:
    rules, calls = correlated(tmp_path / "rules", stages), material(seed)
    cuts = sorted(random.Random(seed).sample(range(1, len(calls)), 4))
    so_far: dict[str, Finding] = {}
    for start, end in zip((0, *cuts), (*cuts, len(calls)), strict=True):
        archive = filled(*map(completion, calls[start:end]))
        marks = Marks(REGISTRY, UNSAID)
        so_far |= found(archive, rules, marks)
        marks.save(archive.index)
        assert so_far == found(archive, rules)
    assert len({one.rule.title for one in so_far.values()}) == 5


def test_an_index_in_slices_and_one_that_is_read_at_once_say_the_same(
    filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = correlated(tmp_path / "rules", "temporal")
    archive = filled(*map(completion, material(1)))
    at_once = found(archive, rules)
    monkeypatch.setattr(matching, "AT_ONCE", 20)
    monkeypatch.setattr("auditor.rules.analysis.AT_ONCE", 20)
    assert found(archive, rules) == at_once


def test_nothing_new_is_not_looked_at(filled: Filled, tmp_path: Path) -> None:
    rules = correlated(tmp_path / "rules", "temporal")
    archive = filled(*map(completion, material(2)))
    marks = Marks(REGISTRY, UNSAID)
    assert found(archive, rules, marks)
    assert found(archive, rules, Marks(REGISTRY, UNSAID)), "a run that did not report leaves no mark"
    marks.save(archive.index)
    assert found(archive, rules, Marks(REGISTRY, UNSAID)) == {}


def test_a_mark_counts_for_the_same_rule_policy_and_store_only(filled: Filled, tmp_path: Path) -> None:
    rules = correlated(tmp_path / "rules", "temporal")
    archive = filled(*map(completion, material(3)))
    everything, marks = found(archive, rules), Marks(REGISTRY, UNSAID)
    found(archive, rules, marks)
    marks.save(archive.index)
    assert found(archive, rules, Marks(REGISTRY, Policy(training=(Training(name="x"),)))) == everything
    edited = Rules(tuple(msgspec.structs.replace(one, source="edited") for one in rules.rules))
    assert found(archive, edited, Marks(REGISTRY, UNSAID)) == everything
    with archive.index.writing() as connection:
        connection.execute(erased.insert(), [{"ledger": "l", "first": 1, "last": 2}])
    assert found(archive, rules, Marks(REGISTRY, UNSAID)) == everything


def test_analysing_again_keeps_count_of_what_is_known(filled: Filled) -> None:
    card = (DataCount(type="PAYMENT_CARD", direction="sent", count=1),)
    archive = filled(*(completion(call(n, data=card)) for n in range(3)))
    first = analysis.analyze(archive, REGISTRY, load())
    assert first.new > 0
    again = analysis.analyze(archive, REGISTRY, load())
    assert (again.new, again.more, again.known) == (0, 0, first.new)


def test_an_index_made_for_benchmarks_is_one_that_rules_read(filled: Filled) -> None:
    archive = filled()
    assert fill(archive.index, crowded(8_000)) == 8_000
    assert fill(archive.index, ordinary(100), start=8_001, bare=False) == 100
    assert {one.rule.title for one in analyze(archive, REGISTRY, load())} >= {"One key used by many actors"}
