# SPDX-License-Identifier: Apache-2.0
"""Our icons: small line drawings in `svg/`, tinted with a colour of the theme when they are asked for.

The drawings are ours (24 × 24 grid, round strokes, `currentColor`), so they need no notice of others.
"""

from functools import cache, lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).with_name("svg")


@cache
def _drawing(name: str) -> str:
    return (FOLDER / f"{name}.svg").read_text()


@lru_cache(maxsize=512)
def pixmap(name: str, color: str, size: int, ratio: float = 1.0) -> QPixmap:
    """The drawing `name` in `color`, `size` logical pixels square, for a screen of `ratio` pixels each."""
    image = QPixmap(QSize(size, size) * ratio)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", color).encode())).render(
        painter, QRectF(0, 0, size, size)
    )
    painter.end()
    return image


def icon(name: str, color: str, size: int = 16) -> QIcon:
    """The drawing as an icon, sharp on ordinary and on dense screens."""
    result = QIcon()
    for ratio in (1.0, 2.0):
        result.addPixmap(pixmap(name, color, size, ratio))
    return result


def names() -> list[str]:
    """All drawings there are."""
    return sorted(path.stem for path in FOLDER.glob("*.svg"))
