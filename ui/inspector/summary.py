# SPDX-License-Identifier: Apache-2.0
"""What several selected calls have in common and add up to."""

from collections import Counter
from collections.abc import Iterable, Sequence

from PySide6.QtWidgets import QWidget

from auditor.calls import Call
from ui.inspector.connection import FactsTab
from ui.models import formats
from ui.models.columns import model_name
from ui.widgets.basics import down, label
from ui.widgets.facts import Fact

TOP = 6


class SelectionSummary(QWidget):
    """Sums and the most frequent values of a selection."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = label("", "heading")
        self._note = label("", "muted", wrap=True)
        self._facts = FactsTab("Summary of the selection")
        head = down(self._title, self._note, margins=(16, 14, 16, 6), spacing=4)
        layout = down(spacing=0)
        layout.addLayout(head)
        layout.addWidget(self._facts, 1)
        self.setLayout(layout)

    def show_calls(self, selected: int, calls: Sequence[Call]) -> None:
        """`calls` are those of the `selected` that are in memory."""
        self._title.setText(f"{formats.count(selected, 'call')} selected")
        known = "" if len(calls) == selected else f" Sums are over the {len(calls):,} that are loaded."
        self._note.setText(f"Copy or export them from the context menu.{known}")
        self._facts.show_groups(*summary_groups(calls))

    def forget(self) -> None:
        """Drop everything."""
        self._facts.forget()


def summary_groups(calls: Sequence[Call]) -> list[tuple[str, list[Fact]]]:
    """Sums and most frequent values, for people."""
    if not calls:
        return []
    times = [call.time for call in calls]
    costs = [call.cost_usd for call in calls if call.cost_usd is not None]
    sums: list[Fact] = [
        ("From", formats.exact_time(min(times))),
        ("Until", formats.exact_time(max(times))),
        ("Tokens in", formats.number(sum(call.input_tokens or 0 for call in calls))),
        ("Tokens out", formats.number(sum(call.output_tokens or 0 for call in calls))),
        ("Cost", formats.money(sum(costs)) if costs else formats.ABSENT),
    ]
    data: Counter[str] = Counter()
    for call in calls:
        for item in call.data:
            data[f"{item.type} {item.direction}"] += item.count
    return [
        ("Together", sums),
        ("Data found", _top(data)),
        ("Outcomes", _counted(str(call.outcome) for call in calls)),
        ("Providers", _counted(call.provider for call in calls)),
        ("Models", _counted(model_name(call) for call in calls)),
        ("Actors", _counted(call.actor for call in calls)),
        ("Clients", _counted(call.client for call in calls)),
    ]


def _counted(values: Iterable[str | None]) -> list[Fact]:
    return _top(Counter(formats.one_line(value, 60) for value in values if value))


def _top(counter: Counter[str]) -> list[Fact]:
    facts = [(name, f"{count:,}") for name, count in counter.most_common(TOP)]
    rest = len(counter) - TOP
    return (
        [*facts, (f"{rest} more", f"{counter.total() - sum(n for _, n in counter.most_common(TOP)):,}")]
        if rest > 0
        else facts
    )
