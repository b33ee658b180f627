# SPDX-License-Identifier: Apache-2.0
"""A framed group of parts under a title."""

from PySide6.QtWidgets import QFrame, QWidget

from ui.widgets.basics import down, label


def group(title: str, *parts: QWidget) -> QFrame:
    """The parts below each other; no title for an empty one."""
    box = QFrame()
    box.setProperty("look", "group")
    named = (label(title, "heading"),) if title else ()
    box.setLayout(down(*named, *parts, margins=(18, 14, 18, 16), spacing=10))
    box.setAccessibleName(title)
    return box
