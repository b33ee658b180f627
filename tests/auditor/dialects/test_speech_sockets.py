# SPDX-License-Identifier: Apache-2.0
"""Sockets that transcribe, speak or converse: one call each, with the audio and the words of both sides."""

import base64
from typing import Any

import msgspec
import pytest

from auditor.calls import Exchange, Frame
from tests.auditor.dialects.exchanges import read, socket, texts

SOUND = base64.b64encode(b"sound").decode()


def heard(one: Exchange) -> Exchange:
    """The conversation with binary audio in front of it."""
    return msgspec.structs.replace(one, frames=(Frame(direction="sent", data=b"sound"), *one.frames))


def final(plain: str, *, is_final: bool = True) -> dict[str, Any]:
    return {"type": "Results", "is_final": is_final, "channel": {"alternatives": [{"transcript": plain}]}}


def turn(plain: str, number: int, *, formatted: bool, ends: bool = True) -> dict[str, Any]:
    return {
        "type": "Turn",
        "turn_order": number,
        "end_of_turn": ends,
        "turn_is_formatted": formatted,
        "transcript": plain,
    }


TRANSCRIBED: list[tuple[str, list[Any], str | None]] = [
    (
        "wss://api.deepgram.com/v1/listen?model=nova-3",
        [final("e", is_final=False), final("Ebb"), final("at noon"), {"type": "Metadata", "request_id": "r"}],
        "nova-3",
    ),
    (
        "wss://streaming.assemblyai.com/v3/ws?speech_model=u3",
        [
            turn("eb", 0, formatted=False, ends=False),
            turn("ebb", 0, formatted=False),
            turn("Ebb", 0, formatted=True),
            turn("at noon", 1, formatted=False),
            {"type": "Termination"},
        ],
        "u3",
    ),
    (
        "wss://api.elevenlabs.io/v1/speech-to-text/realtime?model_id=scribe",
        [
            {"message_type": "partial_transcript", "text": "e"},
            {"message_type": "committed_transcript", "text": "Ebb"},
            {"message_type": "committed_transcript", "text": "at noon"},
        ],
        "scribe",
    ),
    (
        "wss://api.mistral.ai/v1/audio/transcriptions/realtime?model=voxtral",
        [
            {"type": "transcription.text.delta", "text": "Ebb"},
            {"type": "transcription.text.delta", "text": "\nat noon"},
            {"type": "transcription.done", "usage": {"prompt_tokens": 7, "completion_tokens": 3}},
        ],
        "voxtral",
    ),
]


@pytest.mark.parametrize(("url", "received", "model"), TRANSCRIBED)
def test_only_what_is_final_counts(url: str, received: list[Any], model: str | None) -> None:
    reading = read(heard(socket(url, [("<", one) for one in received])))
    assert texts(reading.content, "input") == [("user", ["audio None 5"])]
    assert texts(reading.content) == [("assistant", ["Ebb\nat noon"])]
    assert (reading.call.operation, reading.call.request_model) == ("transcription", model)


def test_the_usage_at_the_end_of_a_transcript() -> None:
    url, received, _ = TRANSCRIBED[-1]
    call = read(socket(url, [("<", one) for one in received])).call
    assert (call.input_tokens, call.output_tokens) == (7, 3)


@pytest.mark.parametrize(
    ("url", "messages"),
    [
        (
            "wss://api.elevenlabs.io/v1/text-to-speech/v/stream-input?model_id=flash",
            [(">", {"text": "Ahoy "}), (">", {"text": "there"}), ("<", {"audio": SOUND, "isFinal": None})],
        ),
        (
            "wss://api.deepgram.com/v1/speak?model=flash",
            [(">", {"type": "Speak", "text": "Ahoy there"}), ("<", {"type": "audio", "data": SOUND})],
        ),
        (
            "wss://api.mistral.ai/v1/audio/speech/realtime?model=flash",
            [
                (">", {"type": "input_text.append", "text": "Ahoy there"}),
                ("<", {"type": "speech.audio.delta", "audio": SOUND}),
                ("<", {"type": "speech.audio.done"}),
            ],
        ),
    ],
)
def test_text_that_is_spoken(url: str, messages: list[tuple[str, Any]]) -> None:
    reading = read(socket(url, messages))
    assert texts(reading.content, "input") == [("user", ["Ahoy there"])]
    assert texts(reading.content) == [("assistant", ["audio None 5"])]
    assert (reading.call.operation, reading.call.request_model) == ("speech", "flash")


def test_voice_agents() -> None:
    settings = {"type": "Settings", "agent": {"think": {"provider": {"model": "m"}, "prompt": "Be brief."}}}
    deepgram = read(
        socket(
            "wss://agent.deepgram.com/v1/agent/converse",
            [
                (">", settings),
                ("<", {"type": "ConversationText", "role": "user", "content": "Ebb?"}),
                ("<", {"type": "ConversationText", "role": "assistant", "content": "Low."}),
            ],
        )
    )
    elevenlabs = read(
        socket(
            "wss://api.elevenlabs.io/v1/convai/conversation?agent_id=a",
            [
                (">", {"conversation_config_override": {"agent": {"prompt": {"prompt": "Be brief."}}}}),
                ("<", {"type": "user_transcript", "user_transcription_event": {"user_transcript": "Ebb?"}}),
                ("<", {"type": "agent_response", "agent_response_event": {"agent_response": "Low."}}),
                ("<", {"type": "ping", "ping_event": {"event_id": 1}}),
            ],
        )
    )
    assert deepgram.call.request_model == "m"
    for reading in (deepgram, elevenlabs):
        assert len(reading.content.system_instructions) == 1
        assert texts(reading.content, "input") == [("user", ["Ebb?"])]
        assert texts(reading.content) == [("assistant", ["Low."])]
        assert reading.call.operation == "realtime"
