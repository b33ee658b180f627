# SPDX-License-Identifier: Apache-2.0
"""What the desktop remembers between starts: looks and arrangement, nothing of the traffic."""

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QSettings

from ui.theme import Mode

ORGANISATION, APPLICATION = "ai-usage-auditor", "desktop"


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

    def splitter(self) -> QByteArray:
        """State of the splitter between list and inspector."""
        return self._bytes("traffic/splitter")

    def set_splitter(self, state: QByteArray) -> None:
        """Remember the splitter."""
        self._store.setValue("traffic/splitter", state)

    def geometry(self) -> QByteArray:
        """Size and place of the window."""
        return self._bytes("window/geometry")

    def set_geometry(self, geometry: QByteArray) -> None:
        """Remember the window's size and place."""
        self._store.setValue("window/geometry", geometry)

    def _bytes(self, key: str) -> QByteArray:
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()
