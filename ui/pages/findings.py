# SPDX-License-Identifier: Apache-2.0
"""The Findings page: queues of what was reported for review, one finding in full, and the steps a reviewer takes.

Everything is reached by keyboard: J and K walk, the letters of `Shortcut` take steps, with all chosen findings. Steps
are records of the auditor's own ledger, so they are commands; the list is read again after each. Letters act only
while no form is open.
"""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QStandardPaths, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QStackedWidget, QToolButton, QWidget

from auditor.archive import Tally
from auditor.errors import AuditorError
from auditor.findings import Case, Level, State, Step
from ui.models import formats
from ui.models.analysing import run_analyses, told, write_report
from ui.models.case_list import CaseList
from ui.models.findings import LEVELS, QUEUES, VERDICT, Queue, all_cases, listed, take_step
from ui.models.policy import policy_of
from ui.pages.search_again import SearchAgain
from ui.session import Session
from ui.shortcuts import Shortcut, action
from ui.widgets.basics import across, beside, button, down, holder, label, rule
from ui.widgets.cases.queue import CaseListView
from ui.widgets.cases.step_form import ASKS
from ui.widgets.cases.view import STEPS, CaseView, may
from ui.widgets.dialogs.ask import AskPath
from ui.widgets.empty import Empty

REPORT = "A page with clause, evidence and what was done: masked excerpts and pseudonyms, no content."
DONE = {
    "triage": "taken up", "confirm": "confirmed", "remediate": "marked as remediated", "assign": "assigned",
    "comment": "commented", "accept": "accepted for a time", "dismiss": "dismissed", "severity": "given a severity",
}  # fmt: skip


