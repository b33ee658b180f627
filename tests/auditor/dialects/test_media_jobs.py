# SPDX-License-Identifier: Apache-2.0
"""Services that make pictures, films and sound as jobs: what was asked for, from what, and what came of it."""

from typing import Any

import pytest

from auditor.calls import Blob, Outcome, Reading, Text, Uri
from tests.auditor.dialects.exchanges import exchange, read

PROMPT = "Two boats at dusk"
PIXELS = "iVBORw0KGgo" * 12


def given(reading: Reading) -> list[str]:
    """The kinds of what was sent, a text as it is."""
    assert reading.content is not None
    parts = reading.content.input_messages[0].parts
    return [part.content if isinstance(part, Text) else type(part).__name__ for part in parts]


@pytest.mark.parametrize(
    ("url", "body", "provider", "operation", "model", "sent"),
    [
        ("queue.fal.run/fal-ai/flux/dev", {"prompt": PROMPT, "image_size": "square_hd"},
         "fal", "image_generation", "fal-ai/flux/dev", [PROMPT]),
        ("fal.run/acme/wan/image-to-video", {"prompt": PROMPT, "image_url": "https://site.example/a.png"},
         "fal", "video_generation", "acme/wan/image-to-video", [PROMPT, "Uri"]),
        ("fal.run/fal-ai/whisper", {"audio_url": "https://site.example/a.mp3", "task": "transcribe"},
         "fal", "transcription", "fal-ai/whisper", ["Uri"]),
        ("fal.run/fal-ai/kokoro", {"prompt": PROMPT}, "fal", "speech", "fal-ai/kokoro", [PROMPT]),
        ("api.bfl.ai/v1/flux-kontext-pro", {"prompt": PROMPT, "input_image": PIXELS},
         "black_forest_labs", "image_generation", "flux-kontext-pro", [PROMPT, "Blob"]),
        ("api.ideogram.ai/generate", {"image_request": {"prompt": PROMPT, "model": "V_2"}},
         "ideogram", "image_generation", None, [PROMPT]),
        ("api.lumalabs.ai/dream-machine/v1/generations",
         {"prompt": PROMPT, "model": "ray-2", "keyframes": {"frame0": {"type": "image", "url": "https://a.example/b"}}},
         "luma_ai", "video_generation", "ray-2", [PROMPT, "Uri"]),
        ("api.dev.runwayml.com/v1/image_to_video",
         {"model": "gen4", "promptText": PROMPT, "promptImage": f"data:image/png;base64,{PIXELS}"},
         "runway", "video_generation", "gen4", [PROMPT, "Blob"]),
        ("api.dev.runwayml.com/v1/text_to_image", {"model": "gen4_image", "promptText": PROMPT},
         "runway", "image_generation", "gen4_image", [PROMPT]),
        ("cloud.leonardo.ai/api/rest/v1/generations", {"prompt": PROMPT, "modelId": "m1"},
         "leonardo_ai", "image_generation", "m1", [PROMPT]),
        ("api.klingai.com/v1/videos/text2video", {"model_name": "kling-v2", "prompt": PROMPT},
         "kling_ai", "video_generation", "kling-v2", [PROMPT]),
        ("firefly-api.adobe.io/v3/images/generate-async", {"prompt": PROMPT},
         "adobe_firefly", "image_generation", None, [PROMPT]),
        ("api.heygen.com/v2/video/generate", {"video_inputs": [{"voice": {"type": "text", "input_text": PROMPT}}]},
         "heygen", "video_generation", None, [PROMPT]),
        ("api.cartesia.ai/tts/sse", {"model_id": "sonic-2", "transcript": PROMPT},
         "cartesia", "speech", "sonic-2", [PROMPT]),
        ("router.huggingface.co/fal-ai/fal-ai/whisper", {"audio_url": f"data:audio/flac;base64,{PIXELS}"},
         "huggingface", "transcription", "fal-ai/whisper", ["Blob"]),
        ("router.huggingface.co/black-forest-labs/flux-dev", {"prompt": PROMPT},
         "huggingface", "image_generation", "flux-dev", [PROMPT]),
        ("router.huggingface.co/hyperbolic/v1/image/generation", {"model_name": "SDXL", "prompt": PROMPT},
         "huggingface", "image_generation", "SDXL", [PROMPT]),
    ],
)  # fmt: skip
def test_what_is_to_be_made_and_from_what(
    url: str, body: Any, provider: str, operation: str, model: str | None, sent: list[str]
) -> None:
    reading = read(exchange(f"https://{url}", body, {"id": "j1", "polling_url": "https://api.example/jobs/j1"}))
    call = reading.call
    assert (call.provider, call.operation, call.outcome) == (provider, operation, Outcome.COMPLETE)
    assert (call.request_model, call.response_id) == (model, "j1")
    assert sorted(given(reading)) == sorted(sent)
    assert reading.content.output_messages == ()  # the address of the job is nothing that was made


@pytest.mark.parametrize(
    ("url", "body", "made"),
    [
        ("queue.fal.run/fal-ai/flux/requests/r1", {"images": [{"url": "https://a.example/x.png"}], "prompt": PROMPT},
         Uri(uri="https://a.example/x.png", modality="image")),
        ("api.eu1.bfl.ai/v1/get_result?id=j1", {"id": "j1", "status": "Ready", "result": {"sample": "https://a.example/x"}},
         Uri(uri="https://a.example/x", modality="image")),
        ("api.dev.runwayml.com/v1/tasks/j1", {"id": "j1", "status": "SUCCEEDED", "output": ["https://a.example/x.mp4"]},
         Uri(uri="https://a.example/x.mp4", modality="video")),
        ("api.lumalabs.ai/dream-machine/v1/generations/j1",
         {"id": "j1", "assets": {"video": "https://a.example/x"}, "request": {"image_url": "https://a.example/given"}},
         Uri(uri="https://a.example/x", modality="video")),
        ("queue.fal.run/fal-ai/whisper/requests/r1", {"text": "Ebb.", "chunks": []}, Text(content="Ebb.")),
    ],
)  # fmt: skip
def test_what_was_made(url: str, body: Any, made: Any) -> None:
    reading = read(exchange(f"https://{url}", "", body, method="GET"))
    assert reading.call.outcome is Outcome.COMPLETE
    assert reading.content.output_messages[0].parts == (made,)


def test_a_job_that_was_refused() -> None:
    body = {"id": "j1", "status": "Content Moderated", "result": None}
    reading = read(exchange("https://api.bfl.ai/v1/get_result?id=j1", "", body, method="GET"))
    assert (reading.call.outcome, reading.call.error) == (Outcome.ERROR, "Content Moderated")


def test_sound_comes_back_as_it_is() -> None:
    asked = {"model_id": "sonic-2", "transcript": PROMPT}
    reading = read(exchange("https://api.cartesia.ai/tts/bytes", asked, "RIFF", returns={"content-type": "audio/wav"}))
    (part,) = reading.content.output_messages[0].parts
    assert isinstance(part, Blob)
    assert (part.modality, part.size) == ("audio", 4)


def test_texts_under_names_nobody_knows_are_searched_all_the_same() -> None:
    reading = read(exchange("https://fal.run/acme/tool", {"wish": "a quiet harbour"}, {"request_id": "r1"}))
    assert given(reading) == ["a quiet harbour"]
