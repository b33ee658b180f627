# SPDX-License-Identifier: Apache-2.0
"""Raw text in a fixed-width face: scrolls, selects, copies, and stays quick with megabytes.

A single line of megabytes would be laid out at once, so lines are cut at `LONGEST` characters; the cut is marked.
"""

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ui.theme import MONO, theme
from ui.widgets.basics import follow_theme

LONGEST = 2_000
MOST = 2_000_000


class CodeView(QPlainTextEdit):
    """A read-only raw text."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setProperty("look", "code")
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setCenterOnScroll(False)
        self.setMaximumBlockCount(0)
        self.setUndoRedoEnabled(False)
        follow_theme(self, self._dress)

    def _dress(self) -> None:
        self.setFont(theme().font(12, family=MONO))

    def show_text(self, text: str) -> None:
        """Show a text, long lines folded."""
        self.setPlainText(folded(text))
        self.moveCursor(self.textCursor().MoveOperation.Start)


def folded(text: str) -> str:
    """The text with lines of at most `LONGEST` characters, and at most `MOST` characters in all."""
    cut = text[:MOST]
    lines = []
    for line in cut.split("\n"):
        lines += [line[at : at + LONGEST] for at in range(0, max(len(line), 1), LONGEST)]
    rest = len(text) - len(cut)
    return "\n".join(lines) + (f"\n… {rest:,} more characters are not shown" if rest else "")
