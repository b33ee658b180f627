# SPDX-License-Identifier: Apache-2.0
"""One call in every aspect: conversation, data, findings and terms, raw exchange, facts, evidence; or the sum of
several.

Invariants: content is shown only after the archive recorded the access with its reason; a reason holds for the call
it was given for, until another call is chosen; then every text of the earlier one is dropped.
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QTabWidget, QWidget

from auditor.calls import Call, PlacedMatch
from auditor.findings import Case
from ui.inspector.conversation import ConversationView
from ui.inspector.data import DataView
from ui.inspector.evidence import EvidenceTab
from ui.inspector.facts import FactsOfCall
from ui.inspector.findings import FindingsTab
from ui.inspector.header import CallHeader
from ui.inspector.raw import RawTab
from ui.inspector.summary import SelectionSummary
from ui.models.applying import Applying
from ui.models.attachments import Picture
from ui.models.opened import Opened, RawExchange
from ui.models.summing import Sums
from ui.widgets.basics import down, holder, rule
from ui.widgets.contents.reason_gate import ReasonGate
from ui.widgets.empty import Empty


class Inspector(QStackedWidget):
    """Shows what it is given, and asks for content with a reason."""

    content_wanted = Signal(str, str)
    """Call id and reason."""

    raw_wanted = Signal(str, str)
    """Call id and the reason given for it."""

    value_wanted = Signal(str, str, object)
    """Call id, the reason given for it, and the `PlacedMatch` whose value is to be shown as it is."""

    picture_wanted = Signal(str, str, str, str)
    """Call id, the reason given for it, place and hash of a picture that is to be shown as it is."""

    file_wanted = Signal(str, str, str, str, str)
    """Call id, the reason given for it, place and hash of a file, and where it is to be saved."""

    verify_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.call: Call | None = None
        self.opened: Opened | None = None
        self.empty = Empty()
        self.empty.say("traffic", "No call is selected.", "Choose a call to see who sent what to whom.")
        self.header = CallHeader()
        self.gate = ReasonGate()
        self.conversation = ConversationView()
        self.data = DataView()
        self.raw = RawTab()
        self.request, self.response = self.raw.request, self.raw.response
        self.findings = FindingsTab()
        self.facts = FactsOfCall()
        self.evidence = EvidenceTab()
        self.summary = SelectionSummary()
        self._content = QStackedWidget()
        self.tabs = self._make_tabs()
        self._arrange()
        self._connect()

    def _make_tabs(self) -> QTabWidget:
        self._content.addWidget(self.gate)
        self._content.addWidget(self.conversation)
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.setUsesScrollButtons(True)
        tabs.tabBar().setAccessibleName("Aspects of the call")
        tabs.tabBar().setExpanding(False)
        tabs.addTab(self._content, "Conversation")
        tabs.addTab(self.data, "Data")
        tabs.addTab(self.findings, "Findings")
        tabs.addTab(self.raw, "Raw")
        tabs.addTab(self.facts, "Facts")
        tabs.addTab(self.evidence, "Evidence")
        return tabs

    def _arrange(self) -> None:
        column = down(self.header, rule(), self.tabs, spacing=0)
        column.setStretchFactor(self.tabs, 1)
        self._one = holder(column, "panel")
        for page in (holder(down(self.empty), "panel"), self._one, holder(down(self.summary), "panel")):
            self.addWidget(page)

    def _connect(self) -> None:
        self.gate.given.connect(self._ask_content)
        self.conversation.picture_wanted.connect(self._ask_picture)
        self.conversation.file_wanted.connect(self._ask_file)
        self.data.chosen.connect(self._show_place)
        self.data.value_wanted.connect(self._ask_value)
        self.evidence.verify_wanted.connect(self.verify_wanted)
        self.raw.wanted.connect(self._ask_raw)
        self.raw.reason_wanted.connect(self.ask_reason)

    # --- what is shown ---

    def show_nothing(self) -> None:
        """No call is selected."""
        self._seal()
        self.call = None
        self.setCurrentIndex(0)

    def show_call(self, call: Call) -> None:
        """The facts of one call; its content stays sealed."""
        if self.call is not None and self.call.id == call.id:
            self.setCurrentIndex(1)
            return
        self._seal()
        self.call = call
        self.header.show_call(call)
        self.facts.show_call(call)
        self.data.show_counts(call.data)
        self.evidence.show_call(call)
        found = sum(item.count for item in call.data)
        self.tabs.setTabText(1, f"Data · {found}" if found else "Data")
        self.setCurrentIndex(1)

    def show_cases(self, call_id: str, cases: Sequence[Case]) -> None:
        """What was reported on a call; an answer for an earlier one is dropped."""
        if self.call is not None and self.call.id == call_id:
            self.findings.show_cases(cases)
            at = self.tabs.indexOf(self.findings)
            self.tabs.setTabText(at, f"Findings · {len(cases)}" if cases else "Findings")

    def show_terms(self, call_id: str, terms: Sequence[Applying]) -> None:
        """Whose terms hold for a call; an answer for an earlier one is dropped."""
        if self.call is not None and self.call.id == call_id:
            self.findings.show_terms(terms)

    def show_selection(self, sums: Sums) -> None:
        """What several calls add up to."""
        self._seal()
        self.call = None
        self.summary.show_sums(sums)
        self.setCurrentIndex(2)

    def show_opened(self, opened: Opened) -> None:
        """Content that was opened for a recorded reason; another call's answer is dropped."""
        if self.call is None or opened.call.id != self.call.id:
            return
        self.opened = opened
        self.gate.reset()
        self.conversation.show_conversation(opened.conversation)
        self._content.setCurrentIndex(1)
        self.data.show_matches(opened.matches)
        self.facts.show_opened(self.call, opened)
        self.raw.offer()

    def show_raw(self, call_id: str, raw: RawExchange) -> None:
        """The raw exchange of the opened call."""
        if self.opened is not None and self.opened.call.id == call_id:
            self.request.show_text(raw.request)
            self.response.show_text(raw.response)

    def ask_reason(self) -> None:
        """Go to the field that asks for a reason."""
        self.tabs.setCurrentIndex(0)
        self.gate.reason.setFocus()

    def focus_first(self) -> None:
        """Give the keyboard to what can be done first."""
        if self.currentIndex() == 1 and self.opened is None and self.tabs.currentIndex() == 0:
            self.gate.reason.setFocus()
        else:
            self.tabs.tabBar().setFocus()

    def _ask_content(self, reason: str) -> None:
        if self.call is not None:
            self.content_wanted.emit(self.call.id, reason)

    def _ask_raw(self) -> None:
        if self.opened is not None:
            self.raw_wanted.emit(self.opened.call.id, self.opened.reason)

    def _ask_value(self, placed: PlacedMatch) -> None:
        if self.opened is not None:
            self.value_wanted.emit(self.opened.call.id, self.opened.reason, placed)

    def _ask_picture(self, place: str, sha256: str) -> None:
        if self.opened is not None:
            self.picture_wanted.emit(self.opened.call.id, self.opened.reason, place, sha256)

    def _ask_file(self, place: str, sha256: str, path: str) -> None:
        if self.opened is not None:
            self.file_wanted.emit(self.opened.call.id, self.opened.reason, place, sha256, path)

    def show_picture(self, call_id: str, place: str, shown: Picture) -> None:
        """A picture of the opened call, as it is."""
        if self.opened is not None and self.opened.call.id == call_id:
            self.conversation.show_picture(place, shown)

    def show_value(self, call_id: str, placed: PlacedMatch, value: str) -> None:
        """One value of the opened call, as it is."""
        if self.opened is not None and self.opened.call.id == call_id:
            self.data.show_value(placed, value)

    def _show_place(self, place: str) -> None:
        self.tabs.setCurrentIndex(0)
        self.conversation.show_place(place)

    def _seal(self) -> None:
        self.opened = None
        self._content.setCurrentIndex(0)
        self.gate.reset()
        self.conversation.forget()
        self.data.forget()
        self.findings.forget()
        self.tabs.setTabText(self.tabs.indexOf(self.findings), "Findings")
        self.summary.forget()
        self.raw.seal()
