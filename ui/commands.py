# SPDX-License-Identifier: Apache-2.0
"""What the command palette offers in an unlocked window: pages, commands, saved views, findings, providers."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from auditor.archive import Filter
from auditor.findings import Case
from ui.models.commands import Command
from ui.models.findings import LEVELS, about, ordered
from ui.shortcuts import Shortcut, page_key

if TYPE_CHECKING:
    from ui.frame import Frame

MOST_FINDINGS = 200
SKIPPED = frozenset({Shortcut.PALETTE, Shortcut.SEVERITY, Shortcut.NEXT})
"""Shortcuts that are no command of their own."""


def commands(frame: "Frame") -> list[Command]:
    """Everything that can be done from here, in the order it is offered."""
    return [*_pages(frame), *_views(frame), *_actions(frame), *_providers(frame)]


def _pages(frame: "Frame") -> Iterator[Command]:
    for number, (drawing, name) in enumerate(frame.pages_named()):
        yield Command(
            title=name,
            kind="page",
            do=partial(frame.show_page, number),
            keys=page_key(number + 1),
            icon=drawing,
        )


def _views(frame: "Frame") -> Iterator[Command]:
    for view in frame.traffic.views.views:
        yield Command(
            title=view.name,
            kind="view",
            do=partial(frame.show_view, view),
            icon="bookmark",
            words=view.filter,
        )


def _actions(frame: "Frame") -> Iterator[Command]:
    """The actions of the window and of the page shown, by their shortcuts."""
    known = {one.meaning: one for one in Shortcut if one not in SKIPPED}
    seen: set[str] = set()
    page = frame.pages.currentWidget() or frame
    holders = [page, *page.findChildren(QWidget), frame, frame.window()]
    for holder in holders:
        for entry in holder.actions():
            shortcut = known.get(entry.text())
            if shortcut is not None and entry.text() not in seen:
                seen.add(entry.text())
                yield Command(title=entry.text(), kind="command", do=entry.trigger, keys=shortcut.keys[0])


def of_findings(frame: "Frame", cases: Iterable[Case]) -> Iterator[Command]:
    """The gravest findings, which are read when the palette is open already."""
    for case in ordered(cases)[:MOST_FINDINGS]:
        id_ = case.finding.id
        yield Command(
            title=case.finding.rule.title,
            kind=f"finding, {case.severity}",
            do=partial(frame.show_finding, id_),
            icon=LEVELS[case.severity].icon,
            words=f"{about(case)} {id_}",
        )


def _providers(frame: "Frame") -> Iterator[Command]:
    for share in frame.overview.shown.providers if frame.overview.shown else ():
        yield Command(
            title=f"Calls to {share.value}",
            kind="provider",
            do=partial(frame.show_filter, Filter.field("provider", share.value)),
            icon="traffic",
        )
