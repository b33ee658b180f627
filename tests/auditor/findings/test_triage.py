# SPDX-License-Identifier: Apache-2.0
from datetime import timedelta

import pytest

from auditor.errors import InputError
from auditor.findings import Case, Grade, Level, RuleName, State, Step
from auditor.findings.triage import MOVES, check, is_news, reported, stepped
from tests.auditor.findings.material import T0, finding

LATER = T0 + timedelta(days=3)


def worked(*steps: Step) -> Case:
    case = reported(None, finding())
    for step in steps:
        case = stepped(case, LATER, step)
    return case


def test_a_report_begins_a_new_case_whatever_state_it_claims() -> None:
    assert reported(None, finding(status=State.CONFIRMED)).finding.status is State.NEW


def test_the_same_report_is_no_news_in_any_state() -> None:
    case = worked(Step(status=State.DISMISSED, comment="a drill"))
    assert not is_news(case, finding())
    assert is_news(case, finding(days=1))
    assert is_news(None, finding())


def test_a_dismissed_finding_stays_dismissed_when_more_of_the_same_comes() -> None:
    again = reported(worked(Step(status=State.DISMISSED, comment="a drill")), finding(days=5))
    assert again.finding.status is State.DISMISSED
    assert again.finding.count == 7


@pytest.mark.parametrize(
    "stronger",
    [{"grade": Grade.PROBABLE}, {"rule": RuleName(id="rule-one", title="Something to look at", level=Level.HIGH)}],
)
def test_a_dismissed_finding_comes_back_with_stronger_evidence(stronger: dict[str, object]) -> None:
    again = reported(worked(Step(status=State.DISMISSED, comment="a drill")), finding(**stronger))
    assert again.finding.status is State.NEW


def test_a_weaker_grade_does_not_bring_a_finding_back_though_its_level_rose() -> None:
    rule = RuleName(id="rule-one", title="Something to look at", level=Level.CRITICAL)
    weaker = finding(grade=Grade.INFORMATIONAL, rule=rule)
    dismissed = worked(Step(status=State.DISMISSED, comment="a drill"))
    assert reported(dismissed, weaker).finding.status is State.DISMISSED


@pytest.mark.parametrize(("days", "status"), [(2, State.REMEDIATED), (4, State.NEW)])
def test_a_remediated_finding_comes_back_when_it_happens_again(days: int, status: State) -> None:
    case = worked(Step(status=State.CONFIRMED), Step(status=State.REMEDIATED))
    assert reported(case, finding(days=days)).finding.status is status


def test_an_accepted_risk_comes_back_when_its_time_is_over() -> None:
    until = T0 + timedelta(days=30)
    case = worked(Step(status=State.ACCEPTED, comment="agreed", until=until))
    assert case.at(until - timedelta(seconds=1)).finding.status is State.ACCEPTED
    assert case.at(until).finding.status is State.NEW
    reviewed = stepped(case, until, Step(status=State.TRIAGE))
    assert reviewed.accepted_until is None


def test_owner_and_comments_change_no_state() -> None:
    case = worked(Step(owner="zoe"), Step(comment="asked the team"), Step(due=LATER))
    assert (case.finding.status, case.owner, case.due) == (State.NEW, "zoe", LATER)
    assert [done.step.comment for done in case.history] == ["", "asked the team", ""]
    assert case.decided is None


@pytest.mark.parametrize("status", [State.DISMISSED, State.ACCEPTED])
def test_nobody_closes_a_finding_without_a_word(status: State) -> None:
    with pytest.raises(InputError, match="without a word"):
        check(worked(), Step(status=status, comment="  ", until=LATER))


def test_a_risk_is_not_accepted_for_ever() -> None:
    with pytest.raises(InputError, match="for a time only"):
        check(worked(), Step(status=State.ACCEPTED, comment="agreed"))


@pytest.mark.parametrize("now", list(State))
def test_only_the_moves_of_the_table_are_taken(now: State) -> None:
    case = Case(finding=finding(status=now))
    for then in State:
        step = Step(status=then, comment="because", until=LATER)
        if then is now or then in MOVES[now]:
            check(case, step)
        else:
            with pytest.raises(InputError, match=f"is {now} and cannot become {then}"):
                check(case, step)


def test_a_persons_severity_stands_over_the_rules_level_and_is_no_evidence() -> None:
    case = worked(Step(severity=Level.CRITICAL, comment="customer data"), Step(comment="and more"))
    assert case.severity is Level.CRITICAL
    assert case.finding.rule.level is Level.MEDIUM
    assert not is_news(case, finding())
    assert reported(case, finding(days=1)).severity is Level.CRITICAL
