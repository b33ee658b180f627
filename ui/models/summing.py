# SPDX-License-Identifier: Apache-2.0
"""What selected calls have in common and add up to, in words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditor.calls import Call
from ui.models import formats
from ui.models.columns import Row, model_name

MOST = 10_000
"""Calls that are summed at most: the first of a selection."""

TOP = 6

type Facts = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Sums:
    """Of so many `selected` calls, `summed` are in the groups of facts."""

    selected: int
    summed: int
    groups: list[tuple[str, Facts]]


def sums_of(selected: int, rows: Sequence[Row]) -> Sums:
    """The sums of these rows."""
    return Sums(selected, len(rows), groups_of([row.call for row in rows]))


def groups_of(calls: Sequence[Call]) -> list[tuple[str, Facts]]:
    """Sums and most frequent values, for people."""
    if not calls:
        return []
    times = [call.time for call in calls]
    costs = [call.cost_usd for call in calls if call.cost_usd is not None]
    sums: Facts = [
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


def _counted(values: Iterable[str | None]) -> Facts:
    return _top(Counter(formats.one_line(value, 60) for value in values if value))


def _top(counter: Counter[str]) -> Facts:
    facts = [(name, f"{count:,}") for name, count in counter.most_common(TOP)]
    rest = len(counter) - TOP
    return (
        [*facts, (f"{rest} more", f"{counter.total() - sum(n for _, n in counter.most_common(TOP)):,}")]
        if rest > 0
        else facts
    )
