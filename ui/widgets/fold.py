# SPDX-License-Identifier: Apache-2.0
"""A heading that opens and closes what is below it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.widgets.basics import across, down, tool


class Fold(QWidget):
    """A heading that opens and closes what is below it; closed at first."""

    opened = Signal()

    def __init__(self, title: str, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._closed = tool("right", f"Show {title}", text=title, color="muted")
        self._open = tool("down", f"Hide {title}", text=title, color="muted")
        self.body = body
        for switch, show in ((self._closed, True), (self._open, False)):
            switch.clicked.connect(lambda _=False, show=show: self.set_open(show, focus=True))
        head = across(self._closed, self._open, 1)
        layout = down(spacing=4)
        layout.addLayout(head)
        layout.addWidget(body)
        self.setLayout(layout)
        self.set_open(False)

    def set_open(self, show: bool, *, focus: bool = False) -> None:
        """Show or hide the body."""
        if show:
            self.opened.emit()
        self.body.setVisible(show)
        self._closed.setVisible(not show)
        self._open.setVisible(show)
        if focus:
            (self._open if show else self._closed).setFocus()
