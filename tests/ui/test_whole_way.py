# SPDX-License-Identifier: Apache-2.0
"""The whole way twice, by keyboard alone and by mouse: unlock, filter, inspect, reveal, triage, export, lock.

With an X server in memory (Xvfb) it is gone once more in a real window.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from auditor.archive import Archive
from auditor.findings import Reason, State
from auditor.store.format.records import Access
from tests.ui.case_material import report, usual_findings
from tests.ui.conftest import Open, settle
from tests.ui.hand import Hand
from tests.ui.material import EMAIL, PASSPHRASE, REASON, Desk, ordinary, signs_of_life
from tests.ui.test_workflow import texts
from ui.frame import Frame
from ui.window import Window

KEYS = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
COMMENT = "the address was a sample"
PLATFORM = "AUDITOR_TEST_PLATFORM"
"""Names the platform the window has to be on, where a test runs this file once more."""


@pytest.fixture
def full_desk(own_desk: Desk) -> Desk:
    """An ordinary morning with findings."""
    own_desk.record_exchanges(ordinary())
    own_desk.record(*signs_of_life(30))
    report(own_desk, usual_findings())
    return own_desk


def frame_of(window: Window, qtbot: QtBot) -> Frame:
    """The frame, once the store is open."""
    qtbot.waitUntil(lambda: window.frame is not None)
    settle(qtbot, window)
    assert window.frame is not None
    return window.frame


def tab_to(qtbot: QtBot, window: Window, wanted: QWidget) -> None:
    """Press Tab until a widget has the keyboard."""
    for _ in range(80):
        focused = window.focusWidget()
        if focused is wanted:
            return
        qtbot.keyClick(focused or window, KEYS.Key_Tab)
    raise AssertionError(f"Tab does not lead to {wanted.accessibleName() or wanted}")


def active(qtbot: QtBot, window: QWidget) -> None:
    """A dialog was opened or closed: this window has the keyboard now, which a window manager sees to."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def check(desk: Desk, folder: Path) -> None:
    """What the way leaves: one finding dismissed with its reason, two files, and every reading in the access log."""
    with Archive.open(desk.location, desk.identity) as archive:
        archive.refresh()
        case = archive.case("f-secret")
        readings = [one.meta for one in archive.access_log() if isinstance(one.meta, Access)]
    step = case.history[-1].step
    assert (case.finding.status, step.reason, step.comment) == (State.DISMISSED, Reason.FALSE_POSITIVE, COMMENT)
    assert [one.action for one in reversed(readings)] == ["read", "read", "export"]
    assert {one.reason for one in readings} == {REASON}
    assert "one value, not masked: EMAIL" in (readings[1].scope or "")
    assert EMAIL not in (folder / "calls.jsonl").read_text()
    assert "invoice 4711" in (folder / "calls.jsonl").read_text()
    assert "A secret was sent to a provider" in (folder / "finding.html").read_text()


def test_by_keyboard(show: Open, qtbot: QtBot, full_desk: Desk, tmp_path: Path) -> None:
    window = show(full_desk)
    active(qtbot, window)
    qtbot.waitUntil(window.unlock.passphrase.hasFocus)
    qtbot.keyClicks(window.unlock.passphrase, PASSPHRASE.decode())
    qtbot.keyClick(window.unlock.passphrase, KEYS.Key_Return)
    frame = frame_of(window, qtbot)

    traffic, inspector = frame.traffic, frame.traffic.inspector
    qtbot.keyClick(window, KEYS.Key_2, CTRL)
    qtbot.keyClick(window, KEYS.Key_F, CTRL)
    field = traffic.filter_bar.field
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, "sent:EMAIL")
    qtbot.keyClick(field, KEYS.Key_Return)
    qtbot.waitUntil(lambda: traffic.model.rowCount() == 1 and inspector.call is not None)
    settle(qtbot, window)
    assert traffic.view.hasFocus()

    qtbot.keyClick(traffic.view, KEYS.Key_Return)
    qtbot.waitUntil(inspector.gate.reason.hasFocus)
    qtbot.keyClicks(inspector.gate.reason, REASON)
    qtbot.keyClick(inspector.gate.reason, KEYS.Key_Return)
    qtbot.waitUntil(lambda: inspector.opened is not None)
    settle(qtbot, window)
    assert "invoice 4711" in inspector.conversation.texts()

    tab_to(qtbot, window, inspector.tabs.tabBar())
    qtbot.keyClick(inspector.tabs.tabBar(), KEYS.Key_Right)
    table = inspector.data.table
    tab_to(qtbot, window, table)
    row = next(row for row in range(table.rowCount()) if table.item(row, 0).text().startswith("EMAIL"))
    for _ in range(table.currentRow(), row):
        qtbot.keyClick(table, KEYS.Key_Down)
    assert table.currentRow() == row
    tab_to(qtbot, window, inspector.data.reveal)
    qtbot.keyClick(inspector.data.reveal, KEYS.Key_Space)
    qtbot.waitUntil(lambda: table.item(row, 1).text() == EMAIL)

    _triage_by_keyboard(window, frame, qtbot, tmp_path / "finding.html")

    qtbot.keyClick(window, KEYS.Key_2, CTRL)
    settle(qtbot, window)
    qtbot.keyClick(window, KEYS.Key_E, CTRL)
    dialog = traffic.exporting.dialog
    assert dialog is not None
    active(qtbot, dialog)
    tab_to(qtbot, dialog, dialog.forms.button(0))
    qtbot.keyClick(dialog.forms.button(0), KEYS.Key_Right)
    tab_to(qtbot, dialog, next(entry for entry in dialog.depths.values() if entry.isChecked()))
    qtbot.keyClick(dialog.focusWidget(), KEYS.Key_Right)
    tab_to(qtbot, dialog, dialog.reason)
    qtbot.keyClicks(dialog.reason, REASON)
    tab_to(qtbot, dialog, dialog.path)
    qtbot.keyClick(dialog.path, KEYS.Key_A, CTRL)
    qtbot.keyClicks(dialog.path, str(tmp_path / "calls.jsonl"))
    qtbot.keyClick(dialog.path, KEYS.Key_Return)
    qtbot.waitUntil((tmp_path / "calls.jsonl").exists)
    settle(qtbot, window)
    active(qtbot, window)

    qtbot.keyClick(window, KEYS.Key_L, CTRL | SHIFT)
    assert window.locked
    qtbot.waitUntil(lambda: "invoice" not in texts(window))
    check(full_desk, tmp_path)


