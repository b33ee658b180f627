# SPDX-License-Identifier: Apache-2.0
"""Pictures, transcripts and speech."""

from typing import Any

import pytest

from auditor.calls import Outcome
from tests.auditor.dialects.exchanges import OPENAI, exchange, form, read, sse, texts


def test_images_come_back_described() -> None:
    body = {
        "data": [{"b64_json": "aGVsbG8=", "revised_prompt": "a small boat"}, {"url": "https://example.org/b.png"}],
        "usage": {"input_tokens": 3, "output_tokens": 4},
    }
    reading = read(exchange(f"{OPENAI}/images/generations", {"prompt": "a boat"}, body))
    assert texts(reading.content) == [
        ("assistant", ["image image/png 5", "a small boat", "Uri https://example.org/b.png"])
    ]
    assert reading.call.output_tokens == 4


def test_an_image_edit_is_a_form() -> None:
    body, headers = form(
        [
            ({"Content-Disposition": 'form-data; name="prompt"'}, b"make it blue"),
            ({"Content-Disposition": 'form-data; name="model"'}, b"gpt-image-1"),
            (
                {"Content-Disposition": 'form-data; name="image"; filename="a.png"', "Content-Type": "image/png"},
                b"hello",
            ),
        ]
    )
    reading = read(exchange(f"{OPENAI}/images/edits", body, {"data": []}, sends=headers))
    assert texts(reading.content, "input") == [("user", ["make it blue", "image image/png 5"])]
    assert reading.call.request_model == "gpt-image-1"


AUDIO, AUDIO_HEADERS = form(
    [
        ({"Content-Disposition": 'form-data; name="model"'}, b"whisper-1"),
        ({"Content-Disposition": 'form-data; name="file"; filename="a.wav"', "Content-Type": "audio/wav"}, b"hello"),
    ]
)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"text": "Ahoy.", "usage": {"input_tokens": 2, "output_tokens": 1}}, "application/json"),
        ("Ahoy.\n", "text/plain; charset=utf-8"),
        (
            sse({"type": "transcript.text.delta", "delta": "Aho"}, {"type": "transcript.text.done", "text": "Ahoy."}),
            "text/event-stream",
        ),
    ],
)
def test_transcripts(answer: Any, kind: str) -> None:
    reading = read(
        exchange(f"{OPENAI}/audio/transcriptions", AUDIO, answer, sends=AUDIO_HEADERS, returns={"content-type": kind})
    )
    assert texts(reading.content, "input") == [("user", ["audio audio/wav 5"])]
    assert texts(reading.content) == [("assistant", ["Ahoy."])]
    assert (reading.call.operation, reading.call.request_model) == ("transcription", "whisper-1")


def test_deepgram_takes_the_audio_itself() -> None:
    body = {"results": {"channels": [{"alternatives": [{"transcript": "Ahoy."}, {"transcript": "A hoy."}]}]}}
    url = "https://api.deepgram.com/v1/listen?model=nova-3"
    reading = read(exchange(url, b"RIFFhello", body, sends={"content-type": "audio/wav"}))
    assert texts(reading.content, "input") == [("user", ["audio audio/wav 9"])]
    assert texts(reading.content) == [("assistant", ["Ahoy."])]
    assert reading.call.request_model == "nova-3"


def test_speech_comes_back_as_bytes() -> None:
    reading = read(
        exchange(
            f"{OPENAI}/audio/speech",
            {"model": "tts", "input": "Ahoy"},
            b"ID3hello",
            returns={"content-type": "audio/mpeg"},
        )
    )
    assert texts(reading.content) == [("assistant", ["audio audio/mpeg 8"])]
    assert reading.call.outcome is Outcome.COMPLETE
