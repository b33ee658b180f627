# SPDX-License-Identifier: Apache-2.0
"""Writes the program's icon, made of the desktop's own logo, in each system's format: `python icon.py FOLDER`."""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

LOGO = Path(__file__).parents[2] / "ui/theme/svg/logo.svg"
COLOR = "#4c8dff"
"""Tells on a light panel and on a dark one."""
NAME = "ai-usage-auditor"
PIXELS = 256
ICNS_KINDS = {b"ic07": 128, b"ic08": 256, b"ic09": 512}
"""Entries that hold a PNG, and its width: https://en.wikipedia.org/wiki/Apple_Icon_Image_format."""


def write(folder: Path) -> None:
    """Write the icon in every format. Raises `OSError` where one cannot be written."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QGuiApplication.instance() or QGuiApplication([])
    assert app is not None
    folder.mkdir(parents=True, exist_ok=True)
    drawn = LOGO.read_text("utf-8").replace("currentColor", COLOR)
    contents = {
        "svg": drawn.encode(),
        "png": encoded(drawn, PIXELS, "PNG"),
        "ico": encoded(drawn, PIXELS, "ICO"),
        "icns": icns({kind: encoded(drawn, pixels, "PNG") for kind, pixels in ICNS_KINDS.items()}),
    }
    for kind, content in contents.items():
        (folder / f"{NAME}.{kind}").write_bytes(content)


def icns(entries: dict[bytes, bytes]) -> bytes:
    """macOS's icon of these entries. Qt's own writer makes a table of contents that its reader calls broken."""
    body = b"".join(kind + (8 + len(content)).to_bytes(4, "big") + content for kind, content in entries.items())
    return b"icns" + (8 + len(body)).to_bytes(4, "big") + body


def encoded(drawn: str, pixels: int, kind: str) -> bytes:
    """The drawing as a picture file of a kind that Qt knows."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    if not picture(drawn, pixels).save(buffer, kind):
        raise OSError(f"Qt writes no {kind}")
    return bytes(buffer.data().data())


def picture(drawn: str, pixels: int) -> QImage:
    """The drawing as a square picture."""
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(drawn.encode())).render(painter)
    painter.end()
    return image


if __name__ == "__main__":
    write(Path(sys.argv[1]))
