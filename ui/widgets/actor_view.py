# SPDX-License-Identifier: Apache-2.0
"""One actor in full: what it did, where to, which data it sent, its findings, and who it is, for a reason."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget

from auditor.archive.reveal import Revealed
from ui.models import formats
from ui.models.actors import Actor, WhoItIs
from ui.models.findings import LEVELS, STATES
from ui.models.overview import dollars
from ui.widgets.basics import across, button, clear, down, holder, label
from ui.widgets.charts.histogram import Histogram
from ui.widgets.chip import Chip
from ui.widgets.contents.reason_gate import ReasonLine
from ui.widgets.elided import Elided, ElidedLink
from ui.widgets.empty import Empty
from ui.widgets.facts import Facts, breakable
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.group import group

MEANING = "Who it is stands only in what the gateway sealed. Say why you need to know: the reason is recorded first."


class ActorView(QStackedWidget):
    """Shows what it is given, and asks to reveal with a reason."""

    reveal_wanted = Signal(str, str)
    """Actor and reason."""

    calls_wanted = Signal(str, str)
    """Actor, and a data type or nothing."""

    finding_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.actor: Actor | None = None
        self.empty = Empty()
        self.title = Elided("title")
        self.line = label("", "muted", wrap=True)
        self.calls = button("Show the calls")
        self.trend = Histogram()
        self.gate = ReasonLine("Reveal who it is")
        self.revealed = label("", wrap=True, selectable=True)
        self._facts, self._sent, self._findings = down(spacing=4), down(), down(spacing=6)
        self.addWidget(self._arrange())
        self.addWidget(holder(down(self.empty), "panel"))
        self.calls.clicked.connect(lambda: self._ask_calls(""))
        self.gate.given.connect(self._ask_reveal)

    def _arrange(self) -> QWidget:
        head = across(self.title, self.calls, spacing=12)
        head.setStretch(0, 1)
        reveal = group("Who it is", label(MEANING, "muted", wrap=True), self.gate, self.revealed)
        column = down(margins=(28, 20, 28, 28), spacing=12)
        column.addLayout(head)
        column.addWidget(self.line)
        column.addWidget(group("Calls over time", self.trend))
        column.addWidget(group("Data sent", holder(self._sent)))
        column.addWidget(group("Findings", holder(self._findings)))
        column.addWidget(group("Where to", holder(self._facts)))
        column.addWidget(reveal)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAccessibleName("Actor")
        area.setWidget(holder(column, "panel"))
        return area

    def show_actor(self, actor: Actor) -> None:
        """Show one; what was revealed of an earlier one is dropped."""
        same = self.actor is not None and self.actor.row.share.actor == actor.row.share.actor
        self.actor = actor
        share = actor.row.share
        self.title.set_text(formats.one_line(share.actor, 120))
        team = f"team {formats.one_line(actor.row.team, 80)} · " if actor.row.team else ""
        span = f"{formats.timestamp(share.first)} to {formats.timestamp(share.last)} UTC"
        self.line.setText(breakable(f"{team}{formats.count(share.calls, 'call')} · {dollars(share.cost_usd)} · {span}"))
        self.trend.show_timeline(actor.trend)
        self._show_data(actor)
        self._show_findings(actor)
        clear(self._facts)
        self._facts.addWidget(Facts("Providers", [(name, f"{number:,}") for name, number in actor.providers]))
        self._facts.addWidget(Facts("Clients", [(name, f"{number:,}") for name, number in actor.clients]))
        self.setCurrentIndex(0)
        if not same:
            self.forget()

    def _show_data(self, actor: Actor) -> None:
        clear(self._sent)
        box = QWidget()
        flow = FlowLayout(box, spacing=6)
        for type_, number in actor.row.share.sent:
            way = button(f"{formats.one_line(type_, 60)} {number:,}")
            way.setToolTip(f"Show the calls that sent {type_}")
            way.clicked.connect(lambda _=False, type_=type_: self._ask_calls(type_))
            flow.addWidget(way)
        self._sent.addWidget(box if actor.row.share.sent else label("None of a known type.", "muted"))

    def _show_findings(self, actor: Actor) -> None:
        clear(self._findings)
        for case in actor.cases[:12]:
            level, state = LEVELS[case.severity], STATES[case.finding.status]
            title = ElidedLink(formats.one_line(case.finding.rule.title, 300))
            title.clicked.connect(lambda _=False, id_=case.finding.id: self.finding_wanted.emit(id_))
            row = across(Chip(level.word, level.icon, level.tone), title, 1, label(state.word, "muted"), spacing=8)
            self._findings.addWidget(holder(row))
        if not actor.cases:
            self._findings.addWidget(label("Nothing has been reported.", "muted"))

    def show_revealed(self, found: WhoItIs) -> None:
        """Show who it is; an answer for another actor is dropped."""
        if self.actor is None or self.actor.row.share.actor != found.actor:
            return
        self.gate.reset()
        self.gate.hide()
        known = [_named(one) for one in found.found]
        said = "\n".join(known) or "Nothing is recorded behind it, or it was erased."
        self.revealed.setText(f"{said}\nThe reading is in the access log." if known else said)
        self.revealed.show()

    def forget(self) -> None:
        """Drop what was revealed."""
        self.revealed.clear()
        self.revealed.hide()
        self.gate.reset()
        self.gate.show()

    def _ask_reveal(self, reason: str) -> None:
        if self.actor is not None:
            self.reveal_wanted.emit(self.actor.row.share.actor, reason)

    def _ask_calls(self, type_: str) -> None:
        if self.actor is not None:
            self.calls_wanted.emit(self.actor.row.share.actor, type_)

    def say_empty(self, sentence: str, hint: str) -> None:
        """Nothing is chosen."""
        self.actor = None
        self.forget()
        self.empty.say("actors", sentence, hint)
        self.setCurrentIndex(1)


def _named(one: Revealed) -> str:
    who = " · ".join(formats.one_line(part, 200) for part in (one.user, one.address) if part)
    return f"{who or 'no name, no address'} (since {formats.timestamp(one.first_seen)} UTC)"
