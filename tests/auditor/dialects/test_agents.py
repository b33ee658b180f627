# SPDX-License-Identifier: Apache-2.0
"""Assistants, runs, predictions and conversations that a provider keeps; ChatGPT in the browser."""

import json
from typing import Any

from auditor.calls import Outcome
from tests.auditor.dialects.exchanges import ASK, OPENAI, exchange, read, sse, texts


def test_a_run_streamed() -> None:
    run = {
        "id": "run_1",
        "object": "thread.run",
        "model": "gpt-4o",
        "status": "completed",
        "usage": {"prompt_tokens": 3, "completion_tokens": 4},
    }
    events: list[tuple[str, Any]] = [
        ("thread.run.created", {**run, "status": "queued", "usage": None}),
        (
            "thread.message.delta",
            {"id": "msg_1", "delta": {"content": [{"index": 0, "type": "text", "text": {"value": "Lo"}}]}},
        ),
        (
            "thread.message.delta",
            {"id": "msg_1", "delta": {"content": [{"index": 0, "type": "text", "text": {"value": "w."}}]}},
        ),
        ("thread.run.completed", run),
    ]
    stream = (
        "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in events)
        + "event: done\ndata: [DONE]\n\n"
    )
    asked = {"assistant_id": "asst_1", "additional_messages": [ASK], "stream": True}
    reading = read(exchange(f"{OPENAI}/threads/thread_1/runs", asked, stream))
    assert texts(reading.content, "input") == [("user", ["Ebb?"])]
    assert texts(reading.content) == [("assistant", ["Low."])]
    assert (reading.call.operation, reading.call.finish_reasons, reading.call.input_tokens) == (
        "invoke_agent",
        ("completed",),
        3,
    )


def test_an_assistant_is_created() -> None:
    asked = {"model": "gpt-4o", "instructions": "Be brief.", "tools": [{"type": "code_interpreter"}]}
    call = read(
        exchange(f"{OPENAI}/assistants", asked, {"id": "asst_1", "object": "assistant", "model": "gpt-4o"})
    ).call
    assert (call.operation, call.response_id) == ("create_agent", "asst_1")


def test_a_prediction_polled_and_streamed() -> None:
    body = {
        "id": "p",
        "model": "o/m",
        "status": "succeeded",
        "output": ["Lo", "w."],
        "metrics": {"input_token_count": 3, "output_token_count": 4},
    }
    polled = read(exchange("https://api.replicate.com/v1/predictions/p", b"", body, method="GET"))
    assert texts(polled.content) == [("assistant", ["Low."])]
    assert (polled.call.input_tokens, polled.call.finish_reasons) == (3, ("succeeded",))
    stream = b"event: output\ndata: Lo\n\nevent: output\ndata: w.\n\nevent: done\ndata: {}\n\n"
    streamed = read(exchange("https://stream.replicate.com/v1/streams/abc", b"", stream, method="GET"))
    assert texts(streamed.content) == [("assistant", ["Low."])]


def test_mistral_conversations() -> None:
    asked = {"agent_id": "ag_1", "inputs": [{"role": "user", "content": "Ebb?"}], "stream": True}
    stream = sse(
        {"type": "conversation.response.started", "conversation_id": "conv_1"},
        {"type": "message.output.delta", "output_index": 0, "content": "Lo", "model": "m"},
        {"type": "message.output.delta", "output_index": 0, "content": {"type": "text", "text": "w."}},
        {"type": "tool.execution.started", "output_index": 2, "id": "w", "name": "web_search", "arguments": '{"q": 1}'},
        {"type": "function.call.delta", "output_index": 1, "name": "tide", "tool_call_id": "t", "arguments": "{}"},
        {"type": "conversation.response.done", "usage": {"prompt_tokens": 3, "completion_tokens": 4}},
    )
    reading = read(exchange("https://api.mistral.ai/v1/conversations", asked, stream))
    assert texts(reading.content, "input") == [("user", ["Ebb?"])]
    assert texts(reading.content) == [
        ("assistant", ["Low.", "call tide({}) #t", 'ran web_search({"arguments": {"q": 1}}) #w'])
    ]
    assert (reading.call.response_id, reading.call.input_tokens, reading.call.outcome) == (
        "conv_1",
        3,
        Outcome.COMPLETE,
    )


def test_chatgpt_in_the_browser() -> None:
    asked = {
        "action": "next",
        "model": "auto",
        "messages": [{"author": {"role": "user"}, "content": {"content_type": "text", "parts": ["Ebb?"]}}],
    }
    message = {
        "id": "m1",
        "author": {"role": "assistant"},
        "content": {"content_type": "text", "parts": [""]},
        "metadata": {"resolved_model_slug": "gpt-5"},
    }
    stream = b'event: delta_encoding\ndata: "v1"\n\n' + sse(
        {"p": "", "o": "add", "v": {"message": message}, "c": 0},
        {"p": "/message/content/parts/0", "o": "append", "v": "Lo"},
        {"v": "w"},
        {
            "p": "",
            "o": "patch",
            "v": [
                {"p": "/message/content/parts/0", "o": "append", "v": "."},
                {"p": "/message/metadata", "o": "append", "v": {"finish_details": {"type": "stop"}}},
            ],
        },
        done=True,
    )
    reading = read(exchange("https://chatgpt.com/backend-api/f/conversation", asked, stream))
    assert texts(reading.content, "input") == [("user", ["Ebb?"])]
    assert texts(reading.content) == [("assistant", ["Low."])]
    call = reading.call
    assert (call.provider, call.response_model, call.outcome) == ("openai", "gpt-5", Outcome.COMPLETE)
