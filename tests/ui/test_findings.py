# SPDX-License-Identifier: Apache-2.0
"""A reviewer's way through the findings, by keyboard, on a real store; every step lies in the ledger."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from auditor.archive import Archive, Tally
from auditor.findings import Case, Level, Reason, State
from auditor.store.format.records import Access
from tests.ui.case_material import absurd_findings, report, usual_findings
from tests.ui.conftest import settle
from tests.ui.material import Desk, ordinary, signs_of_life
from tests.ui.test_widgets import nameless
from tests.ui.test_workflow import Unlocked, texts
from ui.frame import Frame
from ui.models.findings import QUEUES, VERDICT, listed
from ui.models.policy import policy_file
from ui.pages.findings import FindingsPage
from ui.widgets.cases.step_form import ASKS, StepForm
from ui.widgets.dialogs.reason import ReasonDialog
from ui.window import Window

KEYS = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier

type Open = Callable[[Desk], tuple[Window, Frame, FindingsPage]]


@pytest.fixture
def case_desk(own_desk: Desk) -> Desk:
    """A store with calls and five findings on them."""
    own_desk.record_exchanges(ordinary())
    own_desk.record(*signs_of_life(30))
    report(own_desk, usual_findings())
    return own_desk


@pytest.fixture
def reviewing(unlocked: Unlocked, qtbot: QtBot) -> Open:
    """Unlocks a store and goes to the findings."""

    def open_page(desk: Desk) -> tuple[Window, Frame, FindingsPage]:
        window, frame = unlocked(desk)
        frame.show_named("findings")
        settle(qtbot, window)
        return window, frame, frame.findings

    return open_page


def titles(page: FindingsPage) -> list[str]:
    return [case.finding.rule.title for case in page.model.cases]


def recorded(desk: Desk, finding: str) -> Case:
    """The case as the store has it."""
    with Archive.open(desk.location, desk.identity) as archive:
        archive.refresh()
        return archive.case(finding)


def press(qtbot: QtBot, window: Window, widget: QWidget, key: Qt.Key) -> None:
    qtbot.keyClick(widget, key)
    settle(qtbot, window)


def test_the_queue_begins_with_the_gravest_that_calls_for_review(reviewing: Open, case_desk: Desk) -> None:
    _, _, page = reviewing(case_desk)
    assert titles(page) == [
        "A secret was sent to a provider",
        "Outputs gathered as training data for another model",
        "Personal data without an agreement",
    ]
    assert page.queues["context"].text() == "Context 2"
    assert VERDICT in texts(page)
    assert page.list.hasFocus()
    assert [case.finding.id for case in page.chosen()] == ["f-secret"]


def test_a_finding_says_clause_source_date_and_how_sure_we_are(reviewing: Open, case_desk: Desk, qtbot: QtBot) -> None:
    _, _, page = reviewing(case_desk)
    qtbot.keyClick(page.list, KEYS.Key_J)
    said = texts(page.view)
    for part in ("OpenAI Services Agreement · 3.3(e)", "Output may not be used", "verified", "since 2026-01-01"):
        assert part in said
    assert "187 of 240 answers" in said
    assert VERDICT in said


def test_a_review_by_keyboard_from_taking_up_to_dismissing(reviewing: Open, case_desk: Desk, qtbot: QtBot) -> None:
    window, frame, page = reviewing(case_desk)
    press(qtbot, window, page.list, KEYS.Key_3)
    press(qtbot, window, page.list, KEYS.Key_T)
    case = recorded(case_desk, "f-secret")
    assert (case.severity, case.finding.status, case.owner) == (Level.MEDIUM, State.TRIAGE, case_desk.identity.name)
    assert [chosen.finding.id for chosen in page.chosen()] == ["f-secret"], "the choice stays with its finding"

    qtbot.keyClick(page.list, KEYS.Key_C)
    qtbot.keyClicks(page.view.form.comment, "asked the team, a drill")
    qtbot.keyClick(page.view.form.comment, KEYS.Key_Return, CTRL)
    settle(qtbot, window)
    assert recorded(case_desk, "f-secret").history[-1].step.comment == "asked the team, a drill"
    assert "asked the team, a drill" in texts(page.view)

    form = page.view.form
    qtbot.keyClick(page.list, KEYS.Key_D)
    assert form.isVisible()
    assert not form.submit.isEnabled(), "no dismissing without a reason"
    form.reason.setFocus()
    for _ in range(4):
        qtbot.keyClick(form.reason, KEYS.Key_Down)
    assert form.problem.text() == "Say why in a comment."
    qtbot.keyClicks(form.comment, "a drill of ours")
    assert page.model.cases[0].finding.status is not State.DISMISSED, "letters typed are no steps"
    qtbot.mouseClick(form.submit, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    case = recorded(case_desk, "f-secret")
    assert case.finding.status is State.DISMISSED
    assert case.history[-1].step.reason is Reason.TEST
    assert "f-secret" not in [one.finding.id for one in page.model.cases]
    assert page.queues["closed"].text() == "Closed 1"
    assert "1 finding dismissed" in frame.notice.words.text()
    assert page.list.hasFocus()
    assert len(page.chosen()) == 1, "the next one moved up"


def test_a_risk_is_accepted_until_a_day_and_by_somebody(reviewing: Open, case_desk: Desk, qtbot: QtBot) -> None:
    window, _, page = reviewing(case_desk)
    qtbot.keyClick(page.list, KEYS.Key_X)
    form = page.view.form
    qtbot.keyClicks(form.approver, "head of security")
    qtbot.keyClicks(form.comment, "rotates in March")
    form.until.setText("2020-01-01")
    assert "day to come" in form.problem.text()
    day = datetime.now(UTC).date() + timedelta(days=30)
    form.until.setText(f"{day}")
    qtbot.mouseClick(form.submit, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    case = recorded(case_desk, "f-secret")
    assert case.finding.status is State.ACCEPTED
    assert case.accepted_until is not None
    assert case.accepted_until.date() == day
    assert case.history[-1].step.approver == "head of security"


def test_assigning_proposes_oneself_and_takes_a_day(reviewing: Open, case_desk: Desk, qtbot: QtBot) -> None:
    window, _, page = reviewing(case_desk)
    qtbot.keyClick(page.list, KEYS.Key_A)
    form = page.view.form
    assert form.owner.text() == case_desk.identity.name
    form.owner.setText("mira")
    form.due.setText("soon")
    assert form.problem.text() == "Write a day."
    form.due.setText("2027-01-31")
    qtbot.keyClick(form.due, KEYS.Key_Return)
    settle(qtbot, window)
    case = recorded(case_desk, "f-secret")
    assert (case.owner, case.finding.status) == ("mira", State.NEW)
    assert "mira" in texts(page.view)


def test_a_step_is_taken_with_all_that_match(reviewing: Open, case_desk: Desk, qtbot: QtBot) -> None:
    window, _, page = reviewing(case_desk)
    qtbot.keyClick(page.list, KEYS.Key_A, CTRL)
    assert "3 findings chosen" in texts(page.view)
    press(qtbot, window, page.list, KEYS.Key_F)
    states = {recorded(case_desk, id_).finding.status for id_ in ("f-secret", "f-distil", "f-email")}
    assert states == {State.CONFIRMED}
    assert len(page.chosen()) == 3
    assert recorded(case_desk, "f-watch").finding.status is State.NEW


def test_what_may_not_be_done_is_not_offered(reviewing: Open, case_desk: Desk, qtbot: QtBot) -> None:
    window, _, page = reviewing(case_desk)
    assert not page.view.buttons["remediate"].isEnabled()
    press(qtbot, window, page.list, KEYS.Key_R)
    assert recorded(case_desk, "f-secret").history == ()


def test_evidence_leads_to_its_calls_in_traffic(reviewing: Open, case_desk: Desk, qtbot: QtBot) -> None:
    window, frame, page = reviewing(case_desk)
    press(qtbot, window, page.list, KEYS.Key_E)
    assert frame.pages.currentWidget() is frame.traffic
    assert frame.traffic.model.rowCount() == 2
    qtbot.waitUntil(lambda: frame.traffic.inspector.call is not None)
    frame.show_named("findings")
    settle(qtbot, window)
    assert page.view.evidence is not None
    page.view.evidence.call_wanted.emit("exchange-0")
    settle(qtbot, window)
    assert frame.traffic.filter_bar.text == "id:exchange-0"
    qtbot.waitUntil(lambda: frame.traffic.inspector.call is not None)
    assert frame.traffic.inspector.call.id == "exchange-0"


def test_words_find_findings_and_the_way_back(reviewing: Open, case_desk: Desk, qtbot: QtBot) -> None:
    window, _, page = reviewing(case_desk)
    qtbot.keyClick(page.list, KEYS.Key_F, CTRL)
    qtbot.waitUntil(page.search.hasFocus)
    qtbot.keyClicks(page.search, "openai compete")
    assert titles(page) == ["Outputs gathered as training data for another model"]
    assert recorded(case_desk, "f-distil").history == (), "letters typed are no steps"
    qtbot.keyClicks(page.search, " nowhere")
    assert page.empty.isVisible()
    qtbot.mouseClick(page.empty.action, Qt.MouseButton.LeftButton)
    assert len(titles(page)) == 3
    settle(qtbot, window)


def test_without_findings_it_says_what_to_do(reviewing: Open, own_desk: Desk) -> None:
    _, _, page = reviewing(own_desk)
    assert page.empty.isVisible()
    assert "auditor analyze" in page.empty.hint.text()
    assert page.chosen() == []


def test_absurd_findings_stay_within_the_window(reviewing: Open, own_desk: Desk, qtbot: QtBot) -> None:
    report(own_desk, absurd_findings())
    window, _, page = reviewing(own_desk)
    assert page.model.rowCount() == 1002
    page.show_finding("f-rtl")
    assert [case.finding.id for case in page.chosen()] == ["f-rtl"]
    assert "\u202e" not in texts(page)
    page.show_finding("f-long")
    settle(qtbot, window)
    assert window.width() == 1440
    assert "Read the source" not in texts(page.view), "only web addresses are links"
    assert nameless(window) == []


def test_every_case_is_in_one_queue_and_in_all() -> None:
    cases = [Case(finding=finding) for finding in usual_findings()]
    parts = [listed(cases, queue, "") for queue in QUEUES]
    assert sum(map(len, parts[:-1])) == len(parts[-1]) == len(cases)


@pytest.mark.parametrize("kind", ["dismiss", "accept"])
def test_no_form_that_ends_a_finding_goes_without_a_word(qtbot: QtBot, kind: str) -> None:
    form = StepForm()
    qtbot.addWidget(form)
    form.open(kind, 1, "auditor")
    form.reason.setCurrentIndex(1)
    form.approver.setText("somebody")
    form.comment.setPlainText("   a   ")
    assert not form.check()
    form.comment.setPlainText("because")
    assert form.check()
    assert form.step().status is ASKS[kind].status


def searching_again(page: FindingsPage, qtbot: QtBot) -> ReasonDialog:
    """The dialog, opened by its button and given a reason."""
    qtbot.mouseClick(page.again.button, Qt.MouseButton.LeftButton)
    dialog = page.again.dialog
    assert dialog is not None
    assert not dialog.gate.read.isEnabled(), "not without a reason"
    qtbot.keyClicks(dialog.gate.reason, "project names changed, ticket 4711")
    return dialog


def test_all_calls_are_searched_again_for_what_the_policy_names_since(
    reviewing: Open, own_desk: Desk, qtbot: QtBot
) -> None:
    own_desk.record_exchanges(ordinary()[:8])
    policy = policy_file(str(own_desk.location.folder))
    policy.parent.mkdir(exist_ok=True)
    policy.write_text('[[data.dictionary]]\nname = "invoices"\nterms = ["INVOICE 4711"]\n')
    window, frame, page = reviewing(own_desk)
    assert titles(page) == []
    dialog = searching_again(page, qtbot)
    qtbot.keyClick(dialog.gate.reason, KEYS.Key_Return)
    settle(qtbot, window)
    assert page.again.dialog is None, "closed when it is done"
    assert "1 new finding" in frame.notice.words.text()
    with Archive.open(own_desk.location, own_desk.identity) as archive:
        archive.refresh()
        (case,) = archive.cases()
        (access,) = [record.meta for record in archive.access_log()]
    assert "found by a later search" in case.finding.rule.title
    assert "INVOICE" not in str(case.finding.evidence), "masked"
    assert isinstance(access, Access)
    assert (access.action, access.reason) == ("rescan", "project names changed, ticket 4711")


def test_a_wrong_policy_is_told_in_the_dialog_and_nothing_is_opened(
    reviewing: Open, own_desk: Desk, qtbot: QtBot
) -> None:
    own_desk.record_exchanges(ordinary()[:2])
    policy = policy_file(str(own_desk.location.folder))
    window, _, page = reviewing(own_desk)
    policy.parent.mkdir(exist_ok=True)
    policy.write_text("[[data.dictionary]]\nterms = 4\n")
    dialog = searching_again(page, qtbot)
    qtbot.mouseClick(dialog.gate.read, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert "policy.toml" in dialog.gate.problem.text()
    dialog.reject()
    with Archive.open(own_desk.location, own_desk.identity) as archive:
        archive.refresh()
        assert list(archive.access_log()) == []


def test_an_analysis_may_end_when_its_page_is_gone(
    reviewing: Open, case_desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = threading.Event()

    def analysed(*_: object) -> Tally:
        assert gone.wait(60)
        return Tally()

    monkeypatch.setattr("ui.pages.findings.run_analyses", analysed)
    window, _, page = reviewing(case_desk)
    assert window.session is not None
    another = FindingsPage(window.session)
    for one in (page, another):
        one.run_analyses()
        assert not one.analyse.isEnabled()
    another.deleteLater()
    QApplication.sendPostedEvents(another, QEvent.Type.DeferredDelete)
    gone.set()
    settle(qtbot, window)
    assert page.analyse.isEnabled()
