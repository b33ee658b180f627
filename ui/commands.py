# SPDX-License-Identifier: Apache-2.0
"""What the command palette offers in an unlocked window: pages, saved views, commands, providers, findings."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from PySide6.QtWidgets import QWidget

from auditor.archive import Filter, Share
from auditor.findings import Case
from ui.models.commands import Command
from ui.models.findings import LEVELS, about, ordered
from ui.models.views import View
from ui.shortcuts import Shortcut, page_key

MOST_FINDINGS = 200
SKIPPED = frozenset({Shortcut.PALETTE, Shortcut.SEVERITY, Shortcut.NEXT})
"""Shortcuts that are no command of their own."""


def of_pages(pages: Iterable[tuple[str, str]], show: Callable[[int], object]) -> Iterator[Command]:
    """The pages, by drawing and name, each shown by its place."""
    for number, (drawing, name) in enumerate(pages):
        yield Command(title=name, kind="page", do=partial(show, number), keys=page_key(number + 1), icon=drawing)


def of_views(views: Iterable[View], show: Callable[[View], object]) -> Iterator[Command]:
    """The saved views of the traffic."""
    for view in views:
        yield Command(title=view.name, kind="view", do=partial(show, view), icon="bookmark", words=view.filter)


def of_shortcuts(holders: Iterable[QWidget]) -> Iterator[Command]:
    """The actions these widgets hold for shortcuts; of several with one name the first holder's."""
    known = {one.meaning: one for one in Shortcut if one not in SKIPPED}
    for holder in holders:
        for entry in holder.actions():
            if (shortcut := known.pop(entry.text(), None)) is not None:
                yield Command(title=entry.text(), kind="command", do=entry.trigger, keys=shortcut.keys[0])


def of_providers(shares: Iterable[Share], show: Callable[[Filter], object]) -> Iterator[Command]:
    """The calls to each of these providers."""
    for share in shares:
        calls = Filter.field("provider", share.value)
        yield Command(title=f"Calls to {share.value}", kind="provider", do=partial(show, calls), icon="traffic")


def of_findings(cases: Iterable[Case], show: Callable[[str], object]) -> Iterator[Command]:
    """The gravest findings, each shown by its id."""
    for case in ordered(cases)[:MOST_FINDINGS]:
        yield Command(
            title=case.finding.rule.title,
            kind=f"finding, {case.severity}",
            do=partial(show, case.finding.id),
            icon=LEVELS[case.severity].icon,
            words=f"{about(case)} {case.finding.id}",
        )
