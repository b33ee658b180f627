# SPDX-License-Identifier: Apache-2.0
"""A short fact in a rounded box, with a drawing before it."""

from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from ui.widgets.basics import across, label, picture


class Chip(QFrame):
    """`tone` names the colour of its text: text, muted, good, warn, bad."""

    def __init__(self, text: str, drawing: str = "", tone: str = "muted", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "chip")
        self.setProperty("tone", tone)
        parts = [picture(drawing, tone, 13), label(text)] if drawing else [label(text)]
        self.setLayout(across(*parts, margins=(8, 2, 8, 2), spacing=6))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
