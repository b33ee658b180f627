# SPDX-License-Identifier: Apache-2.0
"""The desktop locks itself when nobody touches it, and when the system locks its screen."""

import struct
import sys

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.material import Desk
from tests.ui.test_workflow import Unlocked
from ui import idle, screen_lock
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


def test_a_screen_that_is_asked_for_its_lock_locks(unlocked: Unlocked, desk: Desk) -> None:
    window, _ = unlocked(desk)
    watch = window.findChild(Watch)
    assert watch is not None
    told = [False]
    watch.screen_locked = lambda: told[0]
    watch.look()
    assert not window.locked
    told[0] = True
    watch.look()
    assert window.locked


def test_what_windows_says_of_its_session_is_read() -> None:
    def said(level: int, flags: int) -> bytes:
        return struct.pack("<i4xIii", level, 1, 0, flags) + bytes(200)

    assert screen_lock.locked_by(said(1, 0))
    assert not screen_lock.locked_by(said(1, 1)), "unlocked"
    assert not screen_lock.locked_by(said(1, -1)), "not known"
    assert not screen_lock.locked_by(said(0, 0))
    assert not screen_lock.locked_by(b"")


def test_a_system_that_cannot_be_asked_is_not() -> None:
    assert screen_lock.reader("linux") is None
    assert screen_lock.reader("win32" if sys.platform != "win32" else "darwin") is None
