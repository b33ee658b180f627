# SPDX-License-Identifier: Apache-2.0
"""The Lineage page: sessions in which a model's outputs may have trained another, from the prompts to the upload."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget

from auditor.findings import Case
from ui.models import formats
from ui.models.alignment import SessionContent, open_session
from ui.models.case_list import CaseList
from ui.models.findings import VERDICT
from ui.models.lineage import SessionParts, read_session, read_sessions
from ui.session import Session
from ui.theme import theme
from ui.widgets.basics import across, beside, button, clear, down, holder, label, leftmost
from ui.widgets.cases.parts import case_chips
from ui.widgets.cases.queue import CaseListView
from ui.widgets.charts.histogram import Histogram
from ui.widgets.contents.aligned import ContentView
from ui.widgets.contents.reason_gate import ReasonLine
from ui.widgets.empty import Empty
from ui.widgets.facts import breakable
from ui.widgets.group import group
from ui.widgets.stage_card import StageCard

SEALED = (
    "What was asked, and rows of uploads beside the outputs they came from. Say why you read it: each reading is "
    "recorded first. Data found in the texts stays covered."
)


class LineagePage(QWidget):
    """Sessions on the left, one of them on the right."""

    failed = Signal(object)
    calls_wanted = Signal(object)
    """Ids of calls to be shown in Traffic."""

    finding_wanted = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.parts: SessionParts | None = None
        self.model = CaseList(self)
        self.list = CaseListView(self.model)
        self.list.setAccessibleName("Sessions, the gravest first")
        self.title = label("", "title", wrap=True, selectable=True)
        self.line = label("", "muted", wrap=True, selectable=True)
        self.why = label("", wrap=True, selectable=True)
        self.trend = Histogram()
        self.finding, self.calls = button("Open the finding"), button("Show the calls")
        self.empty = Empty()
        self.gate = ReasonLine("Open the session")
        self.content = ContentView()
        self._chips, self._stages = down(), down(spacing=12)
        self._arrange()
        self.list.chosen.connect(self._choose)
        self.finding.clicked.connect(self._open_finding)
        self.calls.clicked.connect(self._open_calls)
        self.gate.given.connect(self._open)
        self.content.call_wanted.connect(lambda call: self.calls_wanted.emit([call]))

    def _arrange(self) -> None:
        head = across(label("Lineage", "title"), label(VERDICT, "muted"), 1, margins=(24, 16, 24, 12), spacing=16)
        column = down(margins=(28, 20, 28, 28), spacing=12)
        column.addLayout(self._chips)
        column.addWidget(self.title)
        column.addWidget(self.line)
        column.addLayout(across(self.finding, self.calls, 1))
        column.addWidget(self.why)
        column.addWidget(group("Calls over time", self.trend))
        column.addLayout(self._stages)
        column.addWidget(group("Templates and rows", label(SEALED, "muted", wrap=True), self.gate))
        column.addWidget(self.content)
        column.addStretch(1)
        inner = holder(column, "panel")
        inner.setMaximumWidth(theme().px(980))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAccessibleName("Session")
        area.setWidget(holder(leftmost(inner), "panel"))
        splitter = beside(self.list, area, (440, 900))
        self._stack = QStackedWidget()
        self._stack.addWidget(splitter)
        self._stack.addWidget(holder(down(self.empty), "panel"))
        layout = down(holder(head, "bar"), self._stack, spacing=0)
        layout.setStretchFactor(self._stack, 1)
        self.setLayout(layout)
        self.empty.say(
            "lineage", "No session was found.",
            "“auditor analyze”, or Analyse on the Findings page, looks for outputs that may have trained a model.",
        )  # fmt: skip

    def look(self) -> None:
        """Read the sessions again."""
        self._session.query(
            self, lambda archive, _: read_sessions(archive), self.show_sessions, self.failed.emit, topic="sessions"
        )

    def show_sessions(self, cases: Sequence[Case]) -> None:
        """List these; the choice stays with its session."""
        kept = self.parts.case.finding.id if self.parts else ""
        self.model.show_cases(cases)
        self._stack.setCurrentIndex(0 if cases else 1)
        if cases:
            self.list.go_to(max(self.model.place(kept), 0))

    def _choose(self) -> None:
        row = self.list.currentIndex().row()
        if not 0 <= row < len(self.model.cases):
            return
        case = self.model.cases[row]
        self._session.query(
            self,
            lambda archive, _: read_session(archive, case),
            self.show_session,
            self.failed.emit,
            topic="session",
        )

    def show_session(self, parts: SessionParts) -> None:
        """Show one session; what was opened of another is dropped."""
        if self.parts is None or self.parts.case.finding.id != parts.case.finding.id:
            self.content.forget()
            self.gate.reset()
        self.parts = parts
        finding = parts.case.finding
        clear(self._chips)
        self._chips.addWidget(case_chips(parts.case))
        self.title.setText(breakable(formats.one_line(finding.rule.title)))
        where = formats.one_line(finding.clause.provider, 60) if finding.clause else ""
        first, last = formats.timestamp(finding.first_seen), formats.timestamp(finding.last_seen)
        who = formats.one_line(finding.actor, 80) if finding.actor else "several actors"
        parts_ = (who, where, formats.count(finding.count, "call"), f"{first} to {last} UTC")
        self.line.setText(breakable(" · ".join(part for part in parts_ if part)))
        self.why.setText(breakable(finding.explanation, 40))
        self.trend.show_timeline(parts.trend)
        clear(self._stages)
        for stage, points in parts.stages:
            card = StageCard(stage, points)
            card.call_wanted.connect(lambda call: self.calls_wanted.emit([call]))
            self._stages.addWidget(card)
        self.calls.setEnabled(bool(finding.calls))

    def _open(self, reason: str) -> None:
        if self.parts is None:
            return
        finding = self.parts.case.finding
        self._session.errand(
            self,
            lambda archive, job: open_session(archive, job, finding, reason),
            self._opened,
            lambda error: self.gate.fail(error.diagnostics()),
            label="Opening a session",
        )

    def _opened(self, content: SessionContent) -> None:
        if self.parts is not None and self.parts.case.finding.id == content.finding:
            self.gate.reset()
            self.content.show_content(content)

    def _open_finding(self) -> None:
        if self.parts is not None:
            self.finding_wanted.emit(self.parts.case.finding.id)

    def _open_calls(self) -> None:
        if self.parts is not None:
            self.calls_wanted.emit(list(self.parts.case.finding.calls))

    def setFocus(self) -> None:  # type: ignore[override]
        """The keyboard goes to the sessions."""
        self.list.setFocus()
