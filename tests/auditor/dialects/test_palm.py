# SPDX-License-Identifier: Apache-2.0
"""PaLM's text, chat and code models, and endpoints of one's own."""

from typing import Any

import pytest

from tests.auditor.dialects.exchanges import exchange, read, texts

VERTEX = "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1"
COUNTS = {"tokenMetadata": {"inputTokenCount": {"totalTokens": 9}, "outputTokenCount": {"totalTokens": 2}}}


def test_a_chat_with_its_context() -> None:
    asked = {
        "instances": [
            {
                "context": "Be brief.",
                "messages": [{"author": "user", "content": "Ebb?"}, {"author": "bot", "content": "When?"}],
            }
        ]
    }
    body = {"predictions": [{"candidates": [{"author": "1", "content": "Low."}]}], "metadata": COUNTS}
    reading = read(exchange(f"{VERTEX}/publishers/google/models/chat-bison@002:predict", asked, body))
    assert [one.content for one in reading.content.system_instructions if hasattr(one, "content")] == ["Be brief."]
    assert texts(reading.content, "input") == [("user", ["Ebb?"]), ("assistant", ["When?"])]
    assert texts(reading.content) == [("assistant", ["Low."])]
    assert (reading.call.request_model, reading.call.input_tokens, reading.call.output_tokens) == (
        "chat-bison@002",
        9,
        2,
    )


@pytest.mark.parametrize(
    ("path", "asked", "answered", "said"),
    [
        ("text-bison@002:predict", {"content": "Ebb?"}, {"content": "Low."}, ["Ebb?"]),
        (
            "code-gecko@002:predict",
            {"prefix": "def a(", "suffix": "): pass"},
            {"content": "Low."},
            ["def a(", "): pass"],
        ),
    ],
)
def test_a_completion(path: str, asked: Any, answered: Any, said: list[str]) -> None:
    url = f"{VERTEX}/publishers/google/models/{path}"
    reading = read(exchange(url, {"instances": [asked]}, {"predictions": [answered]}))
    assert texts(reading.content, "input") == [("user", said)]
    assert texts(reading.content) == [("assistant", ["Low."])]


def test_an_endpoint_of_ones_own_answers_with_plain_texts() -> None:
    url = f"{VERTEX}/endpoints/123:predict"
    reading = read(exchange(url, {"instances": [{"prompt": "Ebb?"}]}, {"predictions": ["Low.", "Very."]}))
    assert texts(reading.content, "input") == [("user", ["Ebb?"])]
    assert texts(reading.content) == [("assistant", ["Low."]), ("assistant", ["Very."])]


def test_generate_text_of_the_first_gemini_api() -> None:
    url = "https://generativelanguage.googleapis.com/v1beta2/models/text-bison-001:generateText"
    reading = read(exchange(url, {"prompt": {"text": "Ebb?"}}, {"candidates": [{"output": "Low."}]}))
    assert texts(reading.content, "input") == [("user", ["Ebb?"])]
    assert texts(reading.content) == [("assistant", ["Low."])]
