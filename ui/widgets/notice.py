# SPDX-License-Identifier: Apache-2.0
"""A line over the page that says what went wrong or was done, until it is closed or time has passed."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QWidget

from ui.theme import theme
from ui.widgets.basics import across, follow_theme, label, picture, set_picture, tool

GOOD_NEWS_MS = 4_000


class Notice(QFrame):
    """One sentence at a time; failures stay until closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = "bad"
        self._mark = picture("error", "bad", 16)
        self.words = label("", wrap=True, selectable=True)
        close = tool("close", "Close this notice")
        row = across(self._mark, self.words, close, margins=(16, 6, 10, 6), spacing=10)
        row.setStretchFactor(self.words, 1)
        self.setLayout(row)
        self.setObjectName("notice")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.hide)
        self._timer = QTimer(self, singleShot=True, interval=GOOD_NEWS_MS)
        self._timer.timeout.connect(self.hide)
        follow_theme(self, self._dress)
        self.hide()

    def fail(self, sentence: str) -> None:
        """Say a failure."""
        self._show("bad", "error", sentence)

    def tell(self, sentence: str) -> None:
        """Say something that passes."""
        self._show("good", "check", sentence)
        self._timer.start()

    def _show(self, tone: str, drawing: str, sentence: str) -> None:
        self._timer.stop()
        self._tone = tone
        set_picture(self._mark, drawing, tone, 16)
        self.words.setText(sentence)
        self.setAccessibleName(sentence)
        self._dress()
        self.show()

    def _dress(self) -> None:
        colors = theme().colors
        ground = getattr(colors, f"{self._tone}_soft")
        self.setStyleSheet(f"#notice {{ background: {ground}; border-bottom: 1px solid {colors.border}; }}")
