# SPDX-License-Identifier: Apache-2.0
"""A clause in our words: where it stands, since when, how sure we are, and the way to the document itself.

Links leave the program only when a person follows them, and only to web pages.
"""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QToolButton, QWidget

from auditor.findings import CitedClause
from auditor.terms import Clause
from ui.models import formats
from ui.models.findings import CERTAINTIES
from ui.theme import theme
from ui.widgets.basics import down, label, tool
from ui.widgets.chip import Chip
from ui.widgets.facts import breakable
from ui.widgets.flow_layout import FlowLayout


class ClauseCard(QFrame):
    """One clause; `role` is what it does, where that is known."""

    def __init__(
        self, clause: CitedClause | Clause, document: str, effective: str | None, role: str = "", note: str = ""
    ) -> None:
        super().__init__()
        self.setProperty("look", "card")
        where = " · ".join(part for part in (document, clause.section) if part)
        layout = down(margins=(18, 14, 18, 14), spacing=8)
        layout.addWidget(label(breakable(formats.one_line(where)), "strong", wrap=True))
        layout.addWidget(label(clause.paraphrase, wrap=True, selectable=True))
        layout.addWidget(self._chips(clause, effective, role))
        if note:
            layout.addWidget(label(note, "muted", wrap=True))
        layout.addWidget(label(breakable(clause.id), "caption", wrap=True, selectable=True))
        self.setLayout(layout)
        self.setAccessibleName(f"{where}: {clause.paraphrase}")

    def _chips(self, clause: CitedClause | Clause, effective: str | None, role: str) -> QWidget:
        box = QWidget()
        flow = FlowLayout(box)
        if role:
            flow.addWidget(Chip(role, "", "text"))
        flow.addWidget(certainty_chip(str(clause.status)))
        flow.addWidget(Chip(f"in effect since {effective}" if effective else "date not stated", "calendar"))
        flow.addWidget(Chip("in our words, not a quotation", "info"))
        if source := source_button(clause.url):
            flow.addWidget(source)
        return box


def certainty_chip(status: str) -> Chip:
    """How sure we are, in a word; the tooltip says what it means."""
    shown = CERTAINTIES[status]
    chip = Chip(shown.word, shown.icon, shown.tone)
    chip.setToolTip(shown.meaning)
    chip.setAccessibleDescription(shown.meaning)
    return chip


def source_button(url: str | None, words: str = "Read the source") -> QToolButton | None:
    """A button that opens a web page in the browser; none where there is no such address."""
    if not url or QUrl(url).scheme() not in ("https", "http"):
        return None
    result = tool("external", f"{words}: {url}", text=words, color="accent")
    result.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(url)))
    result.setMinimumHeight(theme().px(26))
    return result
