# SPDX-License-Identifier: Apache-2.0
"""Retention in words: the times in force, and what is past them today. Runs off the main thread; no widgets here."""

from collections.abc import Iterable
from datetime import timedelta

from auditor.keeping import Due, Times
from auditor.store.format.layout import Purpose
from auditor.store.keys.facts import EpochKey
from ui.models import formats

KEPT = "kept without an end"
CLASSES = {Purpose.METADATA: "Facts of calls", Purpose.CONTENT: "Content", Purpose.NAMES: "Who actors are"}
MOST = 24
"""Months that are named one by one."""


def times_said(times: Times) -> list[tuple[str, str]]:
    """What is kept how long, each class of a month's records first, then calls by what they hold."""
    classes = [(CLASSES[purpose], _days(times.classes.get(purpose), "after the month")) for purpose in Purpose]
    types = [(f"Calls with {type_}", _days(kept, "after the call")) for type_, kept in sorted(times.types.items())]
    return classes + types


def _days(kept: timedelta | None, after: str) -> str:
    return KEPT if kept is None else f"{formats.count(kept.days, 'day')} {after}"


def due_said(due: Due) -> list[tuple[str, str]]:
    """What goes, class by class, and how many exchanges."""
    said = [(CLASSES[purpose], months_said(_of(due.keys, purpose))) for purpose in Purpose]
    for scope, targets in due.found:
        number = sum(len(target.completions) for target in targets)
        said.append((f"Calls with {', '.join(sorted(scope.types))}", formats.count(number, "exchange")))
    return [(name, value) for name, value in said if value]


def _of(keys: Iterable[EpochKey], purpose: Purpose) -> list[str]:
    return sorted({key.epoch for key in keys if key.purpose == purpose})


def months_said(months: list[str]) -> str:
    """Months by name, of very many the first and the last."""
    if len(months) > MOST:
        return f"{len(months):,} months, {months[0]} to {months[-1]}"
    return ", ".join(months)


def done_said(due: Due) -> str:
    """What went, in one sentence."""
    months = len({key.epoch for key in due.keys})
    parts = [f"keys of {formats.count(months, 'month')} destroyed"] if months else []
    parts += [f"{formats.count(due.exchanges, 'exchange')} erased"] if due.exchanges else []
    said = " and ".join(parts)
    return f"{said[:1].upper()}{said[1:]}. The reason is recorded."
