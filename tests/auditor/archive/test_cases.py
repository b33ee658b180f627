# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from auditor.archive import Archive, Tally
from auditor.errors import InputError
from auditor.findings import Level, State, Step
from auditor.store import LedgerReader
from auditor.store.format.records import Draft, Reported, Triaged
from tests.auditor.archive.conftest import Store
from tests.auditor.findings.material import T0, finding

type Filled = Callable[..., Archive]


def length(store: Store) -> dict[str, int]:
    """How long the ledgers are."""
    return dict(LedgerReader.open(store.location, store.identity).tail())


def test_reporting_twice_writes_once(filled: Filled, store: Store) -> None:
    archive = filled()
    assert archive.report([finding(), finding("f-two")]) == Tally(new=2)
    before = length(store)
    assert archive.report([finding(), finding("f-two")]) == Tally(known=2)
    assert length(store) == before
    assert archive.report([finding(days=1)]) == Tally(more=1)
    assert [case.finding.count for case in archive.cases()] == [3, 2]


def test_a_dismissed_finding_is_not_resurrected(filled: Filled) -> None:
    archive = filled()
    archive.report([finding()])
    case = archive.triage("f-one", Step(status=State.DISMISSED, comment="a drill", owner="zoe"))
    assert case.finding.status is State.DISMISSED
    assert case.history[-1].step.auditor != ""
    archive.report([finding()])
    archive.report([finding(days=2)])
    assert [case.finding.id for case in archive.cases(states=[State.DISMISSED])] == ["f-one"]
    assert archive.cases(states=[State.NEW]) == []


def test_a_step_that_may_not_be_taken_leaves_no_record(filled: Filled, store: Store) -> None:
    archive = filled()
    archive.report([finding()])
    before = length(store)
    with pytest.raises(InputError, match="cannot become remediated"):
        archive.triage("f-one", Step(status=State.REMEDIATED))
    assert length(store) == before


def test_a_finding_is_named_by_the_beginning_of_its_id(filled: Filled) -> None:
    archive = filled()
    archive.report([finding("abc1"), finding("abd2")])
    assert archive.case("abc").finding.id == "abc1"
    for wrong, sentence in (("ab", "Several findings"), ("x%", "There is no finding"), ("", "There is no finding")):
        with pytest.raises(InputError, match=sentence):
            archive.case(wrong)


def test_findings_are_listed_by_level_and_by_call(filled: Filled) -> None:
    archive = filled()
    archive.report([finding(), finding("f-two", days=1, calls=("call-0009",))])
    assert [case.finding.id for case in archive.cases(levels=[Level.MEDIUM])] == ["f-two", "f-one"]
    assert archive.cases(levels=[Level.HIGH]) == []
    assert [case.finding.id for case in archive.cases(call="call-0001")] == ["f-one"]


def test_the_index_made_anew_holds_the_same_cases(filled: Filled, store: Store) -> None:
    archive = filled()
    archive.report([finding(), finding("f-two")])
    archive.triage("f-two", Step(status=State.CONFIRMED))
    archive.report([finding("f-two", days=1)])
    with store.archive("another") as anew:
        anew.refresh()
        assert anew.cases() == archive.cases()


def test_casework_counts_in_the_order_of_its_times_however_it_arrives(filled: Filled) -> None:
    report = Draft(Reported(time=T0, finding=finding()))
    later = [T0 + timedelta(hours=hours) for hours in (1, 2)]
    first = Draft(Triaged(time=later[0], finding="f-one", step=Step(status=State.CONFIRMED)))
    second = Draft(Triaged(time=later[1], finding="f-one", step=Step(status=State.REMEDIATED)))
    archive = filled(second)
    assert archive.cases() == []
    archive = filled(first, report)
    assert archive.case("f-one").finding.status is State.REMEDIATED


def test_an_accepted_risk_is_listed_as_new_once_it_is_over(filled: Filled) -> None:
    past = datetime.now(UTC) - timedelta(days=1)
    step = Step(status=State.ACCEPTED, comment="agreed", until=past)
    archive = filled(Draft(Reported(time=T0, finding=finding())), Draft(Triaged(time=T0, finding="f-one", step=step)))
    assert [case.finding.id for case in archive.cases(states=[State.NEW])] == ["f-one"]
