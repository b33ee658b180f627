# SPDX-License-Identifier: Apache-2.0
"""What a search finds is read, by whatever name it is listed."""

from typing import Any

import pytest

from tests.auditor.dialects.exchanges import exchange, read, texts

VERTEX = "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1"


@pytest.mark.parametrize(
    ("url", "asked", "answered"),
    [
        (
            "https://api.openai.com/v1/vector_stores/vs_1/search",
            {"query": "Ebb?"},
            {
                "data": [
                    {"file_id": "f", "content": [{"type": "text", "text": "Low"}, {"type": "text", "text": "noon"}]}
                ]
            },
        ),
        (
            "https://api.perplexity.ai/search",
            {"query": "Ebb?"},
            {"id": "s", "results": [{"title": "T", "snippet": "Low"}, {"title": "U", "snippet": "noon"}]},
        ),
        (
            f"{VERTEX}:retrieveContexts",
            {"query": {"text": "Ebb?"}},
            {"contexts": {"contexts": [{"text": "Low"}, {"text": "noon"}]}},
        ),
        (
            "https://generativelanguage.googleapis.com/v1beta/corpora/c:query",
            {"query": "Ebb?"},
            {"relevantChunks": [{"chunk": {"data": {"stringValue": "-"}, "text": one}} for one in ("Low", "noon")]},
        ),
    ],
)
def test_passages_that_were_found(url: str, asked: Any, answered: Any) -> None:
    reading = read(exchange(url, asked, answered))
    assert texts(reading.content, "input") == [("user", ["Ebb?"])]
    assert texts(reading.content) == [("assistant", ["result Low #None", "result noon #None"])]


def test_a_store_says_nothing() -> None:
    reading = read(exchange("https://api.openai.com/v1/vector_stores", {"name": "a"}, {"id": "vs_1", "name": "a"}))
    assert reading.call.response_id == "vs_1"
    assert reading.content.output_messages == ()
