# SPDX-License-Identifier: Apache-2.0
"""Operations around conversations, and small deviations of compatible providers."""

from typing import Any

import pytest

from auditor.calls import Outcome
from tests.auditor.dialects.exchanges import ASK, OPENAI, exchange, read, texts


@pytest.mark.parametrize(
    ("url", "asked", "said", "operation"),
    [
        (f"{OPENAI}/embeddings", {"model": "m", "input": ["a", "b"]}, ["a", "b"], "embeddings"),
        (f"{OPENAI}/embeddings", {"model": "m", "input": [[1, 2], [3]]}, [], "embeddings"),
        (f"{OPENAI}/moderations", {"model": "m", "input": [{"type": "text", "text": "a"}]}, ["a"], "moderation"),
        (f"{OPENAI}/vector_stores/vs_1/search", {"query": "a"}, ["a"], "vector_stores"),
        (
            "https://api.cohere.com/v2/embed",
            {"model": "m", "texts": ["a"], "images": ["data:image/png;base64,aGVsbG8="]},
            ["a", "image image/png 5"],
            "embeddings",
        ),
        (
            "https://api.cohere.com/v2/rerank",
            {"model": "m", "query": "q", "documents": ["a", {"text": "b"}]},
            ["q", "a", "b"],
            "rerank",
        ),
        (
            "https://api.voyageai.com/v1/multimodalembeddings",
            {"model": "m", "inputs": [{"content": [{"type": "text", "text": "a"}]}]},
            ["a"],
            "embeddings",
        ),
        ("http://localhost:11434/api/embed", {"model": "m", "input": "a"}, ["a"], "embeddings"),
        (
            "https://api.mistral.ai/v1/ocr",
            {"model": "m", "document": {"type": "document_url", "document_url": "https://example.org/a.pdf"}},
            ["Uri https://example.org/a.pdf"],
            "ocr",
        ),
        (f"{OPENAI}/images/generations", {"model": "m", "prompt": "a boat"}, ["a boat"], "image_generation"),
        (f"{OPENAI}/videos", {"model": "m", "prompt": "a boat"}, ["a boat"], "video_generation"),
        (f"{OPENAI}/audio/speech", {"model": "m", "input": "Ahoy"}, ["Ahoy"], "speech"),
        (
            f"{OPENAI}/conversations/conv_1/items",
            {"items": [{"type": "message", "role": "user", "content": "Ebb?"}]},
            ["Ebb?"],
            "conversations",
        ),
        (
            f"{OPENAI}/traces/ingest",
            {"data": [{"object": "trace.span", "span_data": {"type": "function", "input": "Ebb?"}}]},
            ["Ebb?"],
            "traces_ingest",
        ),
        (
            "https://api.replicate.com/v1/models/o/m/predictions",
            {"input": {"prompt": "Ebb?", "image": "https://example.org/a.png", "seed": 7}},
            ["Ebb?", "Uri https://example.org/a.png"],
            "prediction",
        ),
    ],
)
def test_what_was_sent(url: str, asked: Any, said: list[str], operation: str) -> None:
    reading = read(exchange(url, asked, {"id": "x"}))
    assert [part for _, parts in texts(reading.content, "input") for part in parts] == said
    assert (reading.call.operation, reading.call.outcome) == (operation, Outcome.COMPLETE)


@pytest.mark.parametrize(
    ("url", "asked", "body", "model", "operation"),
    [
        (
            "https://api.cloudflare.com/client/v4/accounts/a/ai/run/@cf/meta/llama",
            {"messages": [ASK]},
            {"result": {"response": "Low."}},
            "@cf/meta/llama",
            "chat",
        ),
        (
            "https://acme.cloud.databricks.com/serving-endpoints/m/invocations",
            {"messages": [ASK]},
            {"choices": [{"message": {"content": "Low."}}]},
            "m",
            "chat",
        ),
        (
            "https://acme.snowflakecomputing.com/api/v2/cortex/inference:complete",
            {"model": "m", "messages": [ASK]},
            {"choices": [{"messages": "Low."}]},
            "m",
            "chat",
        ),
        (
            "http://gpu.corp.example:8080/completion",
            {"prompt": "Ebb?"},
            {"content": "Low.", "tokens_predicted": 2},
            None,
            "text_completion",
        ),
        (
            "https://api.ai21.com/studio/v1/j2-ultra/complete",
            {"prompt": "Ebb?"},
            {"completions": [{"data": {"text": "Low."}}]},
            None,
            "text_completion",
        ),
    ],
)
def test_smaller_deviations(url: str, asked: Any, body: Any, model: str | None, operation: str) -> None:
    reading = read(exchange(url, asked, body))
    assert texts(reading.content, "input") == [("user", ["Ebb?"])]
    assert texts(reading.content) == [("assistant", ["Low."])]
    assert (reading.call.request_model, reading.call.operation) == (model, operation)
