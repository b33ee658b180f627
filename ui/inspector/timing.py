# SPDX-License-Identifier: Apache-2.0
"""The timing tab: the call's time as a bar, tokens by kind, and the cost."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from auditor.calls import Call
from ui.inspector.connection import FactsTab
from ui.models import formats
from ui.models.timing import Stage, cost_facts, stages, time_facts, token_facts
from ui.theme import theme
from ui.widgets.basics import down, follow_theme, holder

HEIGHT, BAR = 48, 14


class StageBar(QWidget):
    """The stages beside each other, as wide as they were long, with the time below their ends."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stages: tuple[Stage, ...] = ()
        follow_theme(self, lambda: self.setFixedHeight(theme().px(HEIGHT)))

    def show_stages(self, shown: tuple[Stage, ...]) -> None:
        """Show these."""
        self._stages = shown
        self.setVisible(bool(shown))
        said = ", ".join(f"{one.name} {formats.duration(one.milliseconds)}" for one in shown)
        self.setAccessibleName(f"Time: {said}" if said else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars, then marks."""
        total = sum(stage.milliseconds for stage in self._stages)
        if total <= 0:
            return
        look, px = theme(), theme().px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look.font(12))
        x, done, width = 0.0, 0.0, self.width()
        for stage in self._stages:
            wide = max(width * stage.milliseconds / total, 2.0)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color(stage.color))
            painter.drawRoundedRect(QRectF(x, px(4), max(wide - 2, 1), px(BAR)), px(3), px(3))
            x, done = x + wide, done + stage.milliseconds
            painter.setPen(look.color("muted"))
            words = formats.duration(done)
            taken = painter.fontMetrics().horizontalAdvance(words)
            place = min(max(x - taken, 0), width - taken)
            painter.drawText(QRectF(place, px(BAR + 8), taken + 2, px(18)), int(Qt.AlignmentFlag.AlignLeft), words)
        painter.end()


class TimingTab(QWidget):
    """Time, tokens, cost."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = StageBar()
        self._facts = FactsTab("Time, tokens and cost")
        layout = down(spacing=0)
        layout.addLayout(down(self._bar, margins=(16, 14, 16, 0)))
        layout.addWidget(self._facts, 1)
        self.setLayout(down(holder(layout, "panel")))

    def show_call(self, call: Call) -> None:
        """Show a call's."""
        self._bar.show_stages(stages(call))
        times = time_facts(call) or [("Time", "not known")]
        self._facts.show_groups(("Time", times), ("Tokens", token_facts(call)), ("Cost", cost_facts(call)))