class FindingsPage(QWidget):
    """Queue on the left, the finding on the right."""

    failed = Signal(object)
    said = Signal(str)
    """Something was done, in a sentence."""

    calls_wanted = Signal(object)
    """Ids of calls to be shown in Traffic."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._cases: Sequence[Case] | None = None
        self._wanted = self._kind = ""
        self.dialog: AskPath | None = None
        self.queue: Queue = QUEUES[0]
        self.model = CaseList(self)
        self.list = CaseListView(self.model)
        self.search = QLineEdit()
        self.count = label("", "caption")
        self.view = CaseView()
        self.empty = Empty()
        self.analyse = button("Analyse now")
        self.analyse.setToolTip("Evaluate all rules and analyses over the store; analysing again adds nothing")
        self.again = SearchAgain(session, self)
        self.queues: dict[str, QToolButton] = {}
        self._letters: list[QAction] = []
        self._arrange()
        self._connect()
        self._add_shortcuts()

    def _arrange(self) -> None:
        self.search.setPlaceholderText("Search title, actor, provider, clause, owner")
        self.search.setAccessibleName("Search findings")
        self.search.setClearButtonEnabled(True)
        head = across(
            label("Findings", "title"), label(VERDICT, "muted"), 1, self.again.button, self.analyse,
            margins=(24, 12, 16, 10), spacing=16,
        )  # fmt: skip
        tools = down(self._queue_row(), self.search, self.count, margins=(14, 12, 14, 8), spacing=10)
        self._area = QStackedWidget()
        self._area.addWidget(self.list)
        self._area.addWidget(self.empty)
        left = down(holder(tools), rule(), self._area, spacing=0)
        left.setStretchFactor(self._area, 1)
        splitter = beside(holder(left, "panel"), self.view, (440, 900))
        layout = down(holder(head, "bar"), splitter, spacing=0)
        layout.setStretchFactor(splitter, 1)
        self.setLayout(layout)

    def _queue_row(self) -> QWidget:
        group = QButtonGroup(self)
        row = across(spacing=2)
        for queue in QUEUES:
            entry = QToolButton()
            entry.setProperty("look", "quiet")
            entry.setCheckable(True)
            entry.setToolTip(queue.meaning)
            entry.clicked.connect(lambda _=False, queue=queue: self.show_queue(queue))
            group.addButton(entry)
            row.addWidget(entry)
            self.queues[queue.key] = entry
        row.addStretch(1)
        self.queues[self.queue.key].setChecked(True)
        self._count_queues()
        return holder(row)

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _: self._list())
        self.search.returnPressed.connect(self.list.setFocus)
        self.list.chosen.connect(self._inspect)
        self.view.step_wanted.connect(self.begin)
        self.view.calls_wanted.connect(self.calls_wanted)
        self.view.form.given.connect(self._take_told)
        self.view.form.left.connect(self.list.setFocus)
        self._session.changed.connect(self._look_if_shown)
        self.analyse.clicked.connect(self.run_analyses)
        self.again.said.connect(self.said)
        self.again.reported.connect(self.look)
        self.view.report_wanted.connect(self.ask_report)

    def _add_shortcuts(self) -> None:
        for key, _, shortcut, _ in STEPS:
            self._letter(action(self, shortcut)).triggered.connect(lambda _=False, key=key: self.begin(key))
        self._letter(action(self, Shortcut.REPORT)).triggered.connect(self.ask_report)
        self._letter(action(self, Shortcut.EVIDENCE)).triggered.connect(self._show_calls)
        self._letter(action(self, Shortcut.NEXT)).triggered.connect(lambda: self.list.walk(1))
        for keys, level in zip(Shortcut.SEVERITY.keys, LEVELS, strict=True):
            entry = QAction(f"Call it {level}", self)
            entry.setShortcut(QKeySequence(keys))
            self.addAction(entry)
            self._letter(entry).triggered.connect(lambda _=False, level=level: self.judge(level))
        find = action(self, Shortcut.FILTER)
        find.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.triggered.connect(self.search.setFocus)

    def _letter(self, entry: QAction) -> QAction:
        """An action on a bare letter: it acts on this page, and a field that has the focus takes the letter first."""
        entry.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._letters.append(entry)
        return entry

    # --- what is listed ---

    def look(self) -> None:
        """Read the findings again."""
        self._session.query(self, lambda archive, _: all_cases(archive), self.show_cases, self._fail, topic="cases")

    def _look_if_shown(self) -> None:
        if self.isVisible():
            self.look()

    def _fail(self, error: AuditorError) -> None:
        self.failed.emit(error)

    def show_cases(self, cases: Sequence[Case]) -> None:
        """Show these findings; the selection stays with its findings."""
        self._cases = cases
        self._count_queues()
        self._list()

    def show_queue(self, queue: Queue) -> None:
        """List another queue."""
        self.queue = queue
        self.queues[queue.key].setChecked(True)
        self._list()

    def show_finding(self, finding: str) -> None:
        """Show one finding, in whatever queue it is."""
        self.search.clear()
        self._wanted = finding
        self.show_queue(QUEUES[-1])

    def _count_queues(self) -> None:
        for queue in QUEUES:
            number = sum(map(queue.holds, self._cases or ()))
            entry = self.queues[queue.key]
            entry.setText(f"{queue.name} {number:,}" if number else queue.name)
            entry.setAccessibleName(f"{queue.name}: {formats.count(number, 'finding')}")

    def _list(self) -> None:
        if self._cases is None:
            return
        kept, row = [case.finding.id for case in self.chosen()], self.list.currentIndex().row()
        if self._wanted:
            kept, self._wanted = [self._wanted], ""
        cases = listed(self._cases, self.queue, self.search.text())
        self.model.show_cases(cases)
        self.count.setText(formats.count(len(cases), "finding") + ", the gravest first" if cases else "")
        self._area.setCurrentIndex(0 if cases else 1)
        if not cases:
            self._say_empty()
        self._choose_again(kept, max(row, 0))
        self._inspect()

    def _choose_again(self, kept: Sequence[str], row: int) -> None:
        """Choose what was chosen; where it left the queue, what moved up into its place."""
        rows = [place for finding in kept if (place := self.model.place(finding)) >= 0]
        if not rows:
            self.list.go_to(min(row, self.model.rowCount() - 1))
            return
        self.list.go_to(rows[0])
        for place in rows[1:]:
            self.list.selectionModel().select(self.model.index(place), QItemSelectionModel.SelectionFlag.Select)

    def _say_empty(self) -> None:
        if self.search.text().strip():
            self.empty.say("search", "No finding holds these words.", "", "Clear the search", self.search.clear)
        elif self._cases:
            self.empty.say("check", f"Nothing in “{self.queue.name}”.", f"{self.queue.meaning}: none at present.")
        else:
            hint = "Rules and analyses look at what is recorded when you analyse it; “auditor analyze” does the same."
            self.empty.say("findings", "Nothing has been reported.", hint, "Analyse now", self.run_analyses)
        self.view.say_empty("findings", "No finding is chosen.", VERDICT)

    # --- the chosen ones ---

    def chosen(self) -> list[Case]:
        """The chosen findings in the order of the list."""
        rows = sorted(index.row() for index in self.list.selectionModel().selectedIndexes())
        return [self.model.cases[row] for row in rows if row < len(self.model.cases)]

    def _inspect(self) -> None:
        self.view.show_cases(self.chosen())

    def _show_calls(self) -> None:
        if calls := list(dict.fromkeys(call for case in self.chosen() for call in case.finding.calls)):
            self.calls_wanted.emit(calls)

    # --- steps ---

    def begin(self, key: str) -> None:
        """Take a step with the chosen findings; asks first where it needs words."""
        cases = self.chosen()
        state = next(state for name, _, _, state in STEPS if name == key)
        if not cases or not all(may(case, state) for case in cases):
            return
        self._kind = key
        if key in ASKS:
            self.view.form.open(key, len(cases), self._session.auditor)
            self.view.area.verticalScrollBar().setValue(0)
        else:
            self._take(key, Step(status=state, owner=self._owner(cases, state)))

    def _owner(self, cases: Sequence[Case], state: State | None) -> str | None:
        """Who takes a finding up owns it, unless somebody does already."""
        nobodys = all(case.owner is None for case in cases)
        return self._session.auditor if state is State.TRIAGE and nobodys else None

    def judge(self, level: Level) -> None:
        """Set the severity of the chosen findings."""
        if self.chosen():
            self._take("severity", Step(severity=level))

    def _take_told(self, step: Step) -> None:
        self.list.setFocus()
        self._take(self._kind, step)

    def _take(self, key: str, step: Step) -> None:
        ids = [case.finding.id for case in self.chosen()]
        self._session.command(
            self,
            lambda archive, job: take_step(archive, job, ids, step),
            lambda number: self._taken(key, number),
            self._refused,
            label="Recording the step",
        )

    def _taken(self, key: str, number: int) -> None:
        self.said.emit(f"{formats.count(number, 'finding')} {DONE[key]}. The step is in the ledger.")
        self.look()

    # --- analysing and reporting ---

    def run_analyses(self) -> None:
        """Evaluate everything over the store, in the background."""
        location = self._session.location
        self.analyse.setEnabled(False)
        self._session.errand(
            self,
            lambda archive, job: run_analyses(archive, job, policy_of(location)),
            self._analysed,
            self._not_analysed,
            label="Analysing the store",
        ).ended.connect(self._analysis_over)

    def _analysis_over(self) -> None:
        """Of this page, not of its own, so that Qt lets go of it with the page: locking may come before the end."""
        self.analyse.setEnabled(True)

    def _analysed(self, tally: Tally) -> None:
        self.said.emit(told(tally))
        self.look()

    def _not_analysed(self, error: AuditorError) -> None:
        self.failed.emit(error)

    def ask_report(self) -> None:
        """Ask where the report of the chosen finding shall lie."""
        if len(self.chosen()) == 1:
            home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
            name = f"finding-{self.chosen()[0].finding.id[:12]}.html"
            self.dialog = AskPath("Report of the finding", REPORT, "Write", Path(home) / name, self.window())
            self.dialog.given.connect(self.write_report)
            self.dialog.open()

    def write_report(self, path: Path) -> None:
        """Write the report of the chosen finding."""
        case = self.chosen()[0]
        self._session.errand(
            self,
            lambda archive, _: write_report(archive, case, path),
            lambda written: self.said.emit(f"The report is written to {written}"),
            self.failed.emit,
            label="Writing the report",
        )

    def _refused(self, error: AuditorError) -> None:
        self.failed.emit(error)
        self.look()

    def setFocus(self) -> None:  # type: ignore[override]
        """The keyboard goes to the queue."""
        self.list.setFocus()
