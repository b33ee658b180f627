# SPDX-License-Identifier: Apache-2.0
"""The facts tab: the call's time as a bar, tokens by kind, the cost, who called whom, and the connection."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from auditor.calls import Call
from ui.inspector.connection import FactsTab, call_groups, exchange_group
from ui.models import formats
from ui.models.opened import Opened
from ui.models.stream import Stream
from ui.models.timing import Stage, cost_facts, stages, time_facts, token_facts
from ui.theme import theme
from ui.widgets.basics import follow_theme
from ui.widgets.charts.stream_line import StreamLine
from ui.widgets.facts import Fact

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


class FactsOfCall(FactsTab):
    """Time, tokens and cost, then who, where to, which model and how it was answered; once opened, the
    connection and the course of a stream."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.bar, self.line = StageBar(), StreamLine()
        super().__init__("Facts of the call", self.bar, self.line)

    def show_call(self, call: Call) -> None:
        """What the lists know of a call."""
        self.bar.show_stages(stages(call))
        self.line.show_stream(Stream([]))
        self.show_groups(*_own_groups(call), *call_groups(call))

    def show_opened(self, call: Call, opened: Opened) -> None:
        """What the record tells beside."""
        self.line.show_stream(opened.stream)
        course = ("Course", opened.stream.facts)
        self.show_groups(*_own_groups(call), *call_groups(call), exchange_group(opened.exchange), course)


def _own_groups(call: Call) -> list[tuple[str, list[Fact]]]:
    times = time_facts(call) or [("Time", "not known")]
    return [("Time", times), ("Tokens", token_facts(call)), ("Cost", cost_facts(call))]
