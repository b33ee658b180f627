# SPDX-License-Identifier: Apache-2.0
"""What we read equals what the objects of the official OpenAI SDK hold, streaming and not."""

import json
from typing import Any

import httpx2
from openai import AzureOpenAI, OpenAI

from auditor.calls import Reading, Reasoning, Text, ToolCall
from tests.auditor.dialects.exchanges import sse, texts
from tests.auditor.dialects.sdk import EVENT_STREAM, Canned, through

USAGE = {
    "prompt_tokens": 31,
    "completion_tokens": 17,
    "total_tokens": 48,
    "prompt_tokens_details": {"cached_tokens": 8},
    "completion_tokens_details": {"reasoning_tokens": 5},
}
TOOL = {
    "type": "function",
    "function": {"name": "tide", "description": "Tide times", "parameters": {"type": "object", "properties": {}}},
}
MESSAGES: Any = [
    {"role": "developer", "content": "Answer like a harbour master."},
    {"role": "user", "content": [{"type": "text", "text": "When is high tide in Husum?"}]},
]


def _client(http: httpx2.Client) -> OpenAI:
    return OpenAI(api_key="sk-test", http_client=http, max_retries=0)


def _chunk(delta: Any, finish: str | None = None, index: int = 0, usage: Any = None, choices: bool = True) -> Any:
    choice = [{"index": index, "delta": delta, "finish_reason": finish}] if choices else []
    return {
        "id": "chatcmpl-7",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "gpt-4o-2024-08-06",
        "choices": choice,
        "usage": usage,
    }


def _same_chat(completion: Any, reading: Reading) -> None:
    call, content = reading.call, reading.content
    assert (call.response_id, call.response_model) == (completion.id, completion.model)
    assert list(call.finish_reasons or ()) == [one.finish_reason for one in completion.choices]
    assert (call.input_tokens, call.output_tokens) == (
        completion.usage.prompt_tokens,
        completion.usage.completion_tokens,
    )
    for choice, message in zip(completion.choices, content.output_messages, strict=True):
        said = "".join(part.content for part in message.parts if isinstance(part, Text))
        assert said == (choice.message.content or "")
        asked = [part for part in message.parts if isinstance(part, ToolCall)]
        wanted = choice.message.tool_calls or []
        assert [(one.id, one.name, one.arguments) for one in asked] == [
            (one.id, one.function.name, json.loads(one.function.arguments)) for one in wanted
        ]


def test_chat_completion() -> None:
    body = {
        "id": "chatcmpl-7",
        "object": "chat.completion",
        "created": 1,
        "model": "gpt-4o-2024-08-06",
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": "At 14:05.", "refusal": None},
            },
            {
                "index": 1,
                "finish_reason": "length",
                "message": {"role": "assistant", "content": "Two o'clock", "refusal": None},
            },
        ],
        "usage": USAGE,
    }
    completion, reading = through(
        Canned(body), lambda http: _client(http).chat.completions.create(model="gpt-4o", messages=MESSAGES, n=2)
    )
    _same_chat(completion, reading)
    assert reading.call.cache_read_input_tokens == 8
    assert reading.call.reasoning_output_tokens == 5
    assert reading.call.client == "openai-python"
    assert texts(reading.content, "input") == [
        ("system", ["Answer like a harbour master."]),
        ("user", ["When is high tide in Husum?"]),
    ]


def test_chat_stream_with_tools() -> None:
    chunks = [
        _chunk({"role": "assistant", "content": None}),
        _chunk(
            {
                "tool_calls": [
                    {"index": 0, "id": "call_a", "type": "function", "function": {"name": "tide", "arguments": ""}}
                ]
            }
        ),
        _chunk({"tool_calls": [{"index": 0, "function": {"arguments": '{"port": "Hu'}}]}),
        _chunk({"tool_calls": [{"index": 0, "function": {"arguments": 'sum"}'}}]}),
        _chunk(
            {
                "tool_calls": [
                    {
                        "index": 1,
                        "id": "call_b",
                        "type": "function",
                        "function": {"name": "tide", "arguments": '{"port": "Büsum"}'},
                    }
                ]
            }
        ),
        _chunk({}, "tool_calls"),
        _chunk({}, usage=USAGE, choices=False),
    ]
    canned = Canned(sse(*chunks, done=True), EVENT_STREAM)

    def run(http: httpx2.Client) -> Any:
        tools: Any = [TOOL]
        with _client(http).chat.completions.stream(
            model="gpt-4o", messages=MESSAGES, tools=tools, stream_options={"include_usage": True}
        ) as stream:
            return stream.get_final_completion()

    completion, reading = through(canned, run)
    _same_chat(completion, reading)
    assert reading.call.stream is True
    assert reading.call.tool_calls == ("tide", "tide")
    assert [one.name for one in reading.content.tool_definitions] == ["tide"]


