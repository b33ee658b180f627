# SPDX-License-Identifier: Apache-2.0
"""The first start: a store is made or named, a gateway set up, and the first call arrives."""

import shutil
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from auditor.store import Location, create_store
from auditor.store.keys.identity import Identity
from tests.ui.conftest import settle
from tests.ui.material import CHEAP, PASSPHRASE, Desk, ordinary
from tests.ui.test_widgets import nameless
from tests.ui.test_workflow import Unlocked
from ui.pages import welcome
from ui.settings import Settings
from ui.window import Window

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def first(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Window:
    """A window where there is no store; passphrases are cheap."""
    monkeypatch.setattr(welcome, "create_store", partial(create_store, argon2=CHEAP))
    settings = Settings(QSettings(str(tmp_path / "look.ini"), QSettings.Format.IniFormat))
    window = Window(str(tmp_path / "audit" / "store"), str(tmp_path / "auditor.identity"), settings)
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    return window


def test_a_store_is_made_and_opened(first: Window, qtbot: QtBot, tmp_path: Path) -> None:
    page = first.welcome
    assert page is not None
    assert nameless(first) == []
    assert page.folder.text() == str(tmp_path / "audit")
    assert not page.make.isEnabled()
    qtbot.keyClicks(page.passphrase, "short")
    qtbot.keyClicks(page.again, "short")
    assert "at least" in page.problem.text()
    page.passphrase.setText("correct horse battery")
    assert "not the same" in page.problem.text()
    page.again.setText("correct horse battery")
    qtbot.mouseClick(page.make, LEFT)
    qtbot.waitUntil(lambda: first.frame is not None)
    settle(qtbot, first)
    assert first.frame is not None
    assert first.welcome is None
    assert Identity.open(tmp_path / "audit" / "auditor.identity", b"correct horse battery").name == "auditor"
    assert first.frame.pages.currentWidget() is first.frame.gateways, "what comes next"
    first.close()


def test_nothing_that_exists_is_overwritten(first: Window, qtbot: QtBot, tmp_path: Path) -> None:
    page = first.welcome
    assert page is not None
    (tmp_path / "audit" / "gateway").mkdir(parents=True)
    for field in (page.passphrase, page.again):
        field.setText("correct horse battery")
    qtbot.mouseClick(page.make, LEFT)
    qtbot.waitUntil(lambda: "exists already" in page.problem.text())
    assert page.passphrase.text() == ""
    first.close()


def test_a_store_made_elsewhere_is_named(first: Window, qtbot: QtBot, own_desk: Desk) -> None:
    page = first.welcome
    assert page is not None
    page.store.setText(str(own_desk.store))
    assert not page.open.isEnabled()
    page.identity.setText(str(own_desk.identity_path))
    qtbot.mouseClick(page.open, LEFT)
    assert first.unlock.isVisible()
    first.unlock.use(PASSPHRASE)
    qtbot.waitUntil(lambda: first.frame is not None)
    settle(qtbot, first)
    first.close()


def test_the_guide_says_what_clients_need_and_sees_a_call_arrive(
    unlocked: Unlocked, qtbot: QtBot, own_desk: Desk
) -> None:
    window, frame = unlocked(own_desk)
    frame.show_named("gateways")
    settle(qtbot, window)
    frame.gateways.guide_wanted.emit()
    guide = frame.guide
    assert guide is not None
    settle(qtbot, window)
    assert "SHA-256" in guide.authority.text()
    qtbot.mouseClick(guide.copy, LEFT)
    assert "HTTPS_PROXY=http://127.0.0.1:8080" in QGuiApplication.clipboard().text()
    assert "Waiting" in guide.arrived.text()
    own_desk.record_exchanges(ordinary()[:1])
    qtbot.keyClick(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: "arrived" in guide.arrived.text())


def test_records_of_a_gateway_elsewhere_are_fetched(
    unlocked: Unlocked, qtbot: QtBot, own_desk: Desk, tmp_path: Path
) -> None:
    copy = tmp_path / "snapshot"
    shutil.copytree(own_desk.store, copy)
    window, frame = unlocked(own_desk)
    own_desk.location = Location.parse(copy)
    own_desk.record_exchanges(ordinary()[:2])
    frame.show_named("gateways")
    settle(qtbot, window)
    page = frame.gateways
    page.ask_fetch()
    dialog = page.dialog
    assert dialog is not None
    assert nameless(dialog) == []
    assert not dialog.submit.isEnabled()
    dialog.source.setText("https://gateway.example:8443")
    assert not dialog.submit.isEnabled(), "a gateway takes a token"
    dialog.source.setText(str(tmp_path / "nowhere"))
    qtbot.mouseClick(dialog.submit, LEFT)
    qtbot.waitUntil(dialog.problem.isVisible)
    assert "nowhere" in dialog.problem.text()
    dialog.source.setText(str(copy))
    qtbot.mouseClick(dialog.submit, LEFT)
    qtbot.waitUntil(lambda: frame.traffic.model.rowCount() == 2)
    assert "fetched from 1 ledger" in frame.notice.words.text()


def test_records_come_in_as_they_arrive(
    unlocked: Unlocked, qtbot: QtBot, own_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.pages.following.EVERY_MS", 50)
    monkeypatch.setattr("ui.pages.following.LATER_MS", 50)
    copy, away = tmp_path / "snapshot", tmp_path / "away"
    shutil.copytree(own_desk.store, copy)
    _, frame = unlocked(own_desk)
    own_desk.location = Location.parse(copy)
    own_desk.record_exchanges(ordinary()[:1])
    frame.show_named("gateways")
    page = frame.gateways
    page.ask_fetch()
    assert page.dialog is not None
    page.dialog.source.setText(str(copy))
    page.dialog.follow.setChecked(True)
    qtbot.mouseClick(page.dialog.submit, LEFT)
    qtbot.waitUntil(lambda: frame.traffic.model.rowCount() == 1)
    qtbot.waitUntil(page.leave.isVisible)
    assert "snapshot" in page.followed.text()
    own_desk.record_exchanges(ordinary()[1:2])
    qtbot.waitUntil(lambda: frame.traffic.model.rowCount() == 2)
    copy.rename(away)
    qtbot.waitUntil(lambda: "Not now" in page.followed.text())
    assert frame.notice.isVisible(), "said once"
    away.rename(copy)
    qtbot.waitUntil(lambda: "Not now" not in page.followed.text())
    qtbot.mouseClick(page.leave, LEFT)
    assert not page.leave.isVisible()
    assert not page.following.source
