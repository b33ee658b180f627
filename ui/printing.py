# SPDX-License-Identifier: Apache-2.0
"""Pages of HTML as a PDF, laid out by Qt's text engine; needs no display."""

import os
import sys

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPdfWriter, QTextDocument

_MARGIN_MM = 16.0


def pdf(html: str, title: str) -> bytes:
    """A PDF of A4 pages. The HTML is what `QTextDocument` knows of it."""
    application = QGuiApplication.instance() or _application()
    assert application is not None
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("AI Usage Auditor")
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    writer.setResolution(300)
    document = QTextDocument()
    document.setHtml(html)
    document.print_(writer)
    del writer  # the end of the file is written when the writer goes
    buffer.close()
    return bytes(data.data())


def _application() -> QGuiApplication:
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QGuiApplication(["auditor"])
