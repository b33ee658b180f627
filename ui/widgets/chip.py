# SPDX-License-Identifier: Apache-2.0
"""A short fact in a rounded box, with a drawing before it."""

from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from ui.theme import theme
from ui.widgets.basics import across, follow_theme, label, picture

GROUNDS = {"good": "good_soft", "warn": "warn_soft", "bad": "bad_soft", "accent": "accent_soft"}


class Chip(QFrame):
    """`tone` names the colour of its text: text, muted, accent, good, warn, bad."""

    def __init__(self, text: str, drawing: str = "", tone: str = "muted", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = label(text)
        parts = [picture(drawing, tone, 13), self.words] if drawing else [self.words]
        self.setLayout(across(*parts, margins=(8, 2, 8, 2), spacing=6))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

        def dress() -> None:
            colors = theme().colors
            ground = getattr(colors, GROUNDS.get(tone, "hover"))
            self.setStyleSheet(f"Chip {{ background: {ground}; border-radius: {theme().px(6)}px; }}")
            self.words.setStyleSheet(f"color: {getattr(colors, tone)}; font-size: {theme().px(12)}px;")

        follow_theme(self, dress)
