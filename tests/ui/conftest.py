# SPDX-License-Identifier: Apache-2.0
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from pytestqt.wait_signal import SignalBlocker

from tests.ui.material import PASSPHRASE, REASON, Desk, ordinary, scanner, signs_of_life
from ui.frame import Frame
from ui.settings import Settings
from ui.theme import Mode, theme
from ui.window import Window

PATIENCE_MS = 30_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Any Qt warning fails a test, but for what the offscreen platform says of itself (raise, grab, size hints)."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("^This plugin does not support "))


class Patient(QtBot):
    """Waits as long as a busy machine may take, unless told otherwise; what holds is seen at once all the same."""

    def waitUntil(self, callback: Callable[[], object], *, timeout: int = PATIENCE_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **options: Any) -> SignalBlocker:
        return super().waitSignal(signal, timeout=timeout, **options)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """The one of pytest-qt, with patience."""
    return Patient(request)


@pytest.fixture(scope="session", autouse=True)
def _detectors() -> None:
    """Compile the detectors' patterns, or find them compiled, where every program of this machine looks."""
    scanner().scan("warm up")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index lies in a folder of the test run."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture(autouse=True)
def _looks(qapp: QApplication) -> Iterator[None]:
    """Every test begins in light colours at 100 %."""
    theme().start(Mode.LIGHT)
    yield
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A store with an ordinary morning; do not write to it."""
    made = Desk(tmp_path_factory.mktemp("desk"))
    made.record_exchanges(ordinary())
    made.record(*signs_of_life(30))
    return made


@pytest.fixture
def own_desk(tmp_path: Path) -> Desk:
    """An empty store of the test's own."""
    return Desk(tmp_path / "own")


type Open = Callable[[Desk], Window]


@pytest.fixture
def show(qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    """Opens locked windows; closes them in the end."""
    windows: list[Window] = []

    def open_window(desk: Desk) -> Window:
        settings = Settings(QSettings(str(tmp_path / "look.ini"), QSettings.Format.IniFormat))
        window = Window(str(desk.store), str(desk.identity_path), settings)
        windows.append(window)
        window.resize(1440, 900)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield open_window
    for window in windows:
        window.close()
        window.deleteLater()


@pytest.fixture
def unlocked(show: Open, qtbot: QtBot) -> Callable[[Desk], tuple[Window, Frame]]:
    """Opens a window, unlocks it, and goes to Traffic."""

    def open_unlocked(desk: Desk) -> tuple[Window, Frame]:
        window = show(desk)
        window.unlock.use(PASSPHRASE)
        qtbot.waitUntil(lambda: window.frame is not None)
        assert window.frame is not None
        window.frame.show_named("traffic")
        settle(qtbot, window)
        return window, window.frame

    return open_unlocked


def settle(qtbot: QtBot, window: Window) -> None:
    """Wait until every answer has arrived and been shown."""
    calm = 0

    def rested() -> bool:
        nonlocal calm
        calm = calm + 1 if window.session is None or window.session.background.idle else 0
        return calm > 12

    qtbot.waitUntil(rested)


def opened_call(qtbot: QtBot, frame: Frame, row: int) -> None:
    """Go to a call in Traffic and read its content for a reason."""
    frame.traffic.view.go_to(row)
    inspector = frame.traffic.inspector

    def chosen() -> bool:
        wanted = frame.traffic.model.loaded(row)
        return wanted is not None and inspector.call is not None and inspector.call.id == wanted.call.id

    qtbot.waitUntil(chosen)
    read_content(qtbot, frame)


def read_content(qtbot: QtBot, frame: Frame) -> None:
    """Read the content of the call that is chosen in Traffic, for a reason."""
    inspector = frame.traffic.inspector
    inspector.gate.reason.setText(REASON)
    inspector.gate.read.click()
    qtbot.waitUntil(lambda: inspector.opened is not None)
