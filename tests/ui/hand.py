# SPDX-License-Identifier: Apache-2.0
"""A hand on the mouse that reads the screen: it clicks what can be seen, by the words on it, counts and times."""

import time

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import settle
from ui.window import Window

LEFT = Qt.MouseButton.LeftButton


class Hand:
    """`clicks` and `words` count; `times` are the seconds from each click until everything it caused was shown."""

    def __init__(self, qtbot: QtBot, window: Window) -> None:
        self._qtbot, self._window = qtbot, window
        self.clicks = self.words = 0
        self.times: list[tuple[str, float]] = []

    def button(self, words: str, within: QWidget | None = None) -> None:
        """The visible button with these words."""
        found = [
            entry
            for entry in (within or self._window).findChildren(QAbstractButton)
            if entry.isVisible() and words in (entry.text().strip(), entry.accessibleName())
        ]
        assert found, f"nothing to click says “{words}”"
        self.click(found[0], said=words)

    def click(self, target: QWidget, at: QPoint | None = None, said: str = "") -> None:
        """One click."""
        assert target.isVisible()
        self.clicks += 1
        started = time.perf_counter()
        self._qtbot.mouseClick(target, LEFT, pos=at or target.rect().center())
        settle(self._qtbot, self._window)
        self.times.append((said or target.accessibleName(), time.perf_counter() - started))

    def type(self, target: QWidget, text: str) -> None:
        """Words into a field that was clicked."""
        self.words += 1
        self._qtbot.keyClicks(target, text)

    def told(self) -> str:
        """The clicks with their times, for a report."""
        lines = (f"{number:3} {seconds * 1000:7.0f} ms  {said}" for number, (said, seconds) in enumerate(self.times, 1))
        return "\n".join(lines)
