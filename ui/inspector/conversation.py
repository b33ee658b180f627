# SPDX-License-Identifier: Apache-2.0
"""The conversation tab: the newest turns first to be seen, earlier ones on request, tools offered at the end.

A long history is shown in stretches of `STRETCH` turns, so that a call with a thousand messages opens at once.
"""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.models import formats
from ui.models.attachments import Picture
from ui.models.conversation import Conversation, Turn
from ui.theme import theme
from ui.widgets.basics import button, clear, down, label
from ui.widgets.contents.attachment_card import AttachmentCard
from ui.widgets.contents.flow_text import FlowText
from ui.widgets.contents.turn_card import TurnCard, piece_view
from ui.widgets.fold import Fold

STRETCH = 24
NO_MESSAGES = "No messages could be read in this call. The raw exchange shows what was captured."


class ConversationView(QScrollArea):
    """Turns as cards in a scrolling column."""

    picture_wanted = Signal(str, str)
    """Place and hash of a picture that is to be shown as it is."""

    file_wanted = Signal(str, str, str)
    """Place and hash of a file, and where it is to be saved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Conversation")
        self._conversation: Conversation | None = None
        self._first = 0
        self._column = QWidget()
        self._column.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._column.setProperty("look", "panel")
        self._turns: QVBoxLayout = down(spacing=10)
        self._tools: QVBoxLayout = down(spacing=6)
        self._earlier = button("", "quiet")
        self._earlier.clicked.connect(self._show_earlier)
        column = down(margins=(16, 14, 16, 18), spacing=10)
        column.addWidget(self._earlier, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(self._turns)
        column.addLayout(self._tools)
        column.addStretch(1)
        self._column.setLayout(column)
        self.setWidget(self._column)

    def show_conversation(self, conversation: Conversation) -> None:
        """Show it, from its newest stretch."""
        self.forget()
        self._conversation = conversation
        self._first = max(0, len(conversation.turns) - STRETCH)
        if not conversation.turns:
            self._turns.addWidget(label(NO_MESSAGES, "muted", wrap=True))
        for turn in conversation.turns[self._first :]:
            self._turns.addWidget(self._card(turn))
        self._offer_earlier()
        self._show_tools(conversation)
        self.verticalScrollBar().setValue(0)

    def forget(self) -> None:
        """Drop every text."""
        self._conversation = None
        clear(self._turns)
        clear(self._tools)
        self._earlier.hide()

    def cards(self) -> list[TurnCard]:
        """The cards on show."""
        items = (self._turns.itemAt(at) for at in range(self._turns.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, TurnCard)]

    def _card(self, turn: Turn) -> TurnCard:
        card = TurnCard(turn)
        for held in card.findChildren(AttachmentCard):
            held.wanted.connect(self.picture_wanted)
            held.file_wanted.connect(self.file_wanted)
        return card

    def show_picture(self, place: str, shown: Picture) -> None:
        """A picture that was asked for, in its place."""
        for held in self._held(place):
            held.show_picture(shown)

    def picture_refused(self, place: str) -> None:
        """It was not opened; it may be asked for again."""
        for held in self._held(place):
            held.show_button.setEnabled(True)

    def show_saved(self, place: str, sentence: str) -> None:
        """What became of a file that was to be saved; an empty sentence where it was not."""
        for held in self._held(place):
            held.show_saved(sentence)

    def _held(self, place: str) -> list[AttachmentCard]:
        return [held for held in self._column.findChildren(AttachmentCard) if held.piece.place == place]

    def show_place(self, place: str) -> None:
        """Bring the turn into view that holds a place, opening earlier stretches and folds on the way."""
        if self._conversation is None:
            return
        holders = [
            number
            for number, turn in enumerate(self._conversation.turns)
            if any(piece.place == place for piece in turn.pieces)
        ]
        if not holders:
            return
        while holders[0] < self._first:
            self._show_earlier()
        card = self.cards()[holders[0] - self._first]
        for fold in card.findChildren(Fold):
            fold.set_open(True)
        QTimer.singleShot(0, self, lambda: self._scroll_to(card))

    def texts(self) -> str:
        """Everything on show, for tests and screen readers."""
        return "\n".join(view.text.toPlainText() for view in self._column.findChildren(FlowText))

    def _scroll_to(self, card: QWidget) -> None:
        self.verticalScrollBar().setValue(max(0, card.y() - theme().px(14)))

    def _show_earlier(self) -> None:
        if self._conversation is None:
            return
        start = max(0, self._first - STRETCH)
        for place, turn in enumerate(self._conversation.turns[start : self._first]):
            self._turns.insertWidget(place, self._card(turn))
        self._first = start
        self._offer_earlier()

    def _offer_earlier(self) -> None:
        self._earlier.setVisible(self._first > 0)
        self._earlier.setText(f"Show {min(STRETCH, self._first)} of {formats.count(self._first, 'earlier turn')}")

    def _show_tools(self, conversation: Conversation) -> None:
        if not conversation.tools:
            return
        self._tools.addWidget(label(f"Tools offered to the model · {len(conversation.tools)}", "caption"))
        for piece in conversation.tools:
            self._tools.addWidget(piece_view(piece))
