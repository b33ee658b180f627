# SPDX-License-Identifier: Apache-2.0
"""The one theme of the application: mode (system, light, dark) and text size, applied to Qt as a whole.

Fusion with our own palette, because the platform's dark mode is silently absent on several Linux desktops. Lengths
go through `px`, so that 100 to 200 % text size scales everything together. Invariant: after `apply`, palette, font
and style sheet agree with `colors` and `scale`.
"""

from enum import StrEnum
from functools import cache
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from ui.theme.colors import DARK, LIGHT, Colors
from ui.theme.sheet import style_sheet

FONTS = Path(__file__).with_name("fonts")
SANS = "Inter"
MONO = "JetBrains Mono"
SMALLEST, LARGEST, STEP = 1.0, 2.0, 0.1

type Role = QPalette.ColorRole


class Mode(StrEnum):
    """Which set of colours is used."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """Colours, lengths and fonts in use; `changed` fires after any of them changed."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.mode = Mode.SYSTEM
        self.scale = SMALLEST
        self.colors: Colors = LIGHT
        self._applied = False

    def px(self, length: float) -> int:
        """A length of the design in logical pixels at the present text size."""
        return max(1, round(length * self.scale))

    def font(self, size: float = 13, weight: QFont.Weight = QFont.Weight.Normal, family: str = SANS) -> QFont:
        """A font by its size in the design."""
        font = QFont([family, "DejaVu Sans Mono" if family == MONO else "DejaVu Sans"])
        font.setPixelSize(self.px(size))
        font.setWeight(weight)
        if family == MONO:
            font.setFeature(QFont.Tag("calt"), 0)  # no ligatures: ">-" is read as it is written
        return font

    def figures(self, size: float = 13) -> QFont:
        """A font whose digits are all of one width, so that columns of numbers stand in line."""
        font = self.font(size)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def color(self, name: str) -> QColor:
        """A colour by its meaning (a field of `Colors`)."""
        return QColor(getattr(self.colors, name))

    def start(self, mode: Mode = Mode.SYSTEM, scale: float = SMALLEST) -> None:
        """Load the fonts, follow the system's colour scheme, and apply."""
        load_fonts()
        if not self._applied:
            QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)
        self.mode, self.scale = mode, scale
        self.apply()

    def set_mode(self, mode: Mode) -> None:
        """Change the colours."""
        if mode is self.mode:
            return
        self.mode = mode
        self.apply()

    def set_scale(self, scale: float) -> None:
        """Change the text size, 1.0 to 2.0."""
        self.scale = round(min(LARGEST, max(SMALLEST, scale)), 2)
        self.apply()

    def zoom(self, steps: int) -> None:
        """Larger or smaller text; 0 restores 100 %."""
        self.set_scale(self.scale + steps * STEP if steps else SMALLEST)

    def apply(self) -> None:
        """Give Qt the palette, font and style sheet of the present mode and size."""
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            return
        self.colors = self._chosen()
        if not self._applied:
            app.setStyle("Fusion")
            self._applied = True
        app.setPalette(palette(self.colors))
        app.setFont(self.font())
        app.setStyleSheet(style_sheet(self.colors, self.px))
        self.changed.emit()

    def _chosen(self) -> Colors:
        if self.mode is Mode.SYSTEM:
            return DARK if QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark else LIGHT
        return DARK if self.mode is Mode.DARK else LIGHT

    def _system_changed(self) -> None:
        if self.mode is Mode.SYSTEM and self.colors is not self._chosen():
            self.apply()


@cache
def theme() -> Theme:
    """The application's theme."""
    return Theme()


@cache
def load_fonts() -> tuple[str, ...]:
    """Make the bundled fonts known to Qt; returns their family names."""
    families: list[str] = []
    for path in sorted((*FONTS.glob("*.otf"), *FONTS.glob("*.ttf"))):
        families += QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(path)))
    return tuple(dict.fromkeys(families))


def palette(colors: Colors) -> QPalette:
    """The colours as a Qt palette, so that Fusion and accessibility tools see them."""
    role = QPalette.ColorRole
    chosen: dict[Role, str] = {
        role.Window: colors.window,
        role.WindowText: colors.text,
        role.Base: colors.surface,
        role.AlternateBase: colors.window,
        role.Text: colors.text,
        role.PlaceholderText: colors.muted,
        role.Button: colors.raised,
        role.ButtonText: colors.text,
        role.BrightText: colors.bad,
        role.ToolTipBase: colors.raised,
        role.ToolTipText: colors.text,
        role.Highlight: colors.accent_fill,
        role.HighlightedText: colors.on_accent,
        role.Accent: colors.accent_fill,
        role.Link: colors.accent,
        role.LinkVisited: colors.accent,
        role.Light: colors.raised,
        role.Midlight: colors.hover,
        role.Mid: colors.border,
        role.Dark: colors.border_strong,
        role.Shadow: colors.sunken,
    }
    result = QPalette()
    for name, color in chosen.items():
        result.setColor(name, QColor(color))
    for name in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, name, QColor(colors.muted))
    return result
