# SPDX-License-Identifier: Apache-2.0
"""What a view shows when it has nothing to show: one sentence, and the next action."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.theme import theme
from ui.widgets.basics import across, button, down, holder, label, picture, set_picture


class Empty(QWidget):
    """A drawing, a sentence, a hint and at most one action, in the middle of the room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = picture("empty", "muted", 40)
        self.sentence = label("", "heading", wrap=True)
        self.hint = label("", "muted", wrap=True)
        self.action = button("")
        self._do: Callable[[], object] | None = None
        self.action.clicked.connect(self._act)
        self.action.hide()
        self.hint.hide()
        column = down(spacing=8)
        column.addWidget(self._picture, alignment=Qt.AlignmentFlag.AlignHCenter)
        for text in (self.sentence, self.hint):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(text)
        column.addSpacing(theme().px(6))
        column.addWidget(self.action, alignment=Qt.AlignmentFlag.AlignHCenter)
        body = holder(column)
        body.setMaximumWidth(theme().px(380))
        middle = across(1, body, 1)
        middle.setStretchFactor(body, 8)
        layout = down(margins=(24, 24, 24, 24))
        layout.addStretch(2)
        layout.addLayout(middle)
        layout.addStretch(3)
        self.setLayout(layout)

    def _act(self) -> None:
        if self._do is not None:
            self._do()

    def say(
        self,
        drawing: str,
        sentence: str,
        hint: str = "",
        action: str = "",
        do: Callable[[], object] | None = None,
    ) -> None:
        """Set drawing, sentence, hint and action."""
        set_picture(self._picture, drawing, "muted", 40)
        self.sentence.setText(sentence)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.action.setText(action)
        self.action.setVisible(bool(action))
        self._do = do
        self.setAccessibleName(f"{sentence} {hint}".strip())
