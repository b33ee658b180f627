# SPDX-License-Identifier: Apache-2.0
"""Every clause is watched, or said to be out of sight; the documentation tells the same."""

from pathlib import Path

import pytest

from auditor.findings import Grade, Kind, Level
from auditor.rules import load
from auditor.rules.coverage import KIND_REASONS, OWN_REASONS, coverage, table
from auditor.terms import Registry
from auditor.terms.model import Detectability
from auditor.terms.ranking import ranked
from auditor.terms.registry import may_alarm

REGISTRY = Registry.load()
COVERED = list(coverage(REGISTRY, load()))


def test_every_clause_has_its_line() -> None:
    assert [one.clause for one in COVERED] == list(REGISTRY.clauses)
    assert all(bool(one.watched_by) != bool(one.unseen_because) for one in COVERED)


def test_what_traffic_shows_is_watched_or_has_a_reason_of_its_own() -> None:
    seen = [one for one in COVERED if one.detectability in (Detectability.DIRECT, Detectability.INDIRECT)]
    assert {one.clause for one in seen if not one.watched_by} == set(OWN_REASONS)


def test_reasons_are_of_kinds_there_are() -> None:
    assert set(KIND_REASONS) <= set(REGISTRY.kinds)


def test_the_documentation_is_what_the_rules_give() -> None:
    text = (Path(__file__).parents[3] / "docs" / "coverage.md").read_text()
    assert text.partition("\n## ")[2] == table(COVERED).partition("## ")[2]


@pytest.mark.parametrize("rule", load().rules, ids=lambda rule: rule.title)
def test_no_rule_exceeds_what_its_clauses_allow(rule: object) -> None:
    section = rule.section  # type: ignore[attr-defined]
    for name in (*section.clauses, *section.permissions):
        clause = REGISTRY.clause(name)
        level, grade = ranked(Level.CRITICAL, Grade.EVIDENCED, clause)
        if not may_alarm(clause):
            assert level is Level.INFORMATIONAL
            assert grade in (Grade.WATCH, Grade.INCONCLUSIVE, Grade.INFORMATIONAL)
    if section.kind is Kind.TERMS:
        assert section.clauses
