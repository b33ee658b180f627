# SPDX-License-Identifier: Apache-2.0
"""Sets a gateway up, step by step: start one here for a try, trust its authority, send a call, see it arrive."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QWidget

from ui.local_gateway import ADDRESS, LocalGateway
from ui.models.gateway_setup import GatewaySetup
from ui.theme import theme
from ui.widgets.basics import across, button, down, holder, label, picture, set_picture
from ui.widgets.contents.code_view import CodeView

WIDTH, HEIGHT = 760, 720


class GatewayGuide(QDialog):
    """Four steps, each with its state."""

    start_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, gateway: LocalGateway, folder: Path, calls: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Set up a gateway")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._gateway, self._folder, self._calls = gateway, folder, calls
        self.start = button("Start it here", "primary")
        self.state = label("", "muted", wrap=True)
        self.authority = label("", "muted", wrap=True, selectable=True)
        self.variables, self.steps = CodeView("What programs need in their environment"), CodeView("Steps by platform")
        self.copy = button("Copy the environment")
        self.arrived = label("", wrap=True)
        self._marks = [picture("clock", "muted", 18) for _ in range(4)]
        self._arrange()
        self.start.clicked.connect(self._toggle)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.variables.toPlainText()))
        gateway.changed.connect(self._show_state)
        self._show_state()
        self.show_calls(calls)

    def _arrange(self) -> None:
        column = down(margins=(26, 10, 26, 20), spacing=14)
        elsewhere = f"On another machine: copy {self._folder} there and run “auditor gateway run --config” on it."
        for mark, title, parts in zip(
            self._marks,
            ("Start a gateway", "Trust its authority", "Send programs through it", "Send a call"),
            (
                (label(elsewhere, "muted", wrap=True), self.start, self.state),
                (self.authority, self.steps),
                (self.variables, self.copy),
                (self.arrived,),
            ),
            strict=True,
        ):
            column.addWidget(_step(mark, title, parts))
        for code, height in ((self.variables, 130), (self.steps, 170)):
            code.setFixedHeight(theme().px(height))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setProperty("look", "page")
        area.setAccessibleName("Steps")
        area.setWidget(holder(column, "page"))
        close = button("Close")
        close.clicked.connect(self.accept)
        layout = down(holder(down(label("Set up a gateway", "title"), margins=(26, 22, 26, 8))), area, spacing=0)
        layout.addLayout(across(1, close, margins=(26, 10, 26, 16)))
        self.setLayout(layout)
        parent = self.parentWidget()
        room = parent.height() - 40 if parent is not None else HEIGHT
        self.resize(theme().px(WIDTH), min(theme().px(HEIGHT), room))

    def show_setup(self, setup: GatewaySetup) -> None:
        """Where the authority lies, and what clients need."""
        self.authority.setText(f"{setup.certificate}\nSHA-256 {setup.fingerprint}")
        self.variables.show_text(setup.variables)
        self.steps.show_text(setup.steps)
        for mark in self._marks[1:3]:
            set_picture(mark, "info", "accent", 18)

    def show_calls(self, calls: int) -> None:
        """How many calls the store holds now."""
        new = calls - self._calls
        set_picture(self._marks[3], "complete" if new > 0 else "clock", "good" if new > 0 else "muted", 18)
        self.arrived.setText(
            f"{new:,} new calls arrived. The gateway works." if new > 0 else "Waiting for the first call to arrive …"
        )

    def _toggle(self) -> None:
        (self.stop_wanted if self._gateway.running else self.start_wanted).emit()

    def _show_state(self) -> None:
        running, installed = self._gateway.running, self._gateway.installed()
        self.start.setText("Stop it" if running else "Start it here")
        self.start.setEnabled(installed)
        words = f"It runs on {ADDRESS} until the desktop is closed." if running else "It does not run here."
        if not installed:
            words = (
                "The gateway's parts are not installed beside this desktop: pip install 'ai-usage-auditor[gateway]'."
            )
        self.state.setText(f"{words} {self._gateway.said}".strip())
        set_picture(self._marks[0], "complete" if running else "clock", "good" if running else "muted", 18)


def _step(mark: QWidget, title: str, parts: tuple[QWidget, ...]) -> QFrame:
    box = QFrame()
    box.setProperty("look", "group")
    layout = down(margins=(18, 14, 18, 16), spacing=10)
    layout.addLayout(across(mark, label(title, "heading"), 1, spacing=10))
    for part in parts:
        wide = isinstance(part, CodeView) or not part.metaObject().className().startswith("QPushButton")
        layout.addWidget(part) if wide else layout.addWidget(part, alignment=Qt.AlignmentFlag.AlignLeft)
    box.setLayout(layout)
    return box
