# SPDX-License-Identifier: Apache-2.0
"""Settings that concern the store: retention, who reads, the passphrase; and what is told of new findings."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from auditor.findings import Level
from auditor.store import Identity, Location
from auditor.store.format.records import KeysDestroyed
from auditor.store.ledger.reader import LedgerReader
from tests.ui.case_material import report, usual_findings
from tests.ui.conftest import settle
from tests.ui.material import PASSPHRASE, Desk, newcomer_at
from tests.ui.test_pages import At, at
from tests.ui.test_widgets import nameless
from tests.ui.test_workflow import texts
from ui.models.policy import policy_file
from ui.notifications import Notifier, from_level
from ui.settings import Settings
from ui.widgets.dialogs.action import KeysDialog
from ui.window import Window

__all__ = ["at"]

LEFT = Qt.MouseButton.LeftButton
WORD = PASSPHRASE.decode()


def give(qtbot: QtBot, window: Window, dialog: KeysDialog | None, word: str = WORD) -> None:
    """Give the passphrase, and wait for what follows."""
    assert dialog is not None
    dialog.keys.alone.field.setText(word)
    qtbot.mouseClick(dialog.submit, LEFT)
    qtbot.waitUntil(lambda: not isValid(dialog) or not dialog.busy.isVisible())
    settle(qtbot, window)


# --- retention ---


@pytest.fixture
def old(tmp_path: Path) -> Desk:
    """A store of 2020 whose first month is long over."""
    return Desk(tmp_path / "old", now=datetime(2020, 1, 15, tzinfo=UTC))


def test_without_a_policy_everything_is_kept(at: At, old: Desk, qtbot: QtBot) -> None:
    window, frame = at(old, "settings")
    pane = frame.settings.retention
    assert "everything is kept" in texts(pane)
    assert not pane.look_ahead.isEnabled()
    qtbot.mouseClick(pane.edit, LEFT)
    settle(qtbot, window)
    assert frame.pages.currentWidget() is frame.rules


def test_what_is_past_its_time_is_listed_then_goes_for_a_reason(at: At, old: Desk, qtbot: QtBot) -> None:
    policy_file(str(old.store)).write_text("[retention]\ncontent = 30\nnames = 90\ndata = { SECRET = 7 }\n")
    window, frame = at(old, "settings")
    pane = frame.settings.retention
    said = texts(pane)
    assert "30 days after the month" in said
    assert "kept without an end" in said
    assert "7 days after the call" in said
    qtbot.mouseClick(pane.look_ahead, LEFT)
    settle(qtbot, window)
    assert pane.due is not None
    assert [f"{key.epoch} {key.purpose}" for key in pane.due.keys] == ["2020-01 content", "2020-01 names"]
    assert len(old.identity.destroyed) == 0, "looking changes nothing"
    qtbot.mouseClick(pane.apply, LEFT)
    dialog = pane.dialog
    assert dialog is not None
    assert nameless(dialog) == []
    dialog.keys.alone.field.setText(WORD)
    assert not dialog.submit.isEnabled(), "without a reason"
    reason = next(line for line in dialog.lines if line.accessibleName() == "Reason")
    qtbot.keyClicks(reason, "retention policy 7")
    give(qtbot, window, dialog, "wrong")
    assert "does not open" in dialog.problem.text()
    assert len(old.identity.destroyed) == 0
    give(qtbot, window, dialog)
    assert window.locked
    assert window.unlock.problem.text().startswith("Keys of 1 month destroyed.")
    assert {gone.epoch for gone in old.identity.destroyed} == {"2020-01"}
    reader = LedgerReader.open(old.location, old.identity)
    metas = [record.meta for ledger in reader.ledgers() for record in reader.records(ledger)]
    assert [meta.reason for meta in metas if isinstance(meta, KeysDestroyed)] == ["retention policy 7"]
    window.unlock.use(PASSPHRASE)
    qtbot.waitUntil(lambda: window.frame is not None)
    settle(qtbot, window)


def test_nothing_past_its_time_is_said(at: At, old: Desk, qtbot: QtBot) -> None:
    policy_file(str(old.store)).write_text("[retention]\ncontent = 90000\n")
    window, frame = at(old, "settings")
    pane = frame.settings.retention
    qtbot.mouseClick(pane.look_ahead, LEFT)
    settle(qtbot, window)
    assert pane.state.text() == "Nothing is past its time today."
    assert not pane.apply.isVisible()


# --- who reads ---


def test_an_auditor_comes_and_goes(at: At, own_desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    newcomer_at(tmp_path, "bob")
    window, frame = at(own_desk, "settings")
    pane = frame.settings.auditors
    assert "Nobody else opens everything" in texts(pane)
    assert not pane.remove.isEnabled(), "nobody removes themselves"
    qtbot.mouseClick(pane.add, LEFT)
    dialog = pane.dialog
    assert dialog is not None
    assert nameless(dialog) == []
    application, grant = dialog.lines
    application.setText(str(tmp_path / "bob.auditor"))
    assert grant.text() == str(tmp_path / "bob.grant"), "proposed beside it"
    grant.setText(str(tmp_path / "bob.auditor"))
    give(qtbot, window, dialog)
    assert "exists already" in dialog.problem.text()
    grant.setText(str(tmp_path / "bob.grant"))
    give(qtbot, window, dialog)
    assert (tmp_path / "bob.grant").exists()
    assert "auditor identity accept bob.grant" in frame.notice.words.text()
    bob = next(row for row in pane.people.rows if row.name == "bob") if pane.people else None
    assert bob is not None
    assert bob.texts[2] == "facts, content", "names were not granted"
    pane.table.setCurrentCell(1, 0)
    qtbot.mouseClick(pane.grant, LEFT)
    assert pane.dialog is not None
    pane.dialog.lines[0].setText(str(tmp_path / "again.grant"))
    give(qtbot, window, pane.dialog)
    assert (tmp_path / "again.grant").exists()
    qtbot.mouseClick(pane.remove, LEFT)
    give(qtbot, window, pane.dialog)
    assert window.locked
    assert "bob is no auditor any more" in window.unlock.problem.text()
    assert [one.name for one in own_desk.location.facts().active] == ["auditor"]
    window.unlock.use(PASSPHRASE)
    qtbot.waitUntil(lambda: window.frame is not None)
    settle(qtbot, window)


def test_who_does_not_manage_changes_nobody(at: At, own_desk: Desk) -> None:
    bob = own_desk.joined("bob")
    own_desk.identity_path = bob
    _, frame = at(own_desk, "settings")
    pane = frame.settings.auditors
    assert pane.hint.isVisible()
    assert not pane.add.isEnabled()
    assert not pane.reveals.buttons["2"].isEnabled()
    assert pane.passphrase.isEnabled(), "their own passphrase is theirs"


def test_how_many_people_a_reveal_takes(at: At, own_desk: Desk, qtbot: QtBot) -> None:
    window, frame = at(own_desk, "settings")
    pane = frame.settings.auditors
    qtbot.mouseClick(pane.reveals.buttons["2"], LEFT)
    assert pane.dialog is not None
    pane.dialog.reject()
    settle(qtbot, window)
    assert pane.reveals.buttons["1"].isChecked(), "nothing was set"
    qtbot.mouseClick(pane.reveals.buttons["2"], LEFT)
    give(qtbot, window, pane.dialog)
    assert Location.parse(own_desk.store).facts().two_to_reveal


def test_the_passphrase_is_changed(at: At, own_desk: Desk, qtbot: QtBot) -> None:
    window, frame = at(own_desk, "settings")
    pane = frame.settings.auditors
    qtbot.mouseClick(pane.passphrase, LEFT)
    dialog = pane.dialog
    assert dialog is not None
    for words, said in ((("a new one", "another"), "not the same"), (("short", "short"), "at least 8")):
        for line, word in zip(dialog.lines, words, strict=True):
            line.setText(word)
        give(qtbot, window, dialog)
        assert said in dialog.problem.text()
        assert not any(line.text() for line in dialog.lines), "passphrases leave their fields"
    for line in dialog.lines:
        line.setText("staple battery")
    give(qtbot, window, dialog)
    assert Identity.open(own_desk.identity_path, b"staple battery").name == "auditor"
    assert "new passphrase" in frame.notice.words.text()


# --- notifications ---


def test_new_findings_are_told_without_what_they_are_about(at: At, own_desk: Desk, qtbot: QtBot) -> None:
    window, frame = at(own_desk, "overview")
    told: list[str] = []
    level: list[Level | None] = [Level.HIGH]
    assert window.session is not None
    notifier = Notifier(window.session, lambda: level[0], frame, told.append)
    notifier.start()
    settle(qtbot, window)
    report(own_desk, usual_findings())
    qtbot.keyClick(window, Qt.Key.Key_F5)
    settle(qtbot, window)
    notifier.look()
    settle(qtbot, window)
    [said] = told
    assert "new finding" in said
    assert not any(finding.rule.title in said or (finding.actor or "a-") in said for finding in usual_findings())
    notifier.look()
    settle(qtbot, window)
    assert len(told) == 1, "told once"


def test_the_level_is_chosen_and_remembered(at: At, own_desk: Desk, qtbot: QtBot) -> None:
    window, frame = at(own_desk, "settings")
    assert window.settings.notify() is Level.HIGH
    qtbot.mouseClick(frame.settings.notify.buttons["critical"], LEFT)
    assert window.settings.notify() is Level.CRITICAL
    qtbot.mouseClick(frame.settings.notify.buttons[""], LEFT)
    assert Settings(window.settings._store).notify() is None
    assert from_level(None) == ()
    assert from_level(Level.HIGH) == (Level.CRITICAL, Level.HIGH)
    assert nameless(window) == []
