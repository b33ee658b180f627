# SPDX-License-Identifier: Apache-2.0
"""A line over the page that says what went wrong or was done, until it is closed or time has passed."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QWidget

from ui.widgets.basics import across, label, picture, set_look, set_picture, tool

GOOD_NEWS_MS = 4_000


class Notice(QFrame):
    """One sentence at a time; failures stay until closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = picture("error", "bad", 16)
        self.words = label("", wrap=True, selectable=True)
        close = tool("close", "Close this notice")
        row = across(self._mark, self.words, close, margins=(16, 6, 10, 6), spacing=10)
        row.setStretchFactor(self.words, 1)
        self.setLayout(row)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.hide)
        self._timer = QTimer(self, singleShot=True, interval=GOOD_NEWS_MS)
        self._timer.timeout.connect(self.hide)
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
        set_picture(self._mark, drawing, tone, 16)
        self.words.setText(sentence)
        self.setAccessibleName(sentence)
        set_look(self, f"notice-{tone}")
        self.show()
