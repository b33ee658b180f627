# SPDX-License-Identifier: Apache-2.0
"""A session's content: skeletons with their slots marked, and rows beside the outputs they share words with."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QWidget

from ui.models import formats
from ui.models.alignment import Part, RowView, SessionContent, SkeletonView
from ui.theme import theme
from ui.widgets.basics import across, button, clear, down, follow_theme, holder, label, picture
from ui.widgets.contents.flow_text import Paragraphs

FIRST, STEP = 6, 20
LONGEST = 4_000
SIDES = {"target": "what the model is taught to say", "prompt": "what it is taught to answer"}


class PartsText(Paragraphs):
    """Runs of text; what both texts share and slots are marked by ground and weight."""

    def __init__(self, name: str, parts: Sequence[Part], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self.setAccessibleName(name)
        follow_theme(self, self._write)

    def _write(self) -> None:
        self.setFont(theme().font(13))
        self.clear()
        cursor = self.textCursor()
        left = LONGEST
        for part in self._parts:
            cursor.insertText(part.text[:left], self._format(part.tone))
            left -= len(part.text)
            if left <= 0:
                cursor.insertText(" …", self._format(""))
                break
        cursor.movePosition(QTextCursor.MoveOperation.Start)

    def _format(self, tone: str) -> QTextCharFormat:
        written = QTextCharFormat()
        if tone:
            written.setBackground(theme().color("warn_soft" if tone == "shared" else "accent_soft"))
            written.setForeground(theme().color("text" if tone == "shared" else "accent"))
            written.setFontWeight(QFont.Weight.DemiBold)
        return written


class ContentView(QWidget):
    """Shows what was opened; `call_wanted` carries the call of an output."""

    call_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[RowView] = ()
        self._shown = 0
        self._column = down(spacing=12)
        self.more = button("", "quiet")
        self.more.clicked.connect(self._show_more)
        layout = down(spacing=8)
        layout.addLayout(self._column)
        layout.addWidget(self.more)
        self.setLayout(layout)
        self.forget()

    def show_content(self, content: SessionContent) -> None:
        """Show skeletons, then rows."""
        self.forget()
        self._rows = content.rows
        for skeleton in content.skeletons:
            self._column.addWidget(_skeleton_card(skeleton))
        if not content.skeletons:
            self._column.addWidget(label("The prompts share no template.", "muted"))
        lost = f" {formats.count(content.missing, 'row')} can no longer be opened." if content.missing else ""
        said = f"{formats.count(len(content.rows), 'row')} beside the outputs they were first seen in.{lost}"
        self._column.addWidget(label(said if content.rows or lost else "No row of an upload is named.", "muted"))
        self._show_more(FIRST)

    def forget(self) -> None:
        """Drop every text."""
        clear(self._column)
        self._rows, self._shown = (), 0
        self.more.hide()

    def _show_more(self, number: int | bool = STEP) -> None:
        until = self._shown + (STEP if isinstance(number, bool) else number)
        for row in self._rows[self._shown : until]:
            self._column.addWidget(self._row_card(row))
        self._shown = min(until, len(self._rows))
        rest = len(self._rows) - self._shown
        self.more.setVisible(rest > 0)
        self.more.setText(f"Show {min(rest, STEP)} of {rest:,} more rows")

    def _row_card(self, row: RowView) -> QFrame:
        card = QFrame()
        card.setProperty("look", "group")
        card.setAccessibleName(f"Row {row.number}, {row.share:.0%} of it in the output")
        way = button("Open call", "link")
        way.clicked.connect(lambda: self.call_wanted.emit(row.source))
        title = label(f"Row {row.number:,} · {row.share:.0%} in the output", "strong")
        head = across(picture("lineage", "accent", 16), title, label(SIDES.get(row.side, ""), "caption"), 1, way)
        columns = across(spacing=16)
        for name, parts in (("The row", row.row), ("The output", row.output)):
            box = down(label(name, "caption"), PartsText(f"{name} {row.number}", parts), 1, spacing=4)
            columns.addWidget(holder(box), 1)
        layout = down(margins=(16, 12, 16, 14), spacing=8)
        layout.addLayout(head)
        layout.addLayout(columns)
        card.setLayout(layout)
        return card


def _skeleton_card(found: SkeletonView) -> QFrame:
    card = QFrame()
    card.setProperty("look", "group")
    layout = down(margins=(16, 12, 16, 14), spacing=8)
    title = label(f"Template of {formats.count(len(found.calls), 'call')}", "strong")
    layout.addLayout(across(picture("comment", "accent", 16), title, 1))
    layout.addWidget(PartsText("Template", found.parts))
    for slot in found.slots:
        layout.addWidget(label(f"⟨…⟩  {slot}", "muted", wrap=True))
    card.setLayout(layout)
    return card
