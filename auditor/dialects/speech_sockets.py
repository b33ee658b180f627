# SPDX-License-Identifier: Apache-2.0
"""Speech over sockets: Deepgram, AssemblyAI, ElevenLabs, Mistral and xAI transcribe or speak while the client talks.

Audio goes as binary messages or as base64 in JSON, texts in fields whose names differ. One socket is one call: the
audio of each side is one blob, pieces of text are joined, and of a transcript only what is final counts.
Sources: https://developers.deepgram.com/reference/speech-to-text/listen-streaming, …/voice-agent/voice-agent,
https://www.assemblyai.com/docs/streaming/message-sequence,
https://elevenlabs.io/docs/api-reference/speech-to-text/v-1-speech-to-text-realtime,
https://docs.mistral.ai/studio/audio/text-to-speech/speak-in-realtime
"""

import base64
import binascii
import contextlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from auditor.calls import AnyPart, Message
from auditor.dialects import audio
from auditor.dialects.facts import Answered, Asked, Turn, texts
from auditor.dialects.media import blob
from auditor.dialects.openai_common import openai_usage
from auditor.dialects.values import first_text, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]

_AUDIO_FIELDS = ("audio", "audio_base_64", "audio_base64", "user_audio_chunk", "data", "delta")
_CLOSING = frozenset({"Metadata", "Termination", "transcription.done", "transcript.done", "speech.audio.done"})


class _Side:
    """What one side sent: audio run together, texts in their order."""

    def __init__(self) -> None:
        self.audio = bytearray()
        self._texts: dict[Any, str] = {}

    def say(self, plain: str | None, place: Any = None) -> None:
        """Take a text; one for the same place takes the place of the text before."""
        if plain:
            self._texts[len(self._texts) if place is None else place] = plain

    def go_on(self, piece: str | None) -> None:
        """Take the next piece of one long text."""
        self.say((self._texts.get("running") or "") + (piece or ""), "running")

    def hear(self, fields: Fields) -> None:
        """Take the audio a message carries in base64."""
        event = obj(fields.get("audio_event")) or fields
        encoded = first_text(*(event.get(name) for name in _AUDIO_FIELDS))
        if encoded and "audio" in str(fields.get("type", "audio")):
            with contextlib.suppress(binascii.Error, ValueError):
                self.audio += base64.b64decode(encoded, validate=True)

    def message(self, role: str) -> tuple[Message, ...]:
        """All of it as one message; none where nothing was said."""
        heard: tuple[AnyPart, ...] = (blob(bytes(self.audio), None, "audio"),) if self.audio else ()
        parts = (*heard, *texts(["\n".join(self._texts.values())]))
        return (Message(role=role, parts=parts),) if parts else ()


class Talk(ABC):
    """A socket's conversation while its messages are read; what a service calls its texts is for its subclass."""

    def __init__(self) -> None:
        self.user, self.provider = _Side(), _Side()
        self.system: list[str] = []
        self.model: str | None = None
        self.closing: Fields = {}

    @abstractmethod
    def take(self, fields: Fields, *, sent: bool) -> None:
        """Take one JSON message."""

    @classmethod
    def converse(cls, wire: Wire) -> tuple[Turn, ...]:
        """Read a socket as one call."""
        talk = cls()
        for frame in wire.exchange.frames:
            (talk.user if frame.direction == "sent" else talk.provider).audio += frame.data or b""
        for sent, fields, _ in wire.socket:
            (talk.user if sent else talk.provider).hear(fields)
            if sent:
                talk.model = first_text(talk.model, obj(fields.get("session")).get("model"), fields.get("model"))
            elif fields.get("type") in _CLOSING:
                talk.closing = fields
            talk.take(fields, sent=sent)
        return (talk._turn(wire),)

    def _turn(self, wire: Wire) -> Turn:
        named = first_text(*(wire.query.get(name) for name in ("model", "model_id", "speech_model")))
        asked = Asked(
            model=named or self.model,
            stream=True,
            system_instructions=texts(self.system),
            input_messages=self.user.message("user"),
        )
        answered = Answered(
            id=first_text(self.closing.get("request_id"), self.closing.get("id")),
            usage=openai_usage(self.closing.get("usage")),
            output_messages=self.provider.message("assistant"),
        )
        return Turn(asked, answered)


class _Listening(Talk):
    """Audio in, a transcript out."""

    def take(self, fields: Fields, *, sent: bool) -> None:
        """Take what is final in a transcript."""
        if sent:
            return
        kind = first_text(fields.get("type"), fields.get("message_type")) or ""
        alternatives = objs(obj(fields.get("channel")).get("alternatives"))
        if kind in ("transcription.text.delta", "transcript.text.delta"):
            self.provider.go_on(first_text(fields.get("text"), fields.get("delta")))
        elif kind == "Turn" and fields.get("end_of_turn"):  # said again in its written form, where that was asked for
            self.provider.say(text(fields.get("transcript")), ("turn", str(fields.get("turn_order"))))
        elif kind == "TurnInfo" and fields.get("event") == "EndOfTurn":
            self.provider.say(text(fields.get("transcript")))
        elif kind in ("committed_transcript", "FinalTranscript"):
            self.provider.say(text(fields.get("text")))
        elif alternatives and fields.get("is_final") is not False:
            self.provider.say(text(alternatives[0].get("transcript")))


class _Speaking(Talk):
    """Text in, audio out."""

    def take(self, fields: Fields, *, sent: bool) -> None:
        """Take the next piece of the text."""
        if sent:
            self.user.go_on(first_text(fields.get("text"), fields.get("delta")))


class _VoiceAgent(Talk):
    """A conversation with a voice agent: what each said, as the provider wrote it down."""

    def take(self, fields: Fields, *, sent: bool) -> None:
        """Take the instructions, or what was said."""
        think = obj(obj(fields.get("agent")).get("think"))
        if sent:
            self.model = first_text(self.model, obj(think.get("provider")).get("model"))
            override = obj(obj(obj(fields.get("conversation_config_override")).get("agent")).get("prompt"))
            self.system += filter(None, (text(think.get("prompt")), text(override.get("prompt"))))
            self.user.say(first_text(fields.get("content"), fields.get("message")) if _injects(fields) else None)
        elif fields.get("type") == "ConversationText":
            side = self.user if fields.get("role") == "user" else self.provider
            side.say(text(fields.get("content")))
        else:
            self.user.say(text(obj(fields.get("user_transcription_event")).get("user_transcript")))
            self.provider.say(text(obj(fields.get("agent_response_event")).get("agent_response")))


def _injects(fields: Fields) -> bool:
    return str(fields.get("type")).startswith("Inject")


LISTEN = audio.TRANSCRIPTION._replace(
    name="transcription.socket",
    source="https://developers.deepgram.com/reference/speech-to-text/listen-streaming",
    assemble=None,
    recognises=None,
    converse=_Listening.converse,
)
SPEAK = LISTEN._replace(
    name="speech.socket",
    source="https://elevenlabs.io/docs/api-reference/text-to-speech/v-1-text-to-speech-voice-id-stream-input",
    converse=_Speaking.converse,
    extracts=("models", "text", "audio"),
)
AGENT = LISTEN._replace(
    name="voice_agent.socket",
    source="https://developers.deepgram.com/reference/voice-agent/voice-agent",
    converse=_VoiceAgent.converse,
    extracts=("models", "messages", "audio"),
)
