# SPDX-License-Identifier: Apache-2.0
"""One finding in full: what was seen, which clause it touches, the evidence, what was done, and what can be done.

With several chosen it says how many, and steps are taken with all of them.
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QStackedWidget, QWidget

from auditor.findings import Case, State
from auditor.findings.triage import MOVES
from ui.models import formats
from ui.models.findings import GRADES, STATES, VERDICT, timeline
from ui.shortcuts import Shortcut
from ui.theme import theme
from ui.widgets.basics import across, button, clear, down, holder, label, leftmost, picture, rule
from ui.widgets.cases.parts import EvidenceList, Timeline, case_chips
from ui.widgets.cases.step_form import StepForm
from ui.widgets.clause_card import ClauseCard
from ui.widgets.empty import Empty
from ui.widgets.facts import breakable
from ui.widgets.flow_layout import FlowLayout

STEPS: tuple[tuple[str, str, Shortcut, State | None], ...] = (
    ("triage", "Take up", Shortcut.TAKE_UP, State.TRIAGE),
    ("confirm", "Confirm", Shortcut.CONFIRM, State.CONFIRMED),
    ("remediate", "Remediated", Shortcut.REMEDIATE, State.REMEDIATED),
    ("assign", "Assign", Shortcut.ASSIGN, None),
    ("comment", "Comment", Shortcut.COMMENT, None),
    ("accept", "Accept risk", Shortcut.ACCEPT, State.ACCEPTED),
    ("dismiss", "Dismiss", Shortcut.DISMISS, State.DISMISSED),
)
"""What can be done: key, words, shortcut, and the state it leads to."""


class CaseView(QStackedWidget):
    """Shows what it is given, and tells what is wanted."""

    step_wanted = Signal(str)
    """The key of one of `STEPS`."""

    calls_wanted = Signal(object)
    """Ids of calls to be shown."""

    report_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cases: Sequence[Case] = ()
        self.empty = Empty()
        self.form = StepForm()
        self.buttons: dict[str, QPushButton] = {}
        self.evidence: EvidenceList | None = None
        self._title = label("", "title", wrap=True, selectable=True)
        self._line = label("", "muted", wrap=True, selectable=True)
        self._meaning = label(VERDICT, wrap=True)
        self._chips, self._body = down(), down(spacing=10)
        self.area = QScrollArea()
        self._arrange()
        self.addWidget(self.area)
        self.addWidget(holder(down(self.empty), "panel"))

    def _arrange(self) -> None:
        column = down(margins=(28, 22, 28, 28), spacing=10)
        column.addLayout(self._chips)
        column.addWidget(self._title)
        column.addWidget(self._line)
        column.addSpacing(theme().px(4))
        column.addWidget(self._actions())
        column.addWidget(self.form)
        column.addWidget(rule())
        column.addWidget(self._verdict())
        column.addLayout(self._body)
        column.addStretch(1)
        inner = holder(column, "panel")
        inner.setMaximumWidth(theme().px(980))
        self.area.setWidget(holder(leftmost(inner), "panel"))
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setAccessibleName("Finding")

    def _actions(self) -> QWidget:
        box = QWidget()
        flow = FlowLayout(box, spacing=8)
        for key, words, shortcut, _ in STEPS:
            entry = button(words)
            entry.setToolTip(f"{shortcut.meaning} ({shortcut.keys[0]})")
            entry.clicked.connect(lambda _=False, key=key: self.step_wanted.emit(key))
            self.buttons[key] = entry
            flow.addWidget(entry)
        self.report = button("Report…")
        self.report.setToolTip(f"{Shortcut.REPORT.meaning} ({Shortcut.REPORT.keys[0]})")
        self.report.clicked.connect(self.report_wanted)
        flow.addWidget(self.report)
        return box

    def _verdict(self) -> QWidget:
        row = across(picture("info", "warn", 16), self._meaning, margins=(12, 8, 12, 8), spacing=10)
        row.setStretch(1, 1)
        return holder(row, "notice-warn")

    # --- showing ---

    def show_cases(self, cases: Sequence[Case]) -> None:
        """Show one finding, or how many are chosen; none leaves the words of `say_empty`."""
        same = len(cases) == len(self.cases) == 1 and cases[0].finding.id == self.cases[0].finding.id
        self.cases = cases
        self.setCurrentIndex(0 if cases else 1)
        if not same:
            self.form.hide()
            self.area.verticalScrollBar().setValue(0)
        clear(self._chips)
        clear(self._body)
        self.evidence = None
        if len(cases) == 1:
            self._show_one(cases[0])
        elif cases:
            self._show_many(cases)
        self.report.setEnabled(len(cases) == 1)
        for key, _, _, state in STEPS:
            self.buttons[key].setEnabled(all(may(case, state) for case in cases))

    def _show_one(self, case: Case) -> None:
        finding = case.finding
        self._title.setText(breakable(formats.one_line(finding.rule.title)))
        self._line.setText(breakable(_who_and_when(case)))
        self._chips.addWidget(case_chips(case))
        self._meaning.setText(f"{VERDICT} {GRADES[finding.grade].meaning}")
        self._section("Why it was reported", label(breakable(finding.explanation, 40), wrap=True, selectable=True))
        if (clause := finding.clause) is not None:
            self._section("The clause it touches", ClauseCard(clause, clause.document, clause.effective))
        self.evidence = EvidenceList(finding.evidence)
        self.evidence.call_wanted.connect(lambda call: self.calls_wanted.emit([call]))
        self._section("Evidence", self.evidence, self._all_calls(finding.calls))
        self._section("What happened", Timeline(timeline(case)))

    def _show_many(self, cases: Sequence[Case]) -> None:
        self._title.setText(formats.count(len(cases), "finding") + " chosen")
        counts = {state: sum(case.finding.status is state for case in cases) for state in State}
        self._line.setText(", ".join(f"{number:,} {STATES[state].word}" for state, number in counts.items() if number))
        self._meaning.setText(VERDICT)
        words = "A step is taken with every one of them; each keeps its own history."
        self._body.addWidget(label(words, "muted", wrap=True))

    def _section(self, title: str, content: QWidget, beside: QWidget | None = None) -> None:
        self._body.addSpacing(theme().px(10))
        head = across(label(title, "heading"), 1)
        if beside is not None:
            head.addWidget(beside)
        self._body.addLayout(head)
        self._body.addWidget(content)

    def _all_calls(self, calls: Sequence[str]) -> QWidget | None:
        if not calls:
            return None
        way = button(f"Show {formats.count(len(calls), 'call')} in Traffic", "link")
        way.setToolTip(f"{Shortcut.EVIDENCE.meaning} ({Shortcut.EVIDENCE.keys[0]})")
        way.clicked.connect(lambda: self.calls_wanted.emit(list(calls)))
        return way

    def say_empty(self, drawing: str, sentence: str, hint: str) -> None:
        """What stands here while no finding is chosen: drawing, sentence, hint."""
        self.empty.say(drawing, sentence, hint)


def may(case: Case, state: State | None) -> bool:
    """Whether a finding can be brought to a state; None asks for a step that leaves it where it is."""
    return state is None or state in MOVES[case.finding.status]


def _who_and_when(case: Case) -> str:
    finding = case.finding
    parts = [formats.one_line(finding.actor)] if finding.actor else []
    if finding.credential:
        parts.append(f"key {formats.one_line(finding.credential)}")
    first, last = formats.timestamp(finding.first_seen), formats.timestamp(finding.last_seen)
    parts.append(f"{formats.count(finding.count, 'call')} from {first} to {last} UTC")
    return " · ".join(parts)
