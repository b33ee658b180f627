# SPDX-License-Identifier: Apache-2.0
"""OpenAI live sessions: a voice that talks all the time and leaves the thinking to responses or to decisions.

A session is described in a request, which begins it over WebRTC, or on a socket as its first message. One socket is one
call: the audio and the transcript of each side, what the client has the voice know or say, and what responses said.
Source: https://github.com/openai/openai-python (`types/live`)
"""

from collections.abc import Mapping
from typing import Any

from auditor.calls import Message, Text, ToolResponse
from auditor.dialects.errors import stated_error
from auditor.dialects.facts import Answered, Asked, Dialect
from auditor.dialects.openai_items import item_message, messages_of
from auditor.dialects.openai_responses import answered_of
from auditor.dialects.speech_sockets import Talk
from auditor.dialects.values import obj, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]


def ask(wire: Wire) -> Asked:
    """Read a request: the session it begins, accepts or forks."""
    session = obj(wire.asked.get("session")) or wire.asked
    return Asked(
        model=text(session.get("model")),
        system_instructions=tuple(Text(content=one) for one in _instructions(session)),
        input_messages=messages_of(session.get("input")),
    )


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer: the session that began."""
    fields = obj(body)
    session = obj(fields.get("session")) or fields
    return Answered(
        id=text(session.get("id")),
        model=text(session.get("model")),
        error=stated_error(fields),
    )


def _instructions(session: Fields) -> list[str]:
    """What the voice is told, and what those are told that it delegates to."""
    delegated = obj(obj(session.get("delegation")).get("responses"))
    return [plain for one in (session, delegated) if (plain := text(one.get("instructions")))]


class _Live(Talk):
    """What was said on a session's socket."""

    def take(self, fields: Fields, *, sent: bool) -> None:
        """Take a message of either side."""
        kind, delta = text(fields.get("type")) or "", text(fields.get("delta"))
        if kind in ("session.start", "session.update"):
            self.system += _instructions(obj(fields.get("session")))
            for message in messages_of(obj(fields.get("session")).get("input")):
                self._say(message)
        elif kind == "session.instructions.append":
            self.system += filter(None, (text(fields.get("content")),))
        elif sent and kind.endswith(".append"):  # thinking and commentary: the client's own words for the voice
            self.user.say(text(fields.get("content")))
        elif sent and kind.endswith(".item.create"):
            self._say(item_message(obj(fields.get("item"))))
        elif kind == "session.input_transcript.delta":
            self.user.go_on(delta)
        elif kind == "session.output_transcript.delta":
            self.provider.go_on(delta)
        elif kind == "response.event" and obj(fields.get("event")).get("type") == "response.completed":
            for message in answered_of(obj(obj(fields["event"]).get("response"))).output_messages:
                self._say(message)

    def _say(self, message: Message | None) -> None:
        side = self.provider if message and message.role == "assistant" else self.user
        for part in message.parts if message else ():
            said = part.content if isinstance(part, Text) else part.response if isinstance(part, ToolResponse) else None
            side.say(said if isinstance(said, str) else None)


DIALECT = Dialect(
    name="openai.live",
    source="https://github.com/openai/openai-python/tree/main/src/openai/types/live",
    ask=ask,
    answer=answer,
    converse=_Live.converse,
    extracts=("models", "messages", "audio", "ids"),
    binary=True,
)
