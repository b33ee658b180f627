# SPDX-License-Identifier: Apache-2.0
"""One turn of a conversation as a card: who, which way, and every piece in its own form."""

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.models.conversation import Kind, Piece, Turn
from ui.widgets.basics import across, down, label, picture
from ui.widgets.contents.attachment_card import AttachmentCard
from ui.widgets.contents.flow_text import FlowText
from ui.widgets.fold import Fold

ROLES = {
    "system": ("system", "System", "muted"),
    "user": ("user", "User", "accent"),
    "assistant": ("assistant", "Assistant", "good"),
    "tool": ("tool", "Tool", "warn"),
}
LONG_INSTRUCTIONS = 600
MONO_KINDS = {Kind.TOOL_CALL, Kind.TOOL_RESULT, Kind.TOOL}


def piece_view(piece: Piece) -> QWidget:
    """A piece in the form of its kind."""
    if piece.kind is Kind.TEXT:
        return FlowText(piece.segments)
    if piece.attachment is not None:
        return AttachmentCard(piece)
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
            layout.addWidget(piece_view(piece))
