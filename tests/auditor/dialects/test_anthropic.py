# SPDX-License-Identifier: Apache-2.0
"""Anthropic messages: blocks, counts, other surfaces; batches, counts and the browser."""

from typing import Any

import pytest

from auditor.calls import Outcome
from tests.auditor.dialects.exchanges import exchange, read, sse, texts

URL = "https://api.anthropic.com/v1/messages"
ASKED: dict[str, Any] = {"model": "claude-opus-4-8", "max_tokens": 9, "messages": [{"role": "user", "content": "Ebb?"}]}


def answer(*content: Any, stop: str = "end_turn", **usage: Any) -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-opus-4-8",
        "content": list(content),
        "stop_reason": stop,
        "usage": usage or {"input_tokens": 1, "output_tokens": 2},
    }


def test_blocks_of_a_request() -> None:
    content = [
        {"type": "text", "text": "Look:"},
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGVsbG8="}},
        {"type": "image", "source": {"type": "url", "url": "https://example.org/a.png"}},
        {"type": "document", "title": "n.txt", "source": {"type": "text", "media_type": "text/plain", "data": "notes"}},
        {"type": "document", "source": {"type": "file", "file_id": "file_1"}},
        {"type": "search_result", "content": [{"type": "text", "text": "found"}]},
        {"type": "of_tomorrow", "text": "still read"},
    ]
    asked = {**ASKED, "messages": [{"role": "user", "content": content}]}
    reading = read(exchange(URL, asked, answer({"type": "text", "text": "Low."})))
    assert texts(reading.content, "input") == [
        (
            "user",
            [
                "Look:",
                "image image/png 5",
                "Uri https://example.org/a.png",
                "document text/plain 5",
                "notes",
                "FileRef file_1",
                "found",
                "still read",
            ],
        )
    ]


def test_blocks_of_an_answer() -> None:
    reading = read(
        exchange(
            URL,
            ASKED,
            answer(
                {"type": "thinking", "thinking": "Moon."},
                {"type": "redacted_thinking", "data": "xx"},
                {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {"query": "tide"}},
                {
                    "type": "web_search_tool_result",
                    "tool_use_id": "s",
                    "content": [{"type": "web_search_result", "title": "T"}],
                },
                {"type": "text", "text": "High tide, "},
                {"type": "text", "text": "at two", "citations": []},
                {"type": "text", "text": "."},
                {"type": "tool_use", "id": "t", "name": "tide", "input": {"a": 1}},
                stop="tool_use",
            ),
        )
    )
    assert texts(reading.content) == [
        (
            "assistant",
            [
                "Reasoning: Moon.",
                'ran web_search({"query": "tide"}) #s',
                "result [{'type': 'web_search_result', 'title': 'T'}] #s",
                "High tide, at two.",
                'call tide({"a": 1}) #t',
            ],
        )
    ]
    assert reading.call.tool_calls == ("tide",)


@pytest.mark.parametrize(
    ("usage", "counts"),
    [
        ({"input_tokens": 3, "output_tokens": 4}, (3, 4, None, None)),
        (
            {"input_tokens": 3, "cache_read_input_tokens": 10, "cache_creation_input_tokens": 5, "output_tokens": 4},
            (18, 4, 10, 5),
        ),
        (
            {
                "input_tokens": 0,
                "output_tokens": 0,
                "iterations": [{"input_tokens": 70, "output_tokens": 5}, {"input_tokens": 30, "output_tokens": 1}],
            },
            (100, 6, None, None),
        ),
    ],
)
def test_counts(usage: Any, counts: Any) -> None:
    call = read(exchange(URL, ASKED, answer(**usage))).call
    stated = (call.input_tokens, call.output_tokens, call.cache_read_input_tokens, call.cache_creation_input_tokens)
    assert stated == counts


