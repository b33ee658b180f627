# SPDX-License-Identifier: Apache-2.0
"""Gemini Live sessions of the Gemini API and Vertex AI: one call for each turn the model completes.

Source: https://ai.google.dev/api/live, https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/multimodal-live
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from auditor.calls import AnyPart, Message, Text, Usage
from auditor.dialects.facts import CONVERSATION, Answered, Asked, Dialect, Turn
from auditor.dialects.gemini_common import contents_of, either, parts_of, tools_of, usage_of
from auditor.dialects.media import blob
from auditor.dialects.resource import answer, ask
from auditor.dialects.values import obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]


class _Session:
    """The state of a session while its messages are read."""

    def __init__(self) -> None:
        self.setup: Fields = {}
        self.turns: list[Turn] = []
        self._reset()

    def _reset(self) -> None:
        self.said: list[Message] = []
        self.heard: list[str] = []
        self.answered: list[AnyPart] = []
        self.spoken: list[str] = []
        self.audio_in, self.audio_out = bytearray(), bytearray()
        self.usage: Usage | None = None
        self.began_ms: float | None = None

    def send(self, fields: Fields, at_ms: float | None) -> None:
        self.began_ms = at_ms if self.began_ms is None else self.began_ms
        setup = obj(fields.get("setup"))
        self.setup = setup or self.setup
        content = obj(either(fields, "clientContent", "client_content"))
        self.said += contents_of(content.get("turns"))
        realtime = obj(either(fields, "realtimeInput", "realtime_input"))
        self.said += contents_of(realtime.get("text"))
        chunks = objs(either(realtime, "mediaChunks", "media_chunks"))
        for chunk in (*chunks, obj(realtime.get("audio")), obj(realtime.get("video"))):
            _append(self.audio_in, chunk.get("data"))
        responses = obj(either(fields, "toolResponse", "tool_response"))
        parts = [
            {"functionResponse": one} for one in objs(either(responses, "functionResponses", "function_responses"))
        ]
        if parts:
            self.said.append(Message(role="tool", parts=parts_of(parts)))

    def receive(self, fields: Fields) -> None:
        usage = either(fields, "usageMetadata", "usage_metadata")
        if usage:
            self._count(usage_of(usage))
        calls = objs(either(obj(either(fields, "toolCall", "tool_call")), "functionCalls", "function_calls"))
        self.answered += parts_of([{"functionCall": one} for one in calls])
        content = obj(either(fields, "serverContent", "server_content"))
        self._hear(obj(either(content, "inputTranscription", "input_transcription")), self.heard)
        self._hear(obj(either(content, "outputTranscription", "output_transcription")), self.spoken)
        for part in objs(obj(either(content, "modelTurn", "model_turn")).get("parts")):
            self._part(part)
        if either(content, "turnComplete", "turn_complete"):
            self.finish(complete=True)

    def finish(self, *, complete: bool) -> None:
        """End the turn."""
        reason = "turn_complete" if complete else None
        transcript, parts = "".join(self.spoken), list(self.answered)
        if transcript:
            parts.insert(0, Text(content=transcript))
        if self.audio_out:
            parts.append(blob(bytes(self.audio_out), "audio/pcm"))
        message = Message(role="assistant", parts=tuple(parts), finish_reason=reason)
        answered = Answered(
            finish_reasons=(reason,) if reason else None,
            usage=self.usage or Usage(),
            output_messages=(message,) if parts else (),
            complete=complete,
        )
        self.turns.append(Turn(self._asked(), answered, self.began_ms))
        self._reset()

    @property
    def pending(self) -> bool:
        """Whether something was said that no turn holds yet."""
        return bool(self.said or self.heard or self.answered or self.spoken or self.audio_in or self.audio_out)

    def _count(self, usage: Usage) -> None:
        """Usage comes with the end of a turn, or in a message right behind it."""
        last = self.turns[-1] if self.turns and not self.pending else None
        if last is not None and last.answered.usage == Usage():
            stated = {name: getattr(last.answered, name) for name in Answered.__struct_fields__}
            self.turns[-1] = last._replace(answered=Answered(**{**stated, "usage": usage}))
        else:
            self.usage = usage

    def _hear(self, transcription: Fields, into: list[str]) -> None:
        plain = text(transcription.get("text"))
        if plain:
            into.append(plain)

    def _part(self, part: Fields) -> None:
        inline = obj(either(part, "inlineData", "inline_data"))
        if (text(either(inline, "mimeType", "mime_type")) or "").startswith("audio/"):
            _append(self.audio_out, inline.get("data"))
        else:
            self.answered += parts_of([part])

    def _asked(self) -> Asked:
        system = either(self.setup, "systemInstruction", "system_instruction")
        heard = "".join(self.heard)
        parts: tuple[AnyPart, ...] = (Text(content=heard),) if heard else ()
        if self.audio_in:
            parts = (blob(bytes(self.audio_in), "audio/pcm"), *parts)
        spoken = (Message(role="user", parts=parts),) if parts else ()
        return Asked(
            model=text(self.setup.get("model")),
            stream=True,
            system_instructions=parts_of(system if isinstance(system, str) else obj(system).get("parts")),
            input_messages=(*spoken, *self.said),
            tool_definitions=tools_of(self.setup.get("tools")),
        )


def _append(audio: bytearray, encoded: Any) -> None:
    try:
        audio += base64.b64decode(text(encoded) or "")
    except (binascii.Error, ValueError):
        return


def converse(wire: Wire) -> tuple[Turn, ...]:
    """Read the turns of a socket."""
    session = _Session()
    for sent, fields, at_ms in wire.socket:
        if sent:
            session.send(fields, at_ms)
        else:
            session.receive(fields)
    if session.pending or not session.turns:
        session.finish(complete=False)
    return tuple(session.turns)


def recognises(body: Any) -> bool:
    """Whether a client's first message on a socket is of this format; its path must say so too."""
    return text(obj(obj(body).get("setup")).get("model")) is not None


DIALECT = Dialect(
    name="gemini.live",
    source="https://ai.google.dev/api/live",
    ask=ask,
    answer=answer,
    converse=converse,
    recognises=recognises,
    extracts=CONVERSATION,
    binary=True,
    tells_ends=True,
)
