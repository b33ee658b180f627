# SPDX-License-Identifier: Apache-2.0
"""Ollama's own formats."""

import pytest

from auditor.calls import Outcome
from tests.auditor.dialects.exchanges import ASK, exchange, ndjson, read, texts


@pytest.mark.parametrize("header", [{"content-type": "application/x-ndjson"}, {}])
def test_ollama_chat(header: dict[str, str]) -> None:
    asked = {
        "model": "qwen3",
        "messages": [{**ASK, "images": ["aGVsbG8="]}, {"role": "tool", "tool_name": "tide", "content": "low"}],
    }
    stream = ndjson(
        {"model": "qwen3", "message": {"role": "assistant", "content": "", "thinking": "Moon."}, "done": False},
        {"model": "qwen3", "message": {"role": "assistant", "content": "Low."}, "done": False},
        {
            "model": "qwen3",
            "message": {
                "role": "assistant",
                "content": "",
                "tool_calls": [{"function": {"name": "tide", "arguments": {"a": 1}}}],
            },
            "done": False,
        },
        {"model": "qwen3", "done": True, "done_reason": "stop", "prompt_eval_count": 5, "eval_count": 6},
    )
    reading = read(exchange("http://127.0.0.1:11434/api/chat", asked, stream, returns=header))
    assert texts(reading.content, "input") == [("user", ["Ebb?", "image None 5"]), ("tool", ["result low #tide"])]
    assert texts(reading.content) == [("assistant", ["Reasoning: Moon.", "Low.", 'call tide({"a": 1}) #None'])]
    call = reading.call
    assert (call.provider, call.input_tokens, call.output_tokens, call.outcome) == ("ollama", 5, 6, Outcome.COMPLETE)


def test_ollama_generate() -> None:
    asked = {"model": "qwen3", "prompt": "Ebb?", "system": "Be brief.", "stream": False}
    body = {
        "model": "qwen3",
        "response": "Low.",
        "done": True,
        "done_reason": "stop",
        "prompt_eval_count": 5,
        "eval_count": 6,
    }
    reading = read(exchange("http://127.0.0.1:11434/api/generate", asked, body))
    assert texts(reading.content) == [("assistant", ["Low."])]
    assert (reading.call.operation, reading.call.stream) == ("text_completion", False)