def _triage_by_keyboard(window: Window, frame: Frame, qtbot: QtBot, path: Path) -> None:
    qtbot.keyClick(window, KEYS.Key_4, CTRL)
    page = frame.findings
    settle(qtbot, window)
    assert page.list.hasFocus()
    assert [case.finding.id for case in page.chosen()] == ["f-secret"]
    qtbot.keyClick(page.list, KEYS.Key_T)
    settle(qtbot, window)
    qtbot.keyClick(page.list, KEYS.Key_P)
    assert page.dialog is not None
    active(qtbot, page.dialog)
    qtbot.keyClick(page.dialog.field, KEYS.Key_A, CTRL)
    qtbot.keyClicks(page.dialog.field, str(path))
    qtbot.keyClick(page.dialog.field, KEYS.Key_Return)
    qtbot.waitUntil(path.exists)
    settle(qtbot, window)
    active(qtbot, window)
    qtbot.keyClick(page.list, KEYS.Key_D)
    form = page.view.form
    qtbot.waitUntil(form.reason.hasFocus)
    qtbot.keyClick(form.reason, KEYS.Key_Down)
    tab_to(qtbot, window, form.comment)
    qtbot.keyClicks(form.comment, COMMENT)
    qtbot.keyClick(form.comment, KEYS.Key_Return, CTRL)
    settle(qtbot, window)
    assert page.list.hasFocus()


def test_by_mouse(show: Open, qtbot: QtBot, full_desk: Desk, tmp_path: Path) -> None:
    window = show(full_desk)
    assert QGuiApplication.platformName() == os.environ.get(PLATFORM, "offscreen")
    hand = Hand(qtbot, window)
    hand.click(window.unlock.passphrase)
    hand.type(window.unlock.passphrase, PASSPHRASE.decode())
    hand.button("Unlock")
    frame = frame_of(window, qtbot)
    traffic, inspector = frame.traffic, frame.traffic.inspector

    hand.button("Traffic")
    hand.click(traffic.filter_bar.field)
    hand.type(traffic.filter_bar.field, "sent:EMAIL ")
    qtbot.waitUntil(lambda: traffic.model.rowCount() == 1)
    settle(qtbot, window)
    hand.click(traffic.view.viewport(), traffic.view.visualRect(traffic.model.index(0, 1)).center())
    qtbot.waitUntil(lambda: inspector.call is not None)
    hand.click(inspector.gate.reason)
    hand.type(inspector.gate.reason, REASON)
    hand.button("Read content")
    qtbot.waitUntil(lambda: inspector.opened is not None)

    bar, table = inspector.tabs.tabBar(), inspector.data.table
    hand.click(bar, bar.tabRect(inspector.tabs.indexOf(inspector.data)).center())
    row = next(row for row in range(table.rowCount()) if table.item(row, 0).text().startswith("EMAIL"))
    hand.click(table.viewport(), table.visualItemRect(table.item(row, 1)).center())
    hand.button("Reveal the chosen value")
    qtbot.waitUntil(lambda: table.item(row, 1).text() == EMAIL)

    hand.button("Findings")
    page = frame.findings
    hand.button("Take up")
    hand.button("Report…")
    assert page.dialog is not None
    page.dialog.field.setText(str(tmp_path / "finding.html"))
    hand.button("Write", page.dialog)
    hand.button("Dismiss")
    page.view.form.reason.setCurrentIndex(1)
    hand.click(page.view.form.comment)
    hand.type(page.view.form.comment, COMMENT)
    hand.button("Dismiss", page.view.form)

    hand.button("Traffic")
    hand.click(traffic.exporting.button)
    dialog = traffic.exporting.dialog
    assert dialog is not None
    for words in ("JSON lines", "With content, masked"):
        entry = next(one for one in (*dialog.forms.buttons(), *dialog.depths.values()) if one.text() == words)
        hand.click(entry, QPoint(8, entry.height() // 2))
    hand.click(dialog.reason)
    hand.type(dialog.reason, REASON)
    dialog.path.setText(str(tmp_path / "calls.jsonl"))
    hand.button("Export", dialog)
    qtbot.waitUntil((tmp_path / "calls.jsonl").exists)

    hand.button("Lock")
    assert window.locked
    qtbot.waitUntil(lambda: "invoice" not in texts(window))
    check(full_desk, tmp_path)


@pytest.mark.timeout(400)
@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="no Xvfb on this machine")
def test_in_a_real_window() -> None:
    read, write = os.pipe()
    line = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    server = subprocess.Popen(line, pass_fds=(write,), stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as told:
            display = told.readline().strip()
        assert display, "the X server did not start"
        seen = {"DISPLAY": f":{display}", "QT_QPA_PLATFORM": "xcb", PLATFORM: "xcb"}
        names = [f"{__file__}::test_by_mouse", f"{__file__}::test_by_keyboard"]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *names],
            env=os.environ | seen, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
    finally:
        server.terminate()
        server.wait(20)
