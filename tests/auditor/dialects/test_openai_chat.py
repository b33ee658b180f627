# SPDX-License-Identifier: Apache-2.0
"""Chat completions: the deviations of providers that speak it, and what goes wrong on the way."""

from typing import Any

import msgspec
import pytest

from auditor.calls import Outcome
from tests.auditor.dialects.exchanges import exchange, read, sse, texts

OPENAI = "https://api.openai.com/v1/chat/completions"
EVENTS = {"content-type": "text/event-stream"}
ASKED = {"model": "m", "messages": [{"role": "user", "content": "Ebb?"}]}


def answer(message: Any, finish: str | None = "stop", **more: Any) -> dict[str, Any]:
    return {"id": "c", "model": "m-1", "choices": [{"index": 0, "message": message, "finish_reason": finish}], **more}


def chunk(delta: Any, finish: str | None = None, **more: Any) -> dict[str, Any]:
    return {"id": "c", "model": "m-1", "choices": [{"delta": delta, "finish_reason": finish, **more}]}


def said(one: Any) -> list[str]:
    ((_, parts),) = texts(read(one).content)
    return parts


def test_parts_of_a_request() -> None:
    content = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,aGVsbG8="}},
        {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}},
        {"type": "input_audio", "input_audio": {"data": "aGVsbG8=", "format": "mp3"}},
        {"type": "file", "file": {"file_data": "data:application/pdf;base64,aGVsbG8=", "filename": "a.pdf"}},
        {"type": "file", "file": {"file_id": "file-1"}},
        {"type": "of-tomorrow", "text": "still a text"},
    ]
    messages = [
        {"role": "user", "content": content},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "t", "type": "function", "function": {"name": "f", "arguments": "{broken"}}],
        },
        {
            "role": "tool",
            "tool_call_id": "t",
            "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}],
        },
    ]
    reading = read(exchange(OPENAI, {"model": "m", "messages": messages}, answer({"content": "A tide."})))
    assert texts(reading.content, "input") == [
        (
            "user",
            [
                "What is this?",
                "image image/png 5",
                "Uri https://example.org/a.png",
                "audio audio/mp3 5",
                "document application/pdf 5",
                "FileRef file-1",
                "still a text",
            ],
        ),
        ("assistant", ['call f("{broken") #t']),
        ("tool", ["result a\nb #t"]),
    ]


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ({"content": "Low.", "reasoning_content": "Moon."}, ["Reasoning: Moon.", "Low."]),
        ({"content": "Low.", "reasoning": "Moon."}, ["Reasoning: Moon.", "Low."]),
        (
            {
                "content": [
                    {"type": "thinking", "thinking": [{"type": "text", "text": "Moon."}]},
                    {"type": "text", "text": "Low."},
                ]
            },
            ["Reasoning: Moon.", "Low."],
        ),
        ({"content": None, "refusal": "I cannot."}, ["Refusal: I cannot."]),
        ({"content": None, "audio": {"data": "aGVsbG8=", "transcript": "Low."}}, ["Low.", "audio None 5"]),
        ({"content": None, "function_call": {"name": "f", "arguments": '{"a": 1}'}}, ['call f({"a": 1}) #None']),
        (
            {"content": "Low.", "executed_tools": [{"type": "search", "arguments": '{"q": 1}'}]},
            ["Low.", 'ran search({"q": 1}) #None'],
        ),
        (
            {"content": "Low.", "executed_tools": [{"type": "search", "arguments": "{}", "output": "Ebb at four"}]},
            ["Low.", "ran search({}) #None", "result Ebb at four #None"],
        ),
        (
            {"content": "", "images": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,aGVsbG8="}}]},
            ["image image/png 5"],
        ),
    ],
)
def test_deviations_of_an_answer(message: Any, parts: list[str]) -> None:
    assert said(exchange(OPENAI, ASKED, answer(message))) == parts


def test_a_tool_the_provider_ran_is_stated_twice_in_a_stream() -> None:
    ran = {"index": 0, "type": "search", "arguments": "{}"}
    stream = sse(chunk({"executed_tools": [ran]}), chunk({"executed_tools": [{**ran, "output": "Ebb at four"}]}))
    assert said(exchange(OPENAI, ASKED, stream)) == ["ran search({}) #None", "result Ebb at four #None"]


