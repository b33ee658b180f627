# SPDX-License-Identifier: Apache-2.0
"""The switch of a live list: live or paused, and how many calls wait meanwhile."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from ui.shortcuts import Shortcut
from ui.widgets.basics import tint


class LiveButton(QToolButton):
    """`resumed` fires when the list is to take in what waited."""

    resumed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.live, self.waiting = True, 0
        self.setProperty("look", "quiet")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.clicked.connect(self.toggle)
        self._dress()

    def toggle(self) -> None:
        """Pause or resume."""
        self.live = not self.live
        self._dress()
        if self.live and self.waiting:
            self.resumed.emit()

    def wait_for(self, calls: int) -> None:
        """So many calls wait."""
        if calls != self.waiting:
            self.waiting = calls
            self._dress()

    def _dress(self) -> None:
        said = "Pause the live list" if self.live else "Resume the live list"
        more = f" · {self.waiting:,} new" if self.waiting else ""
        self.setText(f" {'Live' if self.live else 'Paused'}{more}")
        self.setToolTip(f"{said} ({Shortcut.LIVE.keys[0]})")
        self.setAccessibleName(f"{said}{more}")
        tint(self, "pause" if self.live else "play", "good" if self.live else "warn")
