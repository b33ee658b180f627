# SPDX-License-Identifier: Apache-2.0
"""The head of the inspector: which call, how it ended, and what it cost."""

from PySide6.QtWidgets import QWidget

from auditor.calls import Call
from ui.models import formats
from ui.models.columns import model_name
from ui.models.outcomes import OUTCOMES
from ui.widgets.basics import across, clear, down, drop
from ui.widgets.chip import Chip
from ui.widgets.elided import Elided
from ui.widgets.flow_layout import FlowLayout


class CallHeader(QWidget):
    """Model, actor and provider, outcome, time, tokens and cost."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Elided("heading")
        self._outcome = across()
        self._line = Elided("muted")
        self._time = Elided("caption")
        self._facts = QWidget()
        self._flow = FlowLayout(self._facts)
        top = across(self._title, spacing=10)
        top.setStretchFactor(self._title, 1)
        top.addLayout(self._outcome)
        layout = down(margins=(16, 12, 16, 10), spacing=5)
        layout.addLayout(top)
        layout.addWidget(self._line)
        layout.addWidget(self._time)
        layout.addWidget(self._facts)
        self.setLayout(layout)

    def show_call(self, call: Call) -> None:
        """Show the facts of a call."""
        shown = OUTCOMES[call.outcome]
        self._title.set_text(formats.one_line(model_name(call) or call.path or call.server_address))
        clear(self._outcome)
        self._outcome.addWidget(Chip(shown.word, shown.icon, shown.tone))
        who = formats.one_line(call.actor)
        program = f" with {formats.one_line(call.client)}" if call.client else ""
        where = formats.one_line(call.provider or call.server_address)
        self._line.set_text(f"{who}{program} to {where}")
        self._time.set_text(formats.exact_time(call.time))
        while (item := self._flow.takeAt(0)) is not None:
            if widget := item.widget():
                drop(widget)
        for text, drawing in _facts(call):
            self._flow.addWidget(Chip(text, drawing))
        self._flow.invalidate()
        self._facts.updateGeometry()
        self.setAccessibleName(f"Call: {self._title.text_whole}, {shown.word}. {self._line.text_whole}")


def _facts(call: Call) -> list[tuple[str, str]]:
    """The chips below the title; absent facts are left out."""
    facts = []
    if call.input_tokens is not None:
        facts.append((f"{call.input_tokens:,} tokens in{_of_which(call.cache_read_input_tokens, 'cached')}", "sent"))
    if call.output_tokens is not None:
        reasoning = _of_which(call.reasoning_output_tokens, "reasoning")
        facts.append((f"{call.output_tokens:,} tokens out{reasoning}", "received"))
    if call.cost_usd is not None:
        facts.append((formats.money(call.cost_usd), ""))
    if call.duration_ms is not None:
        first = f", first token {formats.duration(call.ttft_ms)}" if call.ttft_ms is not None else ""
        facts.append((f"{formats.duration(call.duration_ms)}{first}", "clock"))
    if call.status is not None and call.status >= 400:
        facts.append((f"status {call.status}", "error"))
    facts += [(formats.one_line(text, 60), "info") for text in call.labels]
    return facts


def _of_which(count: int | None, what: str) -> str:
    return f" ({count:,} {what})" if count else ""
