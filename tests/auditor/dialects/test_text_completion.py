# SPDX-License-Identifier: Apache-2.0
"""Prompts that are completed, at all who still do."""

from typing import Any

import pytest

from auditor.calls import Outcome
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


def test_numbered_tokens_are_one_text() -> None:
    stream = sse(
        {"index": 1, "token": {"text": "Lo", "special": False}},
        {"index": 2, "token": {"text": "w.", "special": False}, "details": {"finish_reason": "length"}},
    )
    reading = read(exchange("https://api-inference.huggingface.co/models/o/m", {"inputs": "Ebb?"}, stream))
    assert texts(reading.content) == [("assistant", ["Low."])]


def test_writer_streams_values_and_states_no_end() -> None:
    stream = sse({"value": "Lo"}, {"value": "w."})
    reading = read(exchange("https://api.writer.com/v1/completions", {"model": "m", "prompt": "Ebb?"}, stream))
    assert texts(reading.content) == [("assistant", ["Low."])]
    assert reading.call.outcome == Outcome.COMPLETE


@pytest.mark.parametrize(
    ("url", "asked", "body", "sent", "said", "counts"),
    [
        (
            "https://router.huggingface.co/hf-inference/models/o/m",
            {"inputs": {"source_sentence": "Ebb", "sentences": ["Flood", "Tide"]}},
            [0.4, 0.6],
            ["Ebb", "Flood", "Tide"],
            [],
            (None, None),
        ),
        (
            "https://m.eastus.inference.ml.azure.com/score",
            {"input_data": {"input_string": [{"role": "user", "content": "Ebb?"}], "parameters": {"kind": "x"}}},
            {"output": "Low."},
            ["Ebb?"],
            ["Low."],
            (None, None),
        ),
        (
            "https://api.deepinfra.com/v1/inference/o/m",
            {"input": "Ebb?"},
            {"results": [{"generated_text": "Low."}], "num_input_tokens": 2, "num_tokens": 3},
            ["Ebb?"],
            ["Low."],
            (2, 3),
        ),
        (
            "https://api.together.xyz/inference",
            {"model": "o/m", "prompt": "Ebb?"},
            {"status": "finished", "output": {"choices": [{"text": "Low."}]}},
            ["Ebb?"],
            ["Low."],
            (None, None),
        ),
        (
            "http://localhost:8080/completion",
            {"prompt": "Ebb?", "n_predict": 5},
            {"content": "Low.", "stop": True, "tokens_predicted": 3, "tokens_evaluated": 2},
            ["Ebb?"],
            ["Low."],
            (2, 3),
        ),
    ],
    ids=["sentences", "azure-ml", "deepinfra", "together", "llama.cpp"],
)
def test_places_that_texts_and_counts_stand_in(
    url: str, asked: Any, body: Any, sent: list[str], said: list[str], counts: Any
) -> None:
    reading = read(exchange(url, asked, body))
    assert texts(reading.content, "input") == [("user", sent)]
    assert [one for _, content in texts(reading.content) for one in content] == said
    assert (reading.call.input_tokens, reading.call.output_tokens) == counts
