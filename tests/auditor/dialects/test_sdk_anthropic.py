# SPDX-License-Identifier: Apache-2.0
"""What we read equals what the objects of the official Anthropic SDK hold, streaming and not."""

from typing import Any

import httpx2
from anthropic import Anthropic

from auditor.calls import Reading, Reasoning, Text, ToolCall
from tests.auditor.dialects.exchanges import sse, texts
from tests.auditor.dialects.sdk import EVENT_STREAM, Canned, through

MESSAGES: Any = [
    {"role": "user", "content": "Weather at the lighthouse?"},
    {
        "role": "assistant",
        "content": [{"type": "tool_use", "id": "toolu_1", "name": "wind", "input": {"at": "Westerhever"}}],
    },
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "7 Bft"}]},
]
TOOL: Any = {"name": "wind", "description": "Wind speed", "input_schema": {"type": "object", "properties": {}}}
BODY = {
    "id": "msg_5",
    "type": "message",
    "role": "assistant",
    "model": "claude-opus-4-8",
    "content": [
        {"type": "thinking", "thinking": "Seven is a near gale.", "signature": "c2ln"},
        {"type": "text", "text": "A near gale.", "citations": None},
        {"type": "tool_use", "id": "toolu_2", "name": "wind", "input": {"at": "Husum"}},
    ],
    "stop_reason": "tool_use",
    "stop_sequence": None,
    "usage": {"input_tokens": 20, "cache_creation_input_tokens": 4, "cache_read_input_tokens": 6, "output_tokens": 33},
}


def _ask(http: httpx2.Client) -> Any:
    return {
        "model": "claude-opus-4-8",
        "max_tokens": 64,
        "system": "Be brief.",
        "messages": MESSAGES,
        "tools": [TOOL],
    }


def _client(http: httpx2.Client) -> Anthropic:
    return Anthropic(api_key="sk-ant-test", http_client=http, max_retries=0)


def _same(message: Any, reading: Reading) -> None:
    call = reading.call
    assert (call.response_id, call.response_model) == (message.id, message.model)
    assert call.finish_reasons == (message.stop_reason,)
    usage = message.usage
    assert call.input_tokens == usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens
    assert call.output_tokens == usage.output_tokens
    (said,) = reading.content.output_messages
    kinds = {"thinking": Reasoning, "text": Text, "tool_use": ToolCall}
    assert [type(part) for part in said.parts] == [kinds[block.type] for block in message.content]
    for part, block in zip(said.parts, message.content, strict=True):
        if isinstance(part, ToolCall):
            assert (part.id, part.name, part.arguments) == (block.id, block.name, block.input)
        elif isinstance(part, Text):
            assert part.content == block.text
        elif isinstance(part, Reasoning):
            assert part.content == block.thinking


def test_message() -> None:
    message, reading = through(Canned(BODY), lambda http: _client(http).messages.create(**_ask(http)))
    _same(message, reading)
    assert texts(reading.content, "input") == [
        ("user", ["Weather at the lighthouse?"]),
        ("assistant", ['call wind({"at": "Westerhever"}) #toolu_1']),
        ("tool", ["result 7 Bft #toolu_1"]),
    ]
    assert [part.content for part in reading.content.system_instructions if isinstance(part, Text)] == ["Be brief."]
    assert reading.call.client == "anthropic-python"
    assert reading.call.cost_usd is not None


def test_message_stream() -> None:
    blocks: Any = BODY["content"]
    start = {**BODY, "content": [], "stop_reason": None, "usage": {**BODY["usage"], "output_tokens": 1}}  # type: ignore[dict-item]
    events: list[Any] = [
        {"type": "message_start", "message": start},
        {"type": "ping"},
        {"type": "content_block_start", "index": 0, "content_block": {**blocks[0], "thinking": "", "signature": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "Seven is "}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "a near gale."}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "c2ln"}},
        {"type": "content_block_stop", "index": 0},
        {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "A near "}},
        {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "gale."}},
        {"type": "content_block_stop", "index": 1},
        {"type": "content_block_start", "index": 2, "content_block": {**blocks[2], "input": {}}},
        {
            "type": "content_block_delta",
            "index": 2,
            "delta": {"type": "input_json_delta", "partial_json": '{"at": "Hu'},
        },
        {"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": 'sum"}'}},
        {"type": "content_block_stop", "index": 2},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "tool_use", "stop_sequence": None},
            "usage": {"output_tokens": 33},
        },
        {"type": "message_stop"},
    ]

    def run(http: httpx2.Client) -> Any:
        with _client(http).messages.stream(**_ask(http)) as stream:
            return stream.get_final_message()

    message, reading = through(Canned(sse(*events, named=True), EVENT_STREAM), run)
    _same(message, reading)
    assert reading.call.stream is True
    assert reading.call.tool_calls == ("wind",)