def test_a_stream_with_everything_cut_up() -> None:
    stream = sse(
        chunk({"role": "assistant", "reasoning": "Mo"}),
        chunk({"reasoning": "on."}),
        chunk({"content": "Lo"}),
        chunk({"content": "w."}),
        chunk({"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": '{"x"'}}]}),
        chunk({"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": ": 1}"}}]}),
        chunk({"tool_calls": [{"id": "b", "function": {"name": "g", "arguments": "{}"}}]}),
        chunk({}, "tool_calls"),
        {"choices": [], "usage": {"prompt_tokens": 4, "completion_tokens": 9}},
        done=True,
    )
    reading = read(exchange(OPENAI, {**ASKED, "stream": True}, stream, returns=EVENTS))
    ((_, parts),) = texts(reading.content)
    assert parts == ["Reasoning: Moon.", "Low.", 'call f({"x": 1}) #a', "call g({}) #b"]
    call = reading.call
    assert (call.input_tokens, call.output_tokens, call.tool_calls) == (4, 9, ("f", "g"))
    assert (call.outcome, call.stream, call.ttft_ms) == (Outcome.COMPLETE, True, 120.0)


def test_a_new_call_at_an_old_index_is_a_new_call() -> None:
    calls = [{"index": 0, "id": one, "function": {"name": "f", "arguments": f'{{"n": "{one}"}}'}} for one in "ab"]
    stream = sse(*(chunk({"tool_calls": [one]}) for one in calls), chunk({}, "tool_calls"))
    assert said(exchange(OPENAI, ASKED, stream)) == ['call f({"n": "a"}) #a', 'call f({"n": "b"}) #b']


def test_a_cut_stream_is_interrupted_and_keeps_its_words() -> None:
    whole = sse(chunk({"content": "Lo"}), chunk({"content": "w."}), chunk({}, "stop"), done=True)
    cut = exchange(OPENAI, ASKED, whole[: whole.index(b"w.") + 1], returns=EVENTS)
    reading = read(cut)
    assert reading.call.outcome is Outcome.INTERRUPTED
    assert texts(reading.content) == [("assistant", ["Lo"])]
    aborted = msgspec.structs.replace(cut, interrupted="client")
    assert read(aborted).call.outcome is Outcome.INTERRUPTED


def test_an_error_inside_an_answer_is_an_error() -> None:
    body = {"error": {"code": 502, "message": "Upstream said: secret prompt"}, "choices": []}
    call = read(exchange("https://openrouter.ai/api/v1/chat/completions", ASKED, body)).call
    assert (call.provider, call.outcome, call.error) == ("openrouter", Outcome.ERROR, "502")


def test_an_error_in_a_stream_is_an_error() -> None:
    stream = b'event: error\ndata: {"error": {"type": "server_error", "message": "secret"}}\n\n'
    call = read(exchange("https://api.groq.com/openai/v1/chat/completions", ASKED, stream, returns=EVENTS)).call
    assert (call.outcome, call.error) == (Outcome.ERROR, "server_error")


def test_a_refused_request_keeps_what_was_asked() -> None:
    body = {"error": {"type": "invalid_request_error", "code": "invalid_api_key", "message": "Incorrect key sk-abc"}}
    reading = read(exchange(OPENAI, ASKED, body, status=401))
    assert (reading.call.outcome, reading.call.status) == (Outcome.ERROR, 401)
    assert reading.call.error == "invalid_request_error/invalid_api_key"
    assert texts(reading.content, "input") == [("user", ["Ebb?"])]


@pytest.mark.parametrize(
    ("usage", "counts"),
    [
        ({"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}, (5, 7, None, None)),
        (
            {
                "prompt_tokens": 5,
                "completion_tokens": 7,
                "total_tokens": 32,
                "completion_tokens_details": {"reasoning_tokens": 20},
            },
            (5, 27, None, 20),
        ),
        ({"prompt_tokens": 5, "completion_tokens": 7, "prompt_cache_hit_tokens": 3}, (5, 7, 3, None)),
        ({"prompt_tokens": 5, "completion_tokens": 7, "num_cached_tokens": 2}, (5, 7, 2, None)),
        ({"prompt_tokens": -5, "completion_tokens": "x", "total_tokens": True}, (None, None, None, None)),
        (None, (None, None, None, None)),
    ],
)
def test_counts(usage: Any, counts: tuple[int | None, ...]) -> None:
    call = read(exchange(OPENAI, ASKED, answer({"content": "x"}, usage=usage))).call
    stated = (call.input_tokens, call.output_tokens, call.cache_read_input_tokens, call.reasoning_output_tokens)
    assert stated == counts


def test_groq_states_usage_apart() -> None:
    stream = sse({**chunk({"content": "x"}, "stop"), "x_groq": {"usage": {"prompt_tokens": 1, "completion_tokens": 2}}})
    call = read(exchange("https://api.groq.com/openai/v1/chat/completions", ASKED, stream)).call
    assert (call.input_tokens, call.output_tokens) == (1, 2)


def test_an_empty_finish_reason_is_none() -> None:
    call = read(exchange(OPENAI, ASKED, answer({"content": "x"}, ""))).call
    assert call.finish_reasons is None
