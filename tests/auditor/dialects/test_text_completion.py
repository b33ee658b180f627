# SPDX-License-Identifier: Apache-2.0
"""Prompts that are completed, at all who still do."""

from typing import Any

import pytest

from tests.auditor.dialects.exchanges import OPENAI, exchange, read, sse, texts

COMPLETION = {
    "id": "x",
    "model": "m",
    "choices": [{"index": one, "text": text, "finish_reason": "stop"} for one, text in enumerate("ab")],
}


@pytest.mark.parametrize(
    ("url", "asked", "body", "said", "counts"),
    [
        (
            f"{OPENAI}/completions",
            {"model": "m", "prompt": ["Ebb?", "Flood?"]},
            {**COMPLETION, "usage": {"prompt_tokens": 2, "completion_tokens": 3}},
            [("assistant", ["a"]), ("assistant", ["b"])],
            (2, 3),
        ),
        (
            "https://us-south.ml.cloud.ibm.com/ml/v1/text/generation",
            {"model_id": "m", "input": "Ebb?"},
            {
                "model_id": "m",
                "results": [
                    {
                        "generated_text": "a",
                        "stop_reason": "eos_token",
                        "input_token_count": 2,
                        "generated_token_count": 3,
                    }
                ],
            },
            [("assistant", ["a"])],
            (2, 3),
        ),
        (
            "https://api.aleph-alpha.com/complete",
            {"model": "m", "prompt": [{"type": "text", "data": "Ebb?"}]},
            {
                "model_version": "1",
                "completions": [{"completion": "a", "finish_reason": "maximum_tokens"}],
                "num_tokens_prompt_total": 2,
                "num_tokens_generated": 3,
            },
            [("assistant", ["a"])],
            (2, 3),
        ),
        (
            "https://api-inference.huggingface.co/models/o/m",
            {"inputs": "Ebb?"},
            [{"generated_text": "a", "details": {"generated_tokens": 3, "finish_reason": "eos_token"}}],
            [("assistant", ["a"])],
            (None, 3),
        ),
        (
            "https://api.cohere.ai/v1/generate",
            {"model": "m", "prompt": "Ebb?"},
            {
                "id": "x",
                "generations": [{"text": "a", "finish_reason": "COMPLETE"}],
                "meta": {"billed_units": {"input_tokens": 2, "output_tokens": 3}},
            },
            [("assistant", ["a"])],
            (2, 3),
        ),
        (
            "https://runtime.sagemaker.us-east-1.amazonaws.com/endpoints/m/invocations",
            {"inputs": "Ebb?"},
            [{"generated_text": "a"}],
            [("assistant", ["a"])],
            (None, None),
        ),
    ],
    ids=["openai", "watsonx", "aleph-alpha", "huggingface", "cohere", "sagemaker"],
)
def test_completions(url: str, asked: Any, body: Any, said: Any, counts: Any) -> None:
    reading = read(exchange(url, asked, body))
    assert texts(reading.content) == said
    assert texts(reading.content, "input")[0][1][0] == "Ebb?"
    assert (reading.call.input_tokens, reading.call.output_tokens) == counts
    assert reading.call.operation == "text_completion"
    assert reading.call.request_model in ("m", "o/m")


def test_a_text_generation_stream_without_names() -> None:
    stream = sse(
        {"token": {"text": "Lo", "special": False}},
        {"token": {"text": "w.", "special": False}},
        {
            "token": {"text": "</s>", "special": True},
            "generated_text": "Low.",
            "details": {"finish_reason": "eos_token", "generated_tokens": 3},
        },
    )
    reading = read(exchange("https://api-inference.huggingface.co/models/o/m", {"inputs": "Ebb?"}, stream))
    assert texts(reading.content) == [("assistant", ["Low."])]
    assert (reading.call.output_tokens, reading.call.finish_reasons) == (3, ("eos_token",))
