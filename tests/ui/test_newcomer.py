# SPDX-License-Identifier: Apache-2.0
"""A person who never saw the desktop: who sent a secret to which provider? Reveal it with a reason, dismiss one
finding, export the report. Only what is written on the screen leads on; clicks and typed words are counted, so that the
way does not grow longer unnoticed.
"""

from pathlib import Path

from pytestqt.qtbot import QtBot

from auditor.archive import Archive
from auditor.findings import State
from auditor.store.format.records import Access
from tests.ui.case_material import report, usual_findings
from tests.ui.conftest import Open, settle
from tests.ui.hand import Hand
from tests.ui.material import PASSPHRASE, REASON, Desk, ordinary, signs_of_life
from tests.ui.test_workflow import texts

MOST_CLICKS, MOST_WORDS = 16, 5


def test_the_way_of_a_newcomer(show: Open, qtbot: QtBot, own_desk: Desk, tmp_path: Path) -> None:
    own_desk.record_exchanges(ordinary())
    own_desk.record(*signs_of_life(30))
    report(own_desk, usual_findings())
    window = show(own_desk)
    hand = Hand(qtbot, window)

    hand.type(window.unlock.passphrase, PASSPHRASE.decode())
    hand.button("Unlock")
    qtbot.waitUntil(lambda: window.frame is not None)
    settle(qtbot, window)
    frame = window.frame
    assert frame is not None

    # the Overview names the finding; a click on it shows who, to whom, and the way to the call
    newest = frame.overview.findings
    row = frame.overview.newest.place("f-secret")
    assert "A secret was sent to a provider" in newest.model().index(row, 0).data()
    hand.click(newest.viewport(), newest.visualRect(newest.model().index(row, 0)).center())
    assert frame.pages.currentWidget() is frame.findings
    assert "a-7f3k9q2m" in texts(frame.findings.view)
    evidence = frame.findings.view.evidence
    assert evidence is not None
    hand.button("Open call", evidence)
    assert frame.pages.currentWidget() is frame.traffic
    qtbot.waitUntil(lambda: frame.traffic.inspector.call is not None)
    assert "openai" in texts(frame.traffic.inspector)

    # reveal it, with a reason
    inspector = frame.traffic.inspector
    assert inspector.gate.isVisible()
    hand.click(inspector.gate.reason)
    hand.type(inspector.gate.reason, REASON)
    hand.button("Read content")
    qtbot.waitUntil(lambda: inspector.opened is not None)
    assert "invoice 4711" in inspector.conversation.texts()

    # back to the findings: report it, then dismiss it with a reason
    hand.button("Findings")
    page = frame.findings
    assert [case.finding.id for case in page.chosen()] == ["f-secret"]
    hand.button("Report…")
    dialog = page.dialog
    assert dialog is not None
    dialog.field.setText(str(tmp_path / "report.html"))
    hand.button("Write", dialog)
    written = (tmp_path / "report.html").read_text()
    assert "A secret was sent to a provider" in written
    assert "not a verdict" in written
    hand.button("Dismiss")
    form = page.view.form
    form.reason.setCurrentIndex(1)
    hand.clicks += 2  # opening the list of reasons, choosing one
    hand.click(form.comment)
    hand.type(form.comment, "the key was a sample")
    hand.button("Dismiss", form)
    settle(qtbot, window)

    with Archive.open(own_desk.location, own_desk.identity) as archive:
        archive.refresh()
        assert archive.case("f-secret").finding.status is State.DISMISSED
        [access] = [record.meta for record in archive.access_log()]
    assert isinstance(access, Access)
    assert access.reason == REASON

    hand.button("Lock")
    assert window.locked
    assert "invoice" not in texts(window)
    assert hand.clicks <= MOST_CLICKS, f"{hand.clicks} clicks"
    assert hand.words <= MOST_WORDS, f"{hand.words} words"
