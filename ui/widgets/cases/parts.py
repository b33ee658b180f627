# SPDX-License-Identifier: Apache-2.0
"""The parts of a finding as it is read: its facts as chips, its evidence, and what happened to it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from auditor.findings import Case, Evidence
from ui.models import formats
from ui.models.findings import GRADES, LEVELS, STATES, Event, due_text
from ui.theme import theme
from ui.widgets.basics import across, button, down, label, picture
from ui.widgets.chip import Chip
from ui.widgets.facts import breakable
from ui.widgets.flow_layout import FlowLayout

MOST_EVIDENCE = 40


def case_chips(case: Case) -> QWidget:
    """Severity, grade, state, kind, owner and what is due."""
    finding = case.finding
    level, grade, state = LEVELS[case.severity], GRADES[finding.grade], STATES[finding.status]
    box = QWidget()
    flow = FlowLayout(box)
    severity = Chip(level.word, level.icon, level.tone)
    severity.setToolTip(_severity_meaning(case))
    grading = Chip(f"{grade.word} · score {finding.score:.2f}", grade.icon, grade.tone)
    grading.setToolTip(grade.meaning)
    chips = [severity, grading, Chip(state.word, state.icon, state.tone), Chip(finding.kind)]
    if case.owner:
        chips.append(Chip(formats.one_line(case.owner, 60), "user", "text"))
    if due := due_text(case):
        chips.append(Chip(due, "calendar", "warn"))
    for chip in chips:
        flow.addWidget(chip)
    return box


def _severity_meaning(case: Case) -> str:
    level = case.finding.rule.level
    return f"The rule says {level}." if case.judged in (None, level) else f"Set by an auditor; the rule says {level}."


class EvidenceList(QWidget):
    """What a finding rests on, point by point; each leads to its call."""

    call_wanted = Signal(str)

    def __init__(self, evidence: Sequence[Evidence]) -> None:
        super().__init__()
        layout = down(spacing=8)
        for number, point in enumerate(evidence[:MOST_EVIDENCE], 1):
            layout.addWidget(self._point(number, point))
        if (more := len(evidence) - MOST_EVIDENCE) > 0:
            layout.addWidget(label(f"{more:,} more points. Open the calls to see them all.", "muted", wrap=True))
        if not evidence:
            layout.addWidget(label("No single points were named; see the calls.", "muted", wrap=True))
        self.setLayout(layout)

    def _point(self, number: int, point: Evidence) -> QWidget:
        box = QFrame()
        box.setProperty("look", "card")
        words = label(breakable(formats.safe_text(point.text), 40), wrap=True, selectable=True)
        words.setAccessibleName(f"Evidence {number}, {point.kind}: {point.text}")
        kind = Chip(point.kind, "", "text")
        row = across(kind, words, margins=(12, 9, 10, 9), spacing=12)
        row.setStretch(1, 1)
        if point.call is not None:
            row.addWidget(self._way(number, point.call))
        box.setLayout(row)
        return box

    def _way(self, number: int, call: str) -> QWidget:
        way = button("Open call", "link")
        way.setToolTip(f"Show call {call} in Traffic")
        way.setAccessibleName(f"Open the call of evidence {number}")
        way.clicked.connect(lambda: self.call_wanted.emit(call))
        return way


class Timeline(QWidget):
    """What happened, the newest first."""

    def __init__(self, events: Sequence[Event]) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme().px(12))
        grid.setVerticalSpacing(theme().px(10))
        grid.setColumnStretch(2, 1)
        top = Qt.AlignmentFlag.AlignTop
        for row, event in enumerate(events):
            grid.addWidget(picture(event.icon, event.tone, 16), row, 0, top)
            when = label(formats.timestamp(event.time), "muted")
            grid.addWidget(when, row, 1, top)
            words = down(label(breakable(event.what), wrap=True), spacing=3)
            if event.words:
                words.addWidget(label(breakable(event.words, 40), "muted", wrap=True, selectable=True))
            grid.addLayout(words, row, 2)
        self.setAccessibleName("History: " + "; ".join(f"{event.time:%Y-%m-%d %H:%M} {event.what}" for event in events))
