# SPDX-License-Identifier: Apache-2.0
"""Microsoft's Copilot in the browser and its apps: a socket that carries one call for each message sent.

Both formats are unpublished; they were taken from public clients. The consumer's Copilot sends `{"event": "send"}` and
receives `appendText` pieces until `done`. Microsoft 365's (and Bing's before it) is a SignalR hub: an invocation of
`chat` with the user's message, updates that repeat the answer as it grows, and a completion with the whole turn.
"""

from collections.abc import Mapping
from typing import Any

from auditor.calls import Message, Text
from auditor.dialects.facts import Answered, Asked, Dialect, Turn, role_of, said
from auditor.dialects.loose import ask
from auditor.dialects.resource import answer
from auditor.dialects.values import arr, first_text, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]


class _Exchange:
    """One message sent, and what came back for it."""

    def __init__(self, asked: Asked, at_ms: float | None) -> None:
        self.asked, self.at_ms = asked, at_ms
        self.pieces: list[str] = []
        self.whole: str | None = None
        self.id: str | None = None
        self.error: str | None = None
        self.done = False

    def take(self, fields: Fields) -> None:
        """Take one message received."""
        event = fields.get("event")
        self.id = first_text(fields.get("messageId"), self.id) if event in ("startMessage", "appendText") else self.id
        if event == "appendText":
            self.pieces.append(text(fields.get("text")) or "")
        elif event == "error":
            self.error = first_text(fields.get("errorCode"), fields.get("code")) or "error"
        self.done = self.done or event == "done" or fields.get("type") in (2, 3)
        for update in (*objs(fields.get("arguments")), obj(fields.get("item"))):
            for message in objs(update.get("messages")):
                if role_of(message.get("author")) == "assistant" and not text(message.get("messageType")):
                    self.whole = text(message.get("text")) or self.whole
                    self.id = first_text(message.get("messageId"), self.id)

    def turn(self) -> Turn:
        """The call."""
        plain = self.whole or "".join(self.pieces)
        answered = Answered(id=self.id, output_messages=said("assistant", plain), error=self.error, complete=self.done)
        return Turn(self.asked, answered, self.at_ms)


def converse(wire: Wire) -> tuple[Turn, ...]:
    """Read a socket: a call for each message sent."""
    exchanges: list[_Exchange] = []
    for sent, fields, at_ms in wire.socket:
        message = _sent(fields) if sent else ()
        if message:
            exchanges.append(_Exchange(Asked(model=_mode(fields), stream=True, input_messages=message), at_ms))
        elif exchanges and not sent:
            exchanges[-1].take(fields)
    return tuple(one.turn() for one in exchanges)


def _sent(fields: Fields) -> tuple[Message, ...]:
    if fields.get("event") == "send":
        parts = tuple(Text(content=plain) for one in objs(fields.get("content")) if (plain := text(one.get("text"))))
        return (Message(role="user", parts=parts),) if parts else ()
    messages = (obj(one.get("message")) for one in objs(fields.get("arguments")))
    return said("user", *(text(one.get("text")) for one in messages))


def _mode(fields: Fields) -> str | None:
    options = obj(next(iter(arr(fields.get("arguments"))), None))
    return first_text(fields.get("mode"), options.get("tone"))


DIALECT = Dialect(
    name="copilot.web",
    source="unpublished; observed in public clients",
    ask=ask,
    answer=answer,
    converse=converse,
    extracts=("models", "messages", "ids"),
    binary=True,
    tells_ends=True,
)