RESPONSE = {
    "id": "resp_9",
    "object": "response",
    "created_at": 1,
    "status": "completed",
    "model": "gpt-5-2025-08-07",
    "output": [
        {"id": "rs_1", "type": "reasoning", "summary": [{"type": "summary_text", "text": "Look at the tables."}]},
        {
            "id": "fc_1",
            "type": "function_call",
            "call_id": "call_a",
            "name": "tide",
            "arguments": '{"port": "Husum"}',
            "status": "completed",
        },
        {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": "High tide is at 14:05.", "annotations": []}],
        },
    ],
    "parallel_tool_calls": True,
    "tool_choice": "auto",
    "tools": [],
    "usage": {
        "input_tokens": 40,
        "input_tokens_details": {"cached_tokens": 32, "cache_write_tokens": 0},
        "output_tokens": 30,
        "output_tokens_details": {"reasoning_tokens": 12},
        "total_tokens": 70,
    },
}


def _same_response(response: Any, reading: Reading) -> None:
    call, content = reading.call, reading.content
    assert (call.response_id, call.response_model) == (response.id, response.model)
    assert call.finish_reasons == (response.status,)
    assert (call.input_tokens, call.output_tokens) == (response.usage.input_tokens, response.usage.output_tokens)
    assert call.reasoning_output_tokens == response.usage.output_tokens_details.reasoning_tokens
    (message,) = content.output_messages
    assert "".join(part.content for part in message.parts if isinstance(part, Text)) == response.output_text
    asked = [part for part in message.parts if isinstance(part, ToolCall)]
    wanted = [one for one in response.output if one.type == "function_call"]
    assert [(one.id, one.name, one.arguments) for one in asked] == [
        (one.call_id, one.name, json.loads(one.arguments)) for one in wanted
    ]


def test_response() -> None:
    response, reading = through(
        Canned(RESPONSE), lambda http: _client(http).responses.create(model="gpt-5", input="When is high tide?")
    )
    _same_response(response, reading)
    assert isinstance(reading.content.output_messages[0].parts[0], Reasoning)


def test_response_stream() -> None:
    begun = {**RESPONSE, "status": "in_progress", "output": [], "usage": None}
    item = RESPONSE["output"][2]  # type: ignore[index]
    events = [
        {"type": "response.created", "sequence_number": 0, "response": begun},
        {
            "type": "response.output_item.added",
            "sequence_number": 1,
            "output_index": 0,
            "item": {**item, "content": []},
        },
        {
            "type": "response.content_part.added",
            "sequence_number": 2,
            "output_index": 0,
            "content_index": 0,
            "item_id": "msg_1",
            "part": {"type": "output_text", "text": "", "annotations": []},
        },
        {
            "type": "response.output_text.delta",
            "sequence_number": 3,
            "output_index": 0,
            "content_index": 0,
            "item_id": "msg_1",
            "delta": "High tide is at 14:05.",
            "logprobs": [],
        },
        {"type": "response.completed", "sequence_number": 4, "response": {**RESPONSE, "output": [item]}},
    ]

    def run(http: httpx2.Client) -> Any:
        with _client(http).responses.stream(model="gpt-5", input="When is high tide?") as stream:
            return stream.get_final_response()

    response, reading = through(Canned(sse(*events, named=True), EVENT_STREAM), run)
    _same_response(response, reading)
    assert reading.call.stream is True


def test_azure_names_the_deployment() -> None:
    body = {
        "id": "chatcmpl-8",
        "object": "chat.completion",
        "created": 1,
        "model": "gpt-4o-2024-08-06",
        "usage": USAGE,
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Moin."}}],
    }

    def run(http: httpx2.Client) -> Any:
        client = AzureOpenAI(
            azure_endpoint="https://acme.openai.azure.com", api_key="k", api_version="2024-10-21", http_client=http
        )
        return client.chat.completions.create(model="our-gpt", messages=MESSAGES)

    completion, reading = through(Canned(body), run)
    _same_chat(completion, reading)
    assert (reading.call.provider, reading.call.request_model) == ("azure.ai.openai", "our-gpt")
