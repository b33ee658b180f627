# SPDX-License-Identifier: Apache-2.0
"""What is rendered of an unlocked window: every page, its states, and every dialog, in the order they are reached."""

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtWidgets import QDialog, QWidget

from auditor.calls import Call, Outcome
from ui.frame import PAGES, Frame
from ui.widgets.dialogs.second import SecondDialog
from ui.widgets.help import ShortcutsDialog

type Prepare = Callable[[], QWidget | None]
"""Brings a scene about; what is to be rendered, the window where it is None."""

type Scene = tuple[str, Prepare]

LOOKED_AT = 256


def scenes(frame: Frame) -> Iterator[Scene]:
    """All scenes that need no content."""
    for drawing, name in PAGES:
        if drawing != "traffic":
            yield file_name(name), _done(partial(frame.show_named, drawing))
    yield from _settings(frame)
    yield from _traffic(frame)
    yield from _findings(frame)
    yield from _others(frame)
    yield from _dialogs(frame)


def file_name(name: str) -> str:
    """A name as a part of a file's."""
    return name.lower().replace(" ", "-")


def _done(*steps: Callable[[], object]) -> Prepare:
    def prepare() -> None:
        for step in steps:
            step()

    return prepare


def _settings(frame: Frame) -> Iterator[Scene]:
    """The parts of the page that is shown already: to show it anew would move what stands on it."""
    settings = frame.settings
    for name, pane in (("retention", settings.retention), ("auditors", settings.auditors), ("store", settings.store)):
        yield f"settings-{name}", _done(partial(settings.show_part, pane))


def _traffic(frame: Frame) -> Iterator[Scene]:
    view = frame.traffic.view
    show = partial(frame.show_named, "traffic")
    if not frame.traffic.model.rowCount():
        yield "traffic", _done(show)
        return
    yield "traffic-selection", _done(show, view.selectAll)
    yield "traffic", _done(view.clearSelection)
    yield "traffic-call", _done(partial(view.go_to, telling_row(frame)))


def aspects(frame: Frame) -> Iterator[Scene]:
    """The tabs of the inspector, for a call that was opened; the conversation at last."""
    tabs = frame.traffic.inspector.tabs
    for at in (*range(1, tabs.count()), 0):
        yield f"call-{file_name(tabs.tabText(at).split(' ')[0])}", _done(partial(tabs.setCurrentIndex, at))


def _findings(frame: Frame) -> Iterator[Scene]:
    """A finding with a clause, and what is asked before one is dismissed or accepted."""
    page = frame.findings
    rows = [row for row, case in enumerate(page.model.cases) if case.finding.clause is not None]
    if rows:
        show = partial(frame.show_named, "findings")
        yield "finding", _done(show, partial(page.list.go_to, rows[0]), page.view.form.leave)
        for step in ("dismiss", "accept", "assign"):
            yield f"finding-{step}", _done(partial(page.begin, step))
        page.view.form.leave()


def _others(frame: Frame) -> Iterator[Scene]:
    yield "provider-clauses", _done(partial(frame.show_named, "providers"), frame.providers.view.show_clauses)
    for view in ("streams", "matrix", "table"):
        yield f"data-flows-{view}", _done(partial(frame.show_named, "flows"), partial(frame.flows.show_as, view))
    rules = frame.rules
    yield "policy", _done(partial(frame.show_named, "rules"), partial(rules.show_part, "policy"))
    yield "rule-editor", _done(partial(rules.show_part, "rules"), rules.begin)
    yield "rule", _done(rules.editor.leave.click)


def _dialogs(frame: Frame) -> Iterator[Scene]:
    traffic = frame.traffic
    show = partial(frame.show_named, "traffic")

    def opened(begin: Callable[[], object], found: Callable[[], QWidget | None]) -> Prepare:
        def prepare() -> QWidget | None:
            begin()
            return found()

        return prepare

    def shortcuts() -> QWidget:
        dialog = ShortcutsDialog(frame.window())
        dialog.open()
        return dialog

    auditors = frame.settings.auditors

    def second() -> QWidget:
        dialog = SecondDialog("Who a-7f3k29ab4qsd5e6p is", "incident 4711", frame.session.auditor, frame.window())
        dialog.open()
        return dialog

    yield "dialog-commands", opened(frame.show_palette, lambda: frame.palette_)
    yield "dialog-shortcuts", shortcuts
    yield "dialog-export", opened(_done(show, traffic.exporting.open), lambda: traffic.exporting.dialog)
    yield "dialog-search", opened(traffic.search.open, lambda: traffic.search.dialog)
    yield "dialog-search-again", opened(frame.findings.again.open, lambda: frame.findings.again.dialog)
    yield "dialog-save-view", opened(traffic.views.save, lambda: traffic.views.ask)
    yield "dialog-add-auditor", opened(auditors.ask_add, lambda: auditors.dialog)
    yield "dialog-passphrase", opened(auditors.ask_passphrase, lambda: auditors.dialog)
    yield "dialog-second-person", second
    yield "dialog-fetch", opened(frame.gateways.ask_fetch, lambda: frame.gateways.dialog)


def closed(shown: QWidget | None) -> None:
    """Leave a dialog that was rendered."""
    if isinstance(shown, QDialog):
        shown.close()


def telling_row(frame: Frame) -> int:
    """The row on the first page that shows most: data found, then tools; the newest of equals."""
    model = frame.traffic.model
    rows = ((model.loaded(number), number) for number in range(min(model.rowCount(), LOOKED_AT)))
    weighed = [(*_weight(row.call), -number) for row, number in rows if row is not None]
    return -max(weighed)[-1] if weighed else 0


def _weight(call: Call) -> tuple[bool, int, int]:
    return call.outcome is Outcome.COMPLETE, len(call.data), len(call.tool_calls or ())