def test_an_error_in_a_stream() -> None:
    stream = sse(
        {"type": "message_start", "message": answer()},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Lo"}},
        {"type": "error", "error": {"type": "overloaded_error", "message": "secret"}},
        named=True,
    )
    reading = read(exchange(URL, ASKED, stream))
    assert (reading.call.outcome, reading.call.error) == (Outcome.ERROR, "overloaded_error")
    assert texts(reading.content) == [("assistant", ["Lo"])]


def test_claude_on_vertex_is_named_by_the_path() -> None:
    url = (
        "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5/publishers/anthropic"
        "/models/claude-opus-4-8:streamRawPredict"
    )
    asked = {**ASKED, "anthropic_version": "vertex-2023-10-16", "model": None}
    call = read(exchange(url, asked, answer({"type": "text", "text": "Low."}))).call
    assert (call.provider, call.operation, call.request_model) == ("gcp.vertex_ai", "chat", "claude-opus-4-8")


def test_counting_tokens_answers_nothing_but_says_what_was_sent() -> None:
    reading = read(exchange(f"{URL}/count_tokens", ASKED, {"input_tokens": 14}))
    assert (reading.call.operation, reading.call.input_tokens) == ("count_tokens", None)
    assert texts(reading.content, "input") == [("user", ["Ebb?"])]


def test_a_batch_says_what_its_requests_say() -> None:
    rows = [{"custom_id": str(one), "params": {**ASKED, "system": "Be brief."}} for one in range(2)]
    reading = read(exchange(f"{URL}/batches", {"requests": rows}, {"id": "msgbatch_1", "type": "message_batch"}))
    assert (reading.call.operation, reading.call.response_id) == ("batch", "msgbatch_1")
    assert texts(reading.content, "input") == [("system", ["Be brief."]), ("user", ["Ebb?"])] * 2


def test_the_older_completion() -> None:
    stream = sse(
        {"type": "completion", "completion": " Lo"},
        {"type": "completion", "completion": "w", "stop_reason": "stop_sequence", "model": "claude-2.1"},
    )
    asked = {"model": "claude-2.1", "prompt": "\n\nHuman: Ebb?\n\nAssistant:", "stream": True}
    reading = read(exchange("https://api.anthropic.com/v1/complete", asked, stream))
    assert texts(reading.content) == [("assistant", [" Low"])]
    assert (reading.call.operation, reading.call.finish_reasons) == ("text_completion", ("stop_sequence",))


def test_claude_in_the_browser() -> None:
    stream = sse(
        {
            "type": "message_start",
            "message": {
                "id": "chatcompl_1",
                "type": "message",
                "role": "assistant",
                "model": "claude-opus-4-8",
                "content": [],
            },
        },
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Low."}},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}},
        {"type": "message_stop"},
        named=True,
    )
    asked = {"prompt": "Ebb?", "attachments": [{"file_name": "a.txt", "extracted_content": "notes"}], "files": ["f-1"]}
    url = "https://claude.ai/api/organizations/o/chat_conversations/c/completion"
    reading = read(exchange(url, asked, stream))
    assert texts(reading.content, "input") == [("user", ["notes", "Ebb?", "FileRef f-1"])]
    assert texts(reading.content) == [("assistant", ["Low."])]
    assert (reading.call.provider, reading.call.operation) == ("anthropic", "chat")


def test_the_model_that_answered_is_the_last_one_fallen_back_to() -> None:
    fallback = {"type": "fallback", "from": {"model": "claude-a"}, "to": {"model": "claude-b"}}
    body = sse(
        {"type": "message_start", "message": {"id": "m", "model": "claude-a", "content": [], "usage": {}}},
        {"type": "content_block_start", "index": 0, "content_block": fallback},
        {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": "Ebb."}},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 2}},
        {"type": "message_stop"},
        named=True,
    )
    call = read(exchange("https://api.anthropic.com/v1/messages", {"model": "claude-a", "messages": []}, body)).call
    assert (call.request_model, call.response_model) == ("claude-a", "claude-b")
