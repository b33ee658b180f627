# SPDX-License-Identifier: Apache-2.0
"""How matches become findings: groups, weeks, clauses and levels, and windows that slide."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from auditor.archive import Archive
from auditor.calls import DataCount
from auditor.findings import Finding, Grade, Level
from auditor.rules import Rules, analyze, load
from auditor.rules.analysis import VERDICT
from auditor.rules.matching import WEEK, week_of, week_start
from auditor.rules.model import Rule
from auditor.terms import Registry, Role
from tests.auditor.archive.conftest import T0, call, completion
from tests.auditor.rules.material import rule, rules

type Filled = Callable[..., Archive]

BUILT_IN = load().rules
EMAILS = (DataCount(type="EMAIL", direction="sent", count=2),)


def found(archive: Archive, *given: Rule, since: datetime | None = None) -> list[Finding]:
    return list(analyze(archive, Registry.load(), Rules(given), since=since))


def test_matches_are_grouped_by_actor_provider_and_week(filled: Filled, tmp_path: Path) -> None:
    made = rule(tmp_path / "rules", "one:\n  sent: EMAIL\ncondition: one")
    week = 7 * 24 * 60
    archive = filled(
        completion(call(1, data=EMAILS)),
        completion(call(2, data=EMAILS)),
        completion(call(3, data=EMAILS, provider="mistral_ai")),
        completion(call(4, data=EMAILS, actor="a-two", credential="k-1")),
        completion(call(5, data=EMAILS, actor="a-two", credential="k-2")),
        completion(call(week + 1, data=EMAILS)),
        completion(call(6)),
    )
    groups = {(one.actor, one.calls): one for one in found(archive, made)}
    assert {
        (actor, tuple(int(id_[-4:] if len(id_) == 9 else id_[5:]) for id_ in calls)) for actor, calls in groups
    } == {
        ("a-one", (1, 2)),
        ("a-one", (3,)),
        ("a-two", (4, 5)),
        ("a-one", (week + 1,)),
    }
    assert len({one.id for one in groups.values()}) == 4
    both = groups["a-one", ("call-0001", "call-0002")]
    assert (both.count, both.first_seen, both.last_seen) == (2, call(1).time, call(2).time)
    assert [point.text for point in both.evidence] == ["data sent: 2 EMAIL"] * 2
    assert both.explanation.endswith(VERDICT)
    assert all(one.credential is None for one in groups.values())


def test_since_gives_the_same_findings_of_whole_weeks(filled: Filled, tmp_path: Path) -> None:
    made = rule(tmp_path / "rules", "one:\n  sent: EMAIL\ncondition: one")
    archive = filled(*(completion(call(day * 24 * 60, data=EMAILS)) for day in range(21)))
    everything = found(archive, made)
    since = T0 + timedelta(days=10)
    later = found(archive, made, since=since)
    assert 0 < len(later) < len(everything)
    assert [one for one in everything if one.last_seen >= since] == later


def test_a_group_needs_the_facts_it_is_made_of(filled: Filled) -> None:
    shared = next(one for one in BUILT_IN if one.title == "One key used by many actors")
    archive = filled(*(completion(call(n, actor=f"a-{n}", credential=None)) for n in range(9)))
    assert found(archive, shared) == []


def test_terms_of_one_provider_are_not_held_against_another(filled: Filled) -> None:
    excluded = next(one for one in BUILT_IN if "together.health_data_phi.1" in one.section.clauses)
    health = (DataCount(type="HEALTH", direction="sent", count=1),)
    archive = filled(
        completion(call(1, provider="mistral_ai", data=health)),
        completion(call(2, provider=None, data=health)),
        completion(call(3, provider="together_ai", data=health)),
    )
    (one,) = found(archive, excluded)
    assert one.calls == ("call-0003",)
    assert one.clause is not None
    assert one.clause.provider == "together"


def test_a_permission_turns_a_match_into_a_note(filled: Filled, tmp_path: Path) -> None:
    registry = Registry.load()
    permission = next(c for c in registry.clauses.values() if c.role is Role.PERMISSION and c.provider == "deepseek")
    tail = f"level: high\nauditor:\n  kind: terms\n  permissions: [{permission.id}]\n"
    made = rule(tmp_path / "rules", "one:\n  operation: chat\ncondition: one", tail=tail)
    (one,) = found(filled(completion(call(1, provider="deepseek")), completion(call(2))), made)
    assert (one.rule.level, one.grade) == (Level.INFORMATIONAL, Grade.INFORMATIONAL)
    assert one.clause is not None
    assert one.clause.id == permission.id


def test_the_practice_a_rule_on_data_rests_on_is_told_and_ranks_nothing(filled: Filled) -> None:
    trained = next(one for one in BUILT_IN if one.title == "Sensitive data sent where inputs train the provider")
    card = (DataCount(type="PAYMENT_CARD", direction="sent", count=1),)
    archive = filled(
        completion(call(1, provider="mistral_ai", response_model="labs-x", request_model="labs-x", data=card))
    )
    (one,) = found(archive, trained)
    assert (one.clause, one.rule.level) == (None, Level.HIGH)
    assert Registry.load().clause("mistral.unpaid_tier_training.1").paraphrase in one.explanation


# --- windows that slide -----------------------------------------------------------------------------------------


def test_weeks_begin_on_monday() -> None:
    monday = int(datetime(2026, 11, 23, tzinfo=UTC).timestamp()) * 1_000_000
    assert week_start(week_of(monday)) == monday
    assert week_of(monday - 1) == week_of(monday) - 1 == week_of(monday - WEEK)


def test_the_same_rule_of_two_titles_gives_two_findings(filled: Filled, tmp_path: Path) -> None:
    detection = "one:\n  operation: chat\ncondition: one"
    rules(tmp_path, detection, title="One")
    both = rules(tmp_path, detection, title="Two").rules
    assert len({one.id for one in found(filled(completion(call(1))), *both)}) == 2


ORDERED = """title: Refused
name: refused
logsource:
  product: ai-usage-auditor
