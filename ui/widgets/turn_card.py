# SPDX-License-Identifier: Apache-2.0
"""One turn of a conversation as a card: who, which way, and every piece in its own form."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.models import formats
from ui.models.conversation import Kind, Piece, Turn
from ui.widgets.basics import across, down, label, picture, tool
from ui.widgets.chip import Chip
from ui.widgets.flow_text import FlowText

ROLES = {
    "system": ("system", "System", "muted"),
    "user": ("user", "User", "accent"),
    "assistant": ("assistant", "Assistant", "good"),
    "tool": ("tool", "Tool", "warn"),
}
LONG_INSTRUCTIONS = 600
MONO_KINDS = {Kind.TOOL_CALL, Kind.TOOL_RESULT, Kind.TOOL}


class Fold(QWidget):
    """A heading that opens and closes what is below it; closed at first."""

    def __init__(self, title: str, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._closed = tool("right", f"Show {title}", text=title, color="muted")
        self._open = tool("down", f"Hide {title}", text=title, color="muted")
        self.body = body
        for switch, show in ((self._closed, True), (self._open, False)):
            switch.clicked.connect(lambda _=False, show=show: self.set_open(show, focus=True))
        head = across(self._closed, self._open, 1)
        layout = down(spacing=4)
        layout.addLayout(head)
        layout.addWidget(body)
        self.setLayout(layout)
        self.set_open(False)

    def set_open(self, show: bool, *, focus: bool = False) -> None:
        """Show or hide the body."""
        self.body.setVisible(show)
        self._closed.setVisible(not show)
        self._open.setVisible(show)
        if focus:
            (self._open if show else self._closed).setFocus()


def piece_view(piece: Piece) -> QWidget:
    """A piece in the form of its kind."""
    if piece.kind is Kind.TEXT:
        return FlowText(piece.segments)
    if piece.kind is Kind.ATTACHMENT:
        name = f"{piece.text} · {piece.title}" if piece.text else piece.title
        return Chip(formats.one_line(name, 160), piece.icon, "text")
    body = FlowText(piece.segments, mono=piece.kind in MONO_KINDS)
    if piece.kind in (Kind.REASONING, Kind.TOOL):
        title = piece.title if piece.kind is Kind.TOOL else f"Reasoning · {len(piece.text):,} characters"
        return Fold(title, body)
    box = QFrame()
    box.setProperty("look", "inset")
    layout = down(margins=(10, 8, 10, 8), spacing=6)
    said = label(piece.title, "strong")
    layout.addLayout(across(picture(piece.icon, "muted", 14), said, 1, spacing=6))
    if piece.text:
        layout.addWidget(body)
    else:
        body.deleteLater()
    box.setLayout(layout)
    return box


class TurnCard(QFrame):
    """A message as a card."""

    def __init__(self, turn: Turn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.turn = turn
        drawing, word, tone = ROLES.get(turn.role, ("user", turn.role.capitalize(), "muted"))
        self.setProperty("look", "sent" if turn.sent else "received")
        self.setAccessibleName(f"{word}, {'sent' if turn.sent else 'received'}")
        layout = down(margins=(14, 10, 14, 12), spacing=8)
        layout.addLayout(self._head(turn, drawing, word, tone))
        self._add_pieces(layout, turn)
        self.setLayout(layout)

    def _head(self, turn: Turn, drawing: str, word: str, tone: str) -> QVBoxLayout:
        said = label(word, "strong")
        parts: list[QWidget | int] = [picture(drawing, tone, 16), said]
        if turn.name:
            parts.append(label(turn.name, "caption"))
        parts.append(1)
        if turn.finish:
            parts.append(label(f"finished: {turn.finish}", "caption"))
        direction = "sent" if turn.sent else "received"
        parts += [picture(direction, "muted", 12), label(direction, "caption")]
        column = QVBoxLayout()
        column.addLayout(across(*parts, spacing=7))
        return column

    def _add_pieces(self, layout: QVBoxLayout, turn: Turn) -> None:
        if not turn.pieces:
            layout.addWidget(label("No content.", "muted"))
        long = sum(len(piece.text) for piece in turn.pieces) > LONG_INSTRUCTIONS
        if turn.role == "system" and long:
            inner = down(spacing=8)
            for piece in turn.pieces:
                inner.addWidget(piece_view(piece))
            body = QWidget()
            body.setLayout(inner)
            inner.setContentsMargins(0, 0, 0, 0)
            total = sum(len(piece.text) for piece in turn.pieces)
            layout.addWidget(Fold(f"Instructions · {total:,} characters", body))
            return
        for piece in turn.pieces:
            view = piece_view(piece)
            chip = isinstance(view, Chip)
            layout.addWidget(view, alignment=Qt.AlignmentFlag.AlignLeft) if chip else layout.addWidget(view)
