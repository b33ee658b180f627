# SPDX-License-Identifier: Apache-2.0
"""Tells when the desk was left: nobody touched keyboard or mouse for a while, or the system locked its screen.

The screen's lock is heard on the session's D-Bus (org.freedesktop.ScreenSaver and GNOME's, signal `ActiveChanged`:
https://specifications.freedesktop.org/idle-inhibit-spec) where there is one; Windows and macOS are asked each second
(`ui.screen_lock`).
"""

import os
import time

from PySide6.QtCore import SLOT, QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtDBus import QDBusConnection
from PySide6.QtGui import QGuiApplication, QWindow
from shiboken6 import isValid

from ui import screen_lock

LOOK_EVERY_MS = 1_000
TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)
SAVERS = (
    ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"),
    ("org.freedesktop.ScreenSaver", "/ScreenSaver"),
    ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"),
)


class Watch(QObject):
    """`left` fires when the desk was left; `remaining` every second with the seconds to go, -1 while it never does."""

    left = Signal()
    remaining = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._limit_s = 0
        self._on_screen_lock = True
        self._touched = time.monotonic()
        self._window: QWindow | None = None
        self._clock = QTimer(self, interval=LOOK_EVERY_MS)
        self._clock.timeout.connect(self.look)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._focus_moved)
        self.screen_locked = screen_lock.reader()
        """Whether the screen is locked, where the system has to be asked."""

        self._listen()

    def _listen(self) -> None:
        if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
            return
        bus = QDBusConnection.sessionBus()
        if bus.isConnected():
            for service, path in SAVERS:
                bus.connect(service, path, service, "ActiveChanged", self, SLOT("screen_changed(bool)").encode())

    def configure(self, minutes: int, on_screen_lock: bool) -> None:
        """Leave after so many idle minutes (0: never), and when the screen is locked."""
        self._limit_s, self._on_screen_lock = minutes * 60, on_screen_lock
        self.touch()

    def start(self) -> None:
        """Begin to watch."""
        self.touch()
        self._follow(QGuiApplication.focusWindow())
        self._clock.start()
        self.look()

    def stop(self) -> None:
        """No longer watch."""
        self._follow(None)
        self._clock.stop()

    def _follow(self, window: QWindow | None) -> None:
        """Hear the window that has the keyboard: a filter on the application would see every event of every widget."""
        if self._window is not None and isValid(self._window):
            self._window.removeEventFilter(self)
        self._window = window
        if window is not None:
            window.installEventFilter(self)

    def _focus_moved(self, window: QWindow | None) -> None:
        if self._clock.isActive():
            self._follow(window)

    def touch(self) -> None:
        """Somebody is here."""
        self._touched = time.monotonic()

    def look(self) -> None:
        """Tell how long is left, and leave when it is over, or the screen is locked."""
        if self.screen_locked is not None and self.screen_locked():
            self.screen_changed(True)
            if not self._clock.isActive():
                return
        if not self._limit_s:
            self.remaining.emit(-1)
            return
        rest = self._limit_s - (time.monotonic() - self._touched)
        self.remaining.emit(max(0, round(rest)))
        if rest <= 0:
            self.left.emit()

    @Slot(bool)
    def screen_changed(self, locked: bool) -> None:
        """The system's screen saver began or ended."""
        if locked and self._on_screen_lock and self._clock.isActive():
            self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Every touch counts, and none is taken away."""
        if event.type() in TOUCHES:
            self._touched = time.monotonic()
        return False
