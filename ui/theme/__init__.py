# SPDX-License-Identifier: Apache-2.0
"""How the desktop looks: colours, sizes, fonts and icons, light and dark, at any text size.

Front door: `Theme` (one per application), `Colors`, `icon`. Widgets ask the theme for colours and lengths and repaint
when `Theme.changed` fires; nothing else in `ui` names a colour or a pixel.
"""

from ui.theme.colors import DARK, LIGHT, Colors
from ui.theme.icons import icon, pixmap
from ui.theme.theme import MONO, SANS, Mode, Theme, theme

__all__ = ["DARK", "LIGHT", "MONO", "SANS", "Colors", "Mode", "Theme", "icon", "pixmap", "theme"]
