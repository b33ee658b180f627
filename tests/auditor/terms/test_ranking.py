# SPDX-License-Identifier: Apache-2.0
import pytest

from auditor.findings import CitedClause, Grade, Level, RuleName
from auditor.rules import Rule, load
from auditor.rules.analysis import cited
from auditor.terms import Clause, Registry, Role, Status
from auditor.terms.ranking import held, ranked
from tests.auditor.findings.material import finding

CLAUSES = Registry.load().clauses.values()
BINDING = (Role.PROHIBITION, Role.OBLIGATION)


def alarming(clause: Clause) -> bool:
    return clause.status is Status.VERIFIED and clause.role in BINDING


@pytest.mark.parametrize("made", load().rules, ids=lambda made: made.title)
def test_no_rule_ranks_higher_than_any_clause_allows(made: Rule) -> None:
    for clause in CLAUSES:
        level, grade = ranked(made.level, made.section.grade, clause)
        if alarming(clause):
            assert (level, grade) == (made.level, made.section.grade)
        else:
            assert level is Level.INFORMATIONAL
            assert grade not in (Grade.EVIDENCED, Grade.PROBABLE)


def test_a_permission_makes_a_note_of_the_strongest_evidence() -> None:
    permissions = [clause for clause in CLAUSES if clause.role is Role.PERMISSION]
    assert permissions
    for clause in permissions:
        assert ranked(Level.CRITICAL, Grade.EVIDENCED, clause) == (Level.INFORMATIONAL, Grade.INFORMATIONAL)


def test_without_a_clause_a_rule_says_what_it_says() -> None:
    assert ranked(Level.HIGH, Grade.PROBABLE, None) == (Level.HIGH, Grade.PROBABLE)


def citing(clause: Clause) -> CitedClause:
    return cited(clause, Registry.load())


def test_findings_of_any_analysis_are_held_to_their_clause() -> None:
    for clause in CLAUSES:
        high = finding(clause=citing(clause), grade=Grade.EVIDENCED, rule=RuleName(id="r", title="t", level=Level.HIGH))
        after = held(high, Registry.load())
        assert (after == high) is alarming(clause)
        assert after.rule.level is (Level.HIGH if alarming(clause) else Level.INFORMATIONAL)
        assert held(after, Registry.load()) == after
