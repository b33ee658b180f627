# SPDX-License-Identifier: Apache-2.0
"""What the demo found, as a person reads it: calls and tokens per provider, data, findings, outcomes, what is missing.

Pure over what `auditor calls --json` and `auditor findings --json` printed; nothing here is content.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

type CallJson = dict[str, Any]
type FindingJson = dict[str, Any]

UNKNOWN = "unknown"
_WORDS = frozenset({"direction", "level", "clause"})
_GRAVEST_FIRST = ("critical", "high", "medium", "low", "informational")


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The figures. `made` is how many calls the SDKs made, `recorded` how many the store holds."""

    made: int
    recorded: int
    providers: tuple[tuple[str, int, int, int], ...]
    """Name, calls, input tokens, output tokens."""
    actors: tuple[tuple[str, int], ...]
    outcomes: tuple[tuple[str, int], ...]
    data: tuple[tuple[str, str, int], ...]
    """Data type, direction, matches."""
    findings: tuple[tuple[str, str, str], ...] = ()
    """Level, title, and the clause it rests on."""


PLANTED = """\
Planted, to be found: names, addresses and telephone numbers in a customer's complaint and a damage claim; working
credentials pasted into a question about a script; and a program that harvests the answers of one provider over one
skeleton of prompts, to upload them as training data to another."""


def summarise(calls: Sequence[CallJson], made: int, findings: Sequence[FindingJson] = ()) -> Summary:
    """Counts the calls, and lists the findings, the gravest first."""
    return Summary(
        made=made,
        recorded=len(calls),
        providers=_providers(calls),
        actors=_counted(calls, "actor"),
        outcomes=_counted(calls, "outcome"),
        data=_data(calls),
        findings=_findings(findings),
    )


def show(summary: Summary, console: Console) -> None:
    """Prints the figures as tables."""
    table = _table("provider", "calls", "input tokens", "output tokens")
    for name, *figures in summary.providers:
        table.add_row(name, *(f"{figure:,}" for figure in figures))
    console.print(table)
    console.print()
    table = _table("data found", "direction", "matches")
    for kind, direction, count in summary.data:
        table.add_row(kind, direction, f"{count:,}")
    console.print(table)
    console.print()
    if summary.findings:
        table = _table("finding", "level", "clause")
        for (level, title, clause), count in Counter(summary.findings).items():
            table.add_row(f"{title} ({count})" if count > 1 else title, level, clause)
        console.print(table)
        console.print("A finding is an indication for review, never a verdict.\n")
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in summary.outcomes)
    console.print(f"{summary.made} calls made, {summary.recorded} recorded: {outcomes}.")
    console.print(f"{len(summary.actors)} actors, by pseudonym: the store knows no names.")
    console.print(PLANTED)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for place, column in enumerate(columns):
        numeric = place > 0 and column not in _WORDS
        table.add_column(column, justify="right" if numeric else "left", header_style="bold", overflow="fold")
    return table


def _providers(calls: Sequence[CallJson]) -> tuple[tuple[str, int, int, int], ...]:
    apart: dict[str, list[CallJson]] = defaultdict(list)
    for call in calls:
        apart[call["gen_ai.provider.name"] or UNKNOWN].append(call)
    return tuple((name, *_figures(apart[name])) for name in sorted(apart))


def _figures(calls: Sequence[CallJson]) -> tuple[int, int, int]:
    inputs = sum(call["gen_ai.usage.input_tokens"] or 0 for call in calls)
    return len(calls), inputs, sum(call["gen_ai.usage.output_tokens"] or 0 for call in calls)


def _counted(calls: Sequence[CallJson], field: str) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(call[field] or UNKNOWN for call in calls).most_common())


def _data(calls: Sequence[CallJson]) -> tuple[tuple[str, str, int], ...]:
    found: Counter[tuple[str, str]] = Counter()
    for call in calls:
        for one in call["data"]:
            found[one["type"], one["direction"]] += one["count"]
    return tuple((kind, direction, count) for (kind, direction), count in found.most_common())


def _findings(findings: Sequence[FindingJson]) -> tuple[tuple[str, str, str], ...]:
    ordered = sorted(findings, key=lambda one: _GRAVEST_FIRST.index(one["rule"]["level"]))
    return tuple((one["rule"]["level"], one["rule"]["title"], (one["clause"] or {}).get("id", "")) for one in ordered)
