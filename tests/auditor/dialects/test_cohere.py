# SPDX-License-Identifier: Apache-2.0
"""Cohere's chat, in both versions."""

from typing import Any

from auditor.calls import Outcome
from tests.auditor.dialects.exchanges import ASK, exchange, ndjson, read, sse, texts


def test_cohere_chat() -> None:
    asked = {
        "model": "command-a",
        "messages": [ASK],
        "documents": ["notes", {"data": {"title": "T", "id": "1"}}],
        "tools": [{"type": "function", "function": {"name": "tide"}}],
    }
    body = {
        "id": "c",
        "finish_reason": "TOOL_CALL",
        "message": {
            "role": "assistant",
            "tool_plan": "Look.",
            "tool_calls": [{"id": "t", "type": "function", "function": {"name": "tide", "arguments": '{"a": 1}'}}],
        },
        "usage": {
            "billed_units": {"input_tokens": 3, "output_tokens": 4},
            "tokens": {"input_tokens": 30, "output_tokens": 40},
        },
    }
    reading = read(exchange("https://api.cohere.com/v2/chat", asked, body))
    assert texts(reading.content, "input") == [("user", ["notes", "T"]), ("user", ["Ebb?"])]
    assert texts(reading.content) == [("assistant", ["Reasoning: Look.", 'call tide({"a": 1}) #t'])]
    assert (reading.call.input_tokens, reading.call.output_tokens, reading.call.response_id) == (30, 40, "c")


def test_cohere_chat_stream() -> None:
    def part(kind: str, index: int, message: Any) -> dict[str, Any]:
        return {"type": kind, "index": index, "delta": {"message": message}}

    stream = sse(
        {"type": "message-start", "id": "c", "delta": {"message": {"role": "assistant"}}},
        part("content-start", 0, {"content": {"type": "text", "text": ""}}),
        part("content-delta", 0, {"content": {"text": "Lo"}}),
        part("content-delta", 0, {"content": {"text": "w."}}),
        part("tool-call-start", 0, {"tool_calls": {"id": "t", "function": {"name": "tide", "arguments": ""}}}),
        part("tool-call-delta", 0, {"tool_calls": {"function": {"arguments": '{"a": 1}'}}}),
        {
            "type": "message-end",
            "delta": {"finish_reason": "TOOL_CALL", "usage": {"billed_units": {"input_tokens": 3}}},
        },
        named=True,
    )
    reading = read(exchange("https://api.cohere.com/v2/chat", {"model": "command-a", "messages": [ASK]}, stream))
    assert texts(reading.content) == [("assistant", ["Low.", 'call tide({"a": 1}) #t'])]
    assert (reading.call.outcome, reading.call.input_tokens) == (Outcome.COMPLETE, 3)


def test_cohere_chat_v1() -> None:
    asked = {
        "message": "Ebb?",
        "preamble": "Be brief.",
        "chat_history": [{"role": "USER", "message": "Hi"}, {"role": "CHATBOT", "message": "Hello"}],
    }
    stream = ndjson(
        {"event_type": "stream-start", "generation_id": "g"},
        {"event_type": "text-generation", "text": "Lo"},
        {
            "event_type": "stream-end",
            "finish_reason": "COMPLETE",
            "response": {
                "response_id": "r",
                "text": "Low.",
                "meta": {"tokens": {"input_tokens": 5, "output_tokens": 1}},
            },
        },
    )
    reading = read(
        exchange("https://api.cohere.com/v1/chat", asked, stream, returns={"content-type": "application/stream+json"})
    )
    assert texts(reading.content, "input") == [("user", ["Hi"]), ("assistant", ["Hello"]), ("user", ["Ebb?"])]
    assert texts(reading.content) == [("assistant", ["Low."])]
    assert (reading.call.response_id, reading.call.input_tokens, reading.call.stream) == ("r", 5, True)