detection:
  one:
    status: 403
  condition: one
---
title: Answered
name: answered
logsource:
  product: ai-usage-auditor
detection:
  one:
    status: 200
  condition: one
---
title: Refused, then answered
correlation:
  type: temporal_ordered
  rules: [refused, answered]
  group-by: [actor]
  timespan: 1h
"""


@pytest.mark.parametrize(
    ("type_", "statuses", "apart", "rests_on"),
    [
        ("temporal_ordered", (403, 200), 10, {0, 1}),
        ("temporal_ordered", (200, 403), 10, set()),
        ("temporal_ordered", (403, 500, 403, 200), 10, {2, 3}),
        ("temporal_ordered", (403, 200), 61, set()),
        ("temporal", (200, 403), 10, {0, 1}),
        ("temporal", (200, 500), 10, set()),
    ],
)
def test_calls_of_several_kinds_together(
    filled: Filled, tmp_path: Path, type_: str, statuses: tuple[int, ...], apart: int, rests_on: set[int]
) -> None:
    (tmp_path / "ordered.yml").write_text(ORDERED.replace("temporal_ordered", type_))
    read = load([tmp_path], built_in=False)
    assert read.bad == ()
    archive = filled(*(completion(call(n * apart, status=status)) for n, status in enumerate(statuses)))
    calls = {name for one in found(archive, *read.rules) for name in one.calls}
    assert calls == {f"call-{n * apart:04}" for n in rests_on}


def test_a_router_brings_two_sets_of_terms(filled: Filled, tmp_path: Path) -> None:
    tail = "auditor:\n  kind: terms\n  clauses: [openrouter.security_testing.1, anthropic.safety_circumvention.1]\n"
    made = rule(tmp_path / "rules", "one:\n  label: jailbreak\ncondition: one", tail=tail)
    archive = filled(
        completion(call(1, provider="openrouter", request_model="anthropic/claude-x", labels=("jailbreak",))),
        completion(call(2, provider="openrouter", request_model="mistralai/mixtral", labels=("jailbreak",))),
        completion(call(3, provider="openai", labels=("jailbreak",))),
    )
    clauses = sorted((one.calls, one.clause.id) for one in found(archive, made) if one.clause)
    assert clauses == [
        (("call-0001",), "anthropic.safety_circumvention.1"),
        (("call-0001",), "openrouter.security_testing.1"),
        (("call-0002",), "openrouter.security_testing.1"),
    ]
    assert len({one.id for one in found(archive, made)}) == 3
