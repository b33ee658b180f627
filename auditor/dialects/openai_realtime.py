# SPDX-License-Identifier: Apache-2.0
"""OpenAI realtime sessions, also as Azure, Azure Voice Live and xAI speak them: one call for each response.

What the client said since the last response (texts, audio, tools' results) is the input of the next one. Audio is
described as one blob a response; transcripts are read as text.
Source: https://platform.openai.com/docs/api-reference/realtime-client-events, …/realtime-server-events
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from auditor.calls import AnyPart, Message, Text
from auditor.dialects.facts import CONVERSATION, Answered, Asked, Dialect, Turn
from auditor.dialects.media import blob
from auditor.dialects.openai_common import tool_definitions
from auditor.dialects.openai_items import item_message
from auditor.dialects.openai_responses import ResponseAssembler, answered_of
from auditor.dialects.values import first_text, obj, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]


class _Session:
    """The state of a session while its messages are read."""

    def __init__(self, model: str | None) -> None:
        self.asked_model = model
        self.model: str | None = None
        self.settings: dict[str, Any] = {}
        self.said: list[Message] = []
        self.audio = bytearray()
        self.current: ResponseAssembler | None = None
        self.began_ms: float | None = None
        self.turns: list[Turn] = []

    def send(self, fields: Fields, at_ms: float | None) -> None:
        kind = fields.get("type")
        handle = _SENT.get(kind) if isinstance(kind, str) else None
        if handle:
            handle(self, fields)
        if kind == "response.create":
            self.began_ms = at_ms

    def receive(self, fields: Fields) -> None:
        kind = fields.get("type")
        if kind in ("session.created", "session.updated"):
            self._configure(fields)
            self.model = text(obj(fields.get("session")).get("model")) or self.model
        elif isinstance(kind, str) and kind.endswith("input_audio_transcription.completed"):
            self._hear(text(fields.get("transcript")))
        elif isinstance(kind, str) and kind.startswith("response."):
            self._answer(fields, kind)

    def close(self) -> tuple[Turn, ...]:
        """The calls of the session: what was said after the last response is one more, without an answer."""
        if self.current is not None:
            self._finish(complete=False)
        elif self._pending() or not self.turns:
            self.turns.append(Turn(self._asked(), Answered(model=self.model), self.began_ms))
        return tuple(self.turns)

    def _configure(self, fields: Fields) -> None:
        self.settings.update({key: value for key, value in obj(fields.get("session")).items() if value is not None})

    def _item(self, fields: Fields) -> None:
        message = item_message(obj(fields.get("item")))
        if message is not None:
            self.said.append(message)

    def _append_audio(self, fields: Fields) -> None:
        try:
            self.audio += base64.b64decode(text(fields.get("audio")) or "")
        except (binascii.Error, ValueError):
            return

    def _hear(self, transcript: str | None) -> None:
        if transcript:
            self.said.append(Message(role="user", parts=(Text(content=transcript),)))

    def _create(self, fields: Fields) -> None:
        instructions = text(obj(fields.get("response")).get("instructions"))
        if instructions:
            self.said.append(Message(role="system", parts=(Text(content=instructions),)))

    def _answer(self, fields: Fields, kind: str) -> None:
        self.current = self.current or ResponseAssembler()
        self.current.take(fields)
        if kind == "response.done":
            self._finish(complete=True)

    def _finish(self, *, complete: bool) -> None:
        assert self.current is not None
        answered = answered_of(self.current.result())
        model = answered.model or self.model
        answered = msgspec.structs.replace(answered, model=model, complete=complete)
        self.turns.append(Turn(self._asked(), answered, self.began_ms))
        self.current, self.said, self.audio, self.began_ms = None, [], bytearray(), None

    def _pending(self) -> bool:
        return bool(self.audio) or any(one.role != "assistant" for one in self.said)

    def _asked(self) -> Asked:
        instructions = text(self.settings.get("instructions"))
        heard: tuple[AnyPart, ...] = (blob(bytes(self.audio), None, "audio"),) if self.audio else ()
        spoken = (Message(role="user", parts=heard),) if heard else ()
        return Asked(
            model=self.asked_model,
            stream=True,
            system_instructions=(Text(content=instructions),) if instructions else (),
            input_messages=(*spoken, *self.said),
            tool_definitions=tool_definitions(self.settings.get("tools")),
        )


_SENT: Mapping[str, Callable[[_Session, Fields], None]] = {
    "session.update": _Session._configure,
    "conversation.item.create": _Session._item,
    "input_audio_buffer.append": _Session._append_audio,
    "response.create": _Session._create,
}


def converse(wire: Wire) -> tuple[Turn, ...]:
    """Read the responses of a socket."""
    session = _Session(text(wire.query.get("model")) or text(wire.query.get("deployment")))
    for sent, fields, at_ms in wire.socket:
        if sent:
            session.send(fields, at_ms)
        else:
            session.receive(fields)
    return session.close()


def ask(wire: Wire) -> Asked:
    """Read a request that sets a session up (client secrets, calls)."""
    body = wire.asked
    session = obj(body.get("session")) or body
    instructions = text(session.get("instructions"))
    return Asked(
        model=first_text(session.get("model"), wire.query.get("model")),
        system_instructions=(Text(content=instructions),) if instructions else (),
        tool_definitions=tool_definitions(session.get("tools")),
    )


def answer(body: Any, _wire: Wire) -> Answered:
    """Read the session an answer describes; its secrets are left alone."""
    fields = obj(body)
    session = obj(fields.get("session")) or fields
    return Answered(model=text(session.get("model")), id=text(session.get("id")))


def recognises(body: Any) -> bool:
    """Whether a client's first message on a socket is of this format; its path must say so too."""
    kind = obj(body).get("type")
    return isinstance(kind, str) and (kind in _SENT or kind.startswith(("session.", "input_audio_buffer.")))


DIALECT = Dialect(
    name="openai.realtime",
    source="https://platform.openai.com/docs/api-reference/realtime",
    ask=ask,
    answer=answer,
    converse=converse,
    recognises=recognises,
    extracts=CONVERSATION,
    binary=True,
    tells_ends=True,
)
