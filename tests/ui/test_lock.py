# SPDX-License-Identifier: Apache-2.0
"""The desktop locks itself when nobody touches it, and when the system locks its screen."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.material import Desk
from tests.ui.test_workflow import Unlocked
from ui import idle
from ui.idle import Watch


class Clock:
    """Time that is told."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(idle, "time", made)
    return made


def test_it_locks_after_idle_minutes_and_says_so_before(
    unlocked: Unlocked, desk: Desk, qtbot: QtBot, clock: Clock
) -> None:
    window, frame = unlocked(desk)
    watch = window.findChild(Watch)
    assert watch is not None
    clock.now += 200
    watch.look()
    assert frame.status.countdown.text() == "locks in 00:40"
    qtbot.keyClick(window.windowHandle(), Qt.Key.Key_Shift)
    watch.look()
    assert not frame.status.countdown.isVisible(), "a touch begins anew"
    clock.now += 241
    watch.look()
    assert window.locked


def test_it_locks_with_the_screen_unless_told_otherwise(unlocked: Unlocked, desk: Desk) -> None:
    window, _ = unlocked(desk)
    watch = window.findChild(Watch)
    assert watch is not None
    watch.configure(0, on_screen_lock=False)
    watch.screen_changed(True)
    assert not window.locked
    watch.configure(0, on_screen_lock=True)
    watch.screen_changed(False)
    assert not window.locked
    watch.screen_changed(True)
    assert window.locked


def test_without_a_limit_it_never_locks(qtbot: QtBot, clock: Clock) -> None:
    watch = Watch()
    watch.configure(0, on_screen_lock=True)
    with qtbot.assertNotEmitted(watch.left):
        clock.now += 100_000
        watch.look()
