# SPDX-License-Identifier: Apache-2.0
"""What the desktop remembers between starts: looks and arrangement, nothing of the traffic."""

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QSettings

from auditor.findings import Level
from ui.theme import Mode

ORGANISATION, APPLICATION = "ai-usage-auditor", "desktop"
IDLE_MINUTES, LONGEST_IDLE = 4, 240


class Settings:
    """Typed access to the settings file."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store or QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, ORGANISATION, APPLICATION
        )

    def mode(self) -> Mode:
        """Light, dark or the system's colours."""
        value = str(self._store.value("look/mode", Mode.SYSTEM))
        return Mode(value) if value in set(Mode) else Mode.SYSTEM

    def scale(self) -> float:
        """Text size, 1.0 to 2.0."""
        try:
            return float(str(self._store.value("look/scale", 1.0)))
        except ValueError:
            return 1.0

    def set_look(self, mode: Mode, scale: float) -> None:
        """Remember colours and text size."""
        self._store.setValue("look/mode", str(mode))
        self._store.setValue("look/scale", scale)

    def columns(self) -> list[str]:
        """Columns of the list of calls, in order; empty when never chosen."""
        return [key for key in str(self._store.value("traffic/columns", "")).split() if key]

    def set_columns(self, keys: Sequence[str]) -> None:
        """Remember the columns."""
        self._store.setValue("traffic/columns", " ".join(keys))

    def splitter(self, page: str) -> QByteArray:
        """State of a page's splitter."""
        return self._bytes(f"{page}/splitter")

    def set_splitter(self, page: str, state: QByteArray) -> None:
        """Remember a page's splitter."""
        self._store.setValue(f"{page}/splitter", state)

    def idle_minutes(self) -> int:
        """After how many idle minutes the desktop locks itself; 0: never."""
        try:
            return min(max(int(str(self._store.value("lock/idle_minutes", IDLE_MINUTES))), 0), LONGEST_IDLE)
        except ValueError:
            return IDLE_MINUTES

    def lock_with_screen(self) -> bool:
        """Whether the desktop locks itself when the system locks its screen."""
        return str(self._store.value("lock/with_screen", "true")).lower() != "false"

    def set_lock(self, idle_minutes: int, with_screen: bool) -> None:
        """Remember when to lock."""
        self._store.setValue("lock/idle_minutes", idle_minutes)
        self._store.setValue("lock/with_screen", "true" if with_screen else "false")

    def notify(self) -> Level | None:
        """From which level on new findings are told through the tray; None: never."""
        value = str(self._store.value("notify/level", Level.HIGH))
        return Level(value) if value in set(Level) else None

    def set_notify(self, level: Level | None) -> None:
        """Remember from which level on."""
        self._store.setValue("notify/level", str(level or ""))

    def page(self) -> str:
        """The page shown last, by its name; empty at first."""
        return str(self._store.value("window/page", ""))

    def set_page(self, name: str) -> None:
        """Remember the page shown."""
        self._store.setValue("window/page", name)

    def geometry(self) -> QByteArray:
        """Size and place of the window."""
        return self._bytes("window/geometry")

    def set_geometry(self, geometry: QByteArray) -> None:
        """Remember the window's size and place."""
        self._store.setValue("window/geometry", geometry)

    def _bytes(self, key: str) -> QByteArray:
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()
