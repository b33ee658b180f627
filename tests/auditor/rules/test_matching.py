# SPDX-License-Identifier: Apache-2.0
"""How matches become findings: groups, weeks, clauses and levels, and windows that slide."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from auditor.archive import Archive
from auditor.archive.fields import NAMES
from auditor.calls import DataCount
from auditor.findings import Finding, Grade, Level
from auditor.rules import Rules, analyze, load
from auditor.rules.analysis import VERDICT
from auditor.rules.matching import WEEK, _Event, _weeks, week_of, week_start
from auditor.rules.model import Correlation, Rule
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


# --- windows that slide -----------------------------------------------------------------------------------------

MINUTE = 60_000_000


def event(n: int, time: int, value: str | None = None) -> _Event:
    return _Event(n, f"call-{n}", time, "openai", "a-one", None, value)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from("abc")), max_size=30),
    st.integers(1, 5),
    st.integers(1, 20),
    st.booleans(),
)
def test_a_window_holds_what_looking_at_every_call_gives(
    given: list[tuple[int, str]], least: int, minutes: int, counts_values: bool
) -> None:
    field = NAMES["credential"] if counts_values else None
    correlation = Correlation(group_by=(NAMES["actor"],), counted=field, least=least, seconds=minutes * 60)
    events = [event(n, minute * MINUTE, value) for n, (minute, value) in enumerate(sorted(given))]
    expected: set[int] = set()
    for at, last in enumerate(events):
        window = [one for one in events[: at + 1] if one.time > last.time - minutes * MINUTE]
        size = len({one.value for one in window}) if counts_values else len(window)
        if size >= least:
            expected |= {one.n for one in window}
    hits = _weeks(events, correlation, minutes * MINUTE)
    assert {n for week in hits.values() for n in week} == expected
    assert all(list(week) == sorted(week) for week in hits.values())


def test_weeks_begin_on_monday() -> None:
    monday = int(datetime(2026, 11, 23, tzinfo=UTC).timestamp()) * 1_000_000
    assert week_start(week_of(monday)) == monday
    assert week_of(monday - 1) == week_of(monday) - 1 == week_of(monday - WEEK)


def test_the_same_rule_of_two_titles_gives_two_findings(filled: Filled, tmp_path: Path) -> None:
    detection = "one:\n  operation: chat\ncondition: one"
    rules(tmp_path, detection, title="One")
    both = rules(tmp_path, detection, title="Two").rules
    assert len({one.id for one in found(filled(completion(call(1))), *both)}) == 2
