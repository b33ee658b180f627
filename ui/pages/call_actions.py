# SPDX-License-Identifier: Apache-2.0
"""What can be done with calls from the table: filter by a cell, exclude it, copy addresses or CSV.

Copies hold facts of calls, never content.
"""

import csv
import io
import shlex
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from auditor.archive import Filter
from auditor.calls import Call
from ui.models import formats
from ui.models.columns import BY_KEY, PLACE, Row, address, model_name
from ui.models.exporting import inert
from ui.pages.exporting import Exporting
from ui.shortcuts import Shortcut
from ui.widgets.call_view import CallView

COPIED = 10_000


class Page(Protocol):
    """What the actions need of their page."""

    view: CallView
    exporting: Exporting

    @property
    def expression(self) -> Filter:
        """The present filter."""

    def filter_by(self, condition: Filter) -> None:
        """Narrow the present filter."""


class CallActions(QObject):
    """The context menu and the clipboard."""

    said = Signal(str)
    """What was done, in a few words."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page

    def menu(self, key: str, row: Row) -> QMenu:
        """The menu of a cell."""
        menu = QMenu(self._page.view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for said, condition in conditions(key, row.call):
            shown = formats.one_line(said, 70).replace("&", "&&")
            menu.addAction(shown).triggered.connect(
                lambda _=False, condition=condition: self._page.filter_by(condition)
            )
        if not menu.isEmpty():
            menu.addSeparator()
        text = row.texts[PLACE[key]]
        menu.addAction("Copy this value").triggered.connect(lambda: copy(text))
        selected = self._page.view.selected_count()
        noun = "address" if selected <= 1 else f"{formats.number(selected)} addresses"
        menu.addAction(f"Copy {noun}\t{Shortcut.COPY.keys[0]}").triggered.connect(self.copy_addresses)
        menu.addAction(f"Copy as CSV\t{Shortcut.COPY_CSV.keys[0]}").triggered.connect(self.copy_csv)
        menu.addAction(f"Copy as cURL\t{Shortcut.COPY_CURL.keys[0]}").triggered.connect(self.copy_curl)
        menu.addSeparator()
        menu.addAction(f"Export…\t{Shortcut.EXPORT.keys[0]}").triggered.connect(self._page.exporting.open)
        return menu

    def copy_addresses(self) -> None:
        """Put the addresses of the selected calls on the clipboard, one a line."""
        self._copy(lambda rows: "\n".join(address(row.call) for row in rows), "address", "addresses")

    def copy_curl(self) -> None:
        """Put the selected calls on the clipboard as cURL commands, one a line."""
        lines = " Key and body are left out."
        self._copy(lambda rows: "\n".join(as_curl(row.call) for row in rows), "command", after=lines)

    def copy_csv(self) -> None:
        """Put the selected calls on the clipboard as CSV, in the columns shown."""
        columns = self._page.view.columns()
        self._copy(lambda rows: as_csv(columns, rows), "call")

    def _copy(self, write: Callable[[Sequence[Row]], str], one: str, many: str | None = None, after: str = "") -> None:
        def put(written: tuple[str, int]) -> None:
            copy(written[0])
            self.said.emit(f"{self._copied(written[1], one, many)}{after}")

        self._page.view.read_selected(COPIED, lambda rows: (write(rows), len(rows)), put)

    def _copied(self, copied: int, one: str, many: str | None = None) -> str:
        selected = self._page.view.selected_count()
        part = "" if copied >= selected else f" of {selected:,} selected; export them to have them all"
        return f"Copied {formats.count(copied, one, many)}{part}."


def conditions(key: str, call: Call) -> list[tuple[str, Filter]]:
    """What a cell offers as filters: (said, condition), the narrowing ones first."""
    found: list[tuple[str, Filter]] = []
    for field, value in cell_values(key, call):
        condition = Filter.field(field, value)
        shown = "without a value" if value is None else f"“{formats.one_line(str(value), 40)}”"
        title = BY_KEY[key].title
        found += [(f"Only {title} {shown}", condition), (f"Exclude {title} {shown}", ~condition)]
    return sorted(found, key=lambda entry: entry[0].startswith("Exclude"))


def cell_values(key: str, call: Call) -> Sequence[tuple[str, str | float | None]]:
    """The filter fields and values of a cell; none for cells that make no useful filter."""
    column = BY_KEY[key]
    if column.field is None or key in {"time", "cost", "duration", "ttft", "sent", "received", "input", "output"}:
        return ()
    match key:
        case "model":
            return (("model", model_name(call)),)
        case "outcome":
            return (("outcome", str(call.outcome)),)
        case "data":
            return tuple((item.direction, item.type) for item in call.data)
        case "tools":
            return tuple(("tool", name) for name in dict.fromkeys(call.tool_calls or ()))
        case "finish":
            return tuple(("finish", name) for name in dict.fromkeys(call.finish_reasons or ()))
        case "labels":
            return tuple(("label", name) for name in call.labels)
        case "stream":
            return () if call.stream is None else (("stream", "yes" if call.stream else "no"),)
        case _:
            return ((column.field, getattr(call, ATTRIBUTE.get(key, key))),)


ATTRIBUTE = {"requested": "request_model", "host": "server_address", "agent": "user_agent"}
"""The attribute of a call behind a column where its name differs."""


def as_csv(keys: Sequence[str], rows: Iterable[Row]) -> str:
    """Rows as CSV with a header. Cells that a spreadsheet would run as a formula are quoted with an apostrophe.

    See OWASP, "CSV Injection".
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(BY_KEY[key].title for key in keys)
    for row in rows:
        writer.writerow(inert(row.texts[PLACE[key]]) for key in keys)
    return out.getvalue()


def as_curl(call: Call) -> str:
    """A call as a cURL command: address and method, the key as a variable, the sealed body left out."""
    parts = ["curl", "-X", call.method or "POST", shlex.quote(address(call))]
    parts += ["-H", shlex.quote("content-type: application/json"), "-H", '"authorization: Bearer $API_KEY"']
    if call.user_agent:
        parts += ["-A", shlex.quote(formats.one_line(call.user_agent))]
    return " ".join([*parts, "--data", "@body.json"])


def copy(text: str) -> None:
    """Put text on the clipboard."""
    QGuiApplication.clipboard().setText(text)


def menu_texts(menu: QWidget) -> list[str]:
    """The entries of a menu, for tests and screen readers."""
    return [entry.text() for entry in menu.actions() if entry.text()]
