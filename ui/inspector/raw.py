# SPDX-License-Identifier: Apache-2.0
"""The raw tab: request and response as they were on the wire, behind a step of its own because they are not masked."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.widgets.basics import across, down, holder, label, picture
from ui.widgets.contents.code_view import CodeView
from ui.widgets.empty import Empty
from ui.widgets.segments import Segments


class RawTab(QWidget):
    """Request or response, one at a time."""

    wanted = Signal()
    """The raw exchange is asked for."""

    reason_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.request, self.response = RawSide("Request"), RawSide("Response")
        self._sides = {"request": self.request, "response": self.response}
        self.choice = Segments("Raw", [(key, key.capitalize()) for key in self._sides])
        self._stack = QStackedWidget()
        for side in self._sides.values():
            self._stack.addWidget(side)
            side.wanted.connect(self.wanted)
            side.reason_wanted.connect(self.reason_wanted)
        self.choice.chosen.connect(self.show_side)
        layout = down(holder(down(self.choice, margins=(12, 8, 12, 4)), "panel"), self._stack, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.show_side("request")

    def show_side(self, key: str) -> None:
        """Show "request" or "response"."""
        self.choice.choose(key)
        self._stack.setCurrentWidget(self._sides[key])

    def seal(self) -> None:
        """Nothing was opened: drop what there was."""
        for side in self._sides.values():
            side.seal()

    def offer(self) -> None:
        """The content was opened for a reason: the raw exchange is one step away."""
        for side in self._sides.values():
            side.offer()


class RawSide(QStackedWidget):
    """Sealed, then waiting for the further step, then shown."""

    wanted = Signal()
    """The raw exchange is asked for."""

    reason_wanted = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._empty = Empty()
        self.code = CodeView(name)
        self.addWidget(self._empty)
        self.addWidget(self._shown())
        self.seal()

    def _shown(self) -> QWidget:
        notice = holder(
            across(
                picture("info", "warn", 15), label("Not masked. This view was recorded."), 1, margins=(16, 7, 16, 7)
            ),
            "notice-warn",
        )
        inner = down(self.code, margins=(12, 8, 4, 4))
        column = down(notice, spacing=0)
        column.addLayout(inner, 1)
        return holder(column, "panel")

    def seal(self) -> None:
        """Nothing was opened: drop what there was."""
        self.code.clear()
        self._empty.say(
            "lock", "The content is sealed.", "Reading it takes a reason.", "Give a reason…", self.reason_wanted.emit
        )
        self.setCurrentIndex(0)

    def offer(self) -> None:
        """The content was opened for a reason: the raw exchange is one step away."""
        self._empty.say(
            "hidden",
            f"The raw {self._name.lower()} is not masked.",
            "Showing it is recorded with the same reason.",
            f"Show the raw {self._name.lower()}",
            self.wanted.emit,
        )
        self.setCurrentIndex(0)

    def show_text(self, text: str) -> None:
        """Show it."""
        self.code.show_text(text)
        self.setCurrentIndex(1)
