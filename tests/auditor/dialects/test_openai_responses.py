# SPDX-License-Identifier: Apache-2.0
"""Responses: items of every kind, streams without a full ending, sockets with several responses."""

from typing import Any

import msgspec
import pytest

from auditor.calls import Outcome
from auditor.dialects import parse
from tests.auditor.dialects.exchanges import PROVIDERS, exchange, read, socket, sse, texts

URL = "https://api.openai.com/v1/responses"
MESSAGE = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Low."}]}


def response(*output: Any, status: str = "completed", **more: Any) -> dict[str, Any]:
    return {"id": "resp_1", "object": "response", "model": "gpt-5", "status": status, "output": list(output), **more}


def test_items_of_a_request() -> None:
    items = [
        {"role": "user", "content": "Ebb?"},
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Moon."}]},
        {"type": "function_call", "call_id": "c", "name": "tide", "arguments": '{"a": 1}'},
        {"type": "function_call_output", "call_id": "c", "output": "low"},
        {"type": "custom_tool_call", "call_id": "d", "name": "patch", "input": "*** Begin"},
        {
            "type": "message",
            "role": "user",
            "content": [
                {"type": "input_text", "text": "And this?"},
                {"type": "input_image", "image_url": "data:image/png;base64,aGVsbG8="},
                {"type": "input_file", "file_id": "file-1"},
            ],
        },
        {"type": "item_reference", "id": "msg_0"},
    ]
    reading = read(exchange(URL, {"model": "gpt-5", "instructions": "Be brief.", "input": items}, response(MESSAGE)))
    assert texts(reading.content, "input") == [
        ("user", ["Ebb?"]),
        ("assistant", ["Reasoning: Moon.", 'call tide({"a": 1}) #c']),
        ("tool", ["result low #c"]),
        ("assistant", ['call patch("*** Begin") #d']),
        ("user", ["And this?", "image image/png 5", "FileRef file-1"]),
    ]
    assert len(reading.content.system_instructions) == 1


@pytest.mark.parametrize(
    ("item", "parts"),
    [
        (
            {"type": "web_search_call", "id": "w", "status": "completed", "action": {"query": "tide"}},
            ['ran web_search({"action": {"query": "tide"}}) #w'],
        ),
        (
            {"type": "code_interpreter_call", "id": "i", "code": "1+1", "outputs": [{"type": "logs", "logs": "2"}]},
            ['ran code_interpreter({"code": "1+1"}) #i', "result 2 #i"],
        ),
        (
            {"type": "mcp_call", "id": "m", "name": "look", "arguments": "{}", "output": "seen"},
            ["ran look({}) #m", "result seen #m"],
        ),
        (
            {"type": "image_generation_call", "id": "g", "result": "aGVsbG8="},
            ["ran image_generation(null) #g", "image image/png 5"],
        ),
        (
            {"type": "message", "role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]},
            ["Refusal: No."],
        ),
    ],
)
def test_items_of_an_answer(item: Any, parts: list[str]) -> None:
    reading = read(exchange(URL, {"model": "gpt-5", "input": "x"}, response(item)))
    assert texts(reading.content) == [("assistant", parts)]
    assert not reading.call.tool_calls


def test_a_stream_whose_end_is_empty_keeps_its_items() -> None:
    stream = sse(
        {"type": "response.created", "response": response(status="in_progress")},
        {"type": "response.output_item.added", "output_index": 0, "item": {"type": "reasoning", "summary": []}},
        {"type": "response.reasoning_summary_text.delta", "output_index": 0, "summary_index": 0, "delta": "Mo"},
        {"type": "response.reasoning_summary_text.delta", "output_index": 0, "summary_index": 0, "delta": "on."},
        {"type": "response.output_item.done", "output_index": 1, "item": MESSAGE},
        {"type": "response.completed", "response": response(usage={"input_tokens": 3, "output_tokens": 4})},
        named=True,
    )
    reading = read(
        exchange("https://chatgpt.com/backend-api/codex/responses", {"model": "gpt-5", "input": "x"}, stream)
    )
    assert texts(reading.content) == [("assistant", ["Reasoning: Moon.", "Low."])]
    assert (reading.call.provider, reading.call.input_tokens, reading.call.outcome) == ("openai", 3, Outcome.COMPLETE)


def test_a_cut_stream_keeps_its_words() -> None:
    stream = sse(
        {"type": "response.created", "response": response(status="in_progress")},
        {"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": "Lo"},
        {"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": "w"},
        {
            "type": "response.output_item.added",
            "output_index": 1,
            "item": {"type": "function_call", "call_id": "c", "name": "f"},
        },
        {"type": "response.function_call_arguments.delta", "output_index": 1, "delta": '{"a": 1}'},
    )
    reading = read(exchange(URL, {"model": "gpt-5", "input": "x"}, stream))
    assert texts(reading.content) == [("assistant", ["Low", 'call f({"a": 1}) #c'])]
    assert reading.call.outcome is Outcome.INTERRUPTED


def test_a_failed_response_is_an_error() -> None:
    failed = response(status="failed", error={"code": "server_error", "message": "secret"})
    call = read(exchange(URL, {"model": "gpt-5", "input": "x"}, failed)).call
    assert (call.outcome, call.error, call.finish_reasons) == (Outcome.ERROR, "server_error", ("failed",))


def test_a_socket_carries_several_responses() -> None:
    def ends(number: int, said: str) -> dict[str, Any]:
        item = {**MESSAGE, "content": [{"type": "output_text", "text": said}]}
        whole = {**response(item, usage={"input_tokens": number, "output_tokens": 1}), "id": f"resp_{number}"}
        return {"type": "response.completed", "response": whole}

    exchanged = socket(
        "wss://api.openai.com/v1/responses",
        [
            (">", {"type": "response.create", "model": "gpt-5", "input": "warm", "generate": False}),
            ("<", {"type": "response.completed", "response": response(usage={"input_tokens": 9, "output_tokens": 9})}),
            (">", {"type": "response.create", "model": "gpt-5", "input": "one"}),
            ("<", {"type": "response.created", "response": response(status="in_progress")}),
            ("<", ends(1, "uno")),
            (">", {"type": "response.create", "model": "gpt-5", "input": "two"}),
            ("<", ends(2, "due")),
            (">", {"type": "response.create", "model": "gpt-5", "input": "three"}),
            ("<", {"type": "response.output_text.delta", "delta": "tr"}),
        ],
    )
    readings = parse(exchanged, PROVIDERS)
    assert [one.call.id for one in readings] == ["x1", "x1.1", "x1.2", "x1.3"]
    assert [texts(one.content, "input")[0][1] for one in readings] == [["warm"], ["one"], ["two"], ["three"]]
    assert [texts(one.content) for one in readings] == [
        [],
        [("assistant", ["uno"])],
        [("assistant", ["due"])],
        [("assistant", ["tr"])],
    ]
    assert [one.call.input_tokens for one in readings] == [None, 1, 2, None]
    assert readings[3].call.outcome is Outcome.INTERRUPTED
    assert readings[1].call.time > exchanged.time
    broken = parse(msgspec.structs.replace(exchanged, interrupted="client"), PROVIDERS)
    assert [one.call.outcome for one in broken] == [*[Outcome.COMPLETE] * 3, Outcome.INTERRUPTED]


def test_multiplexed_responses_stay_apart() -> None:
    def create(stream: str) -> dict[str, Any]:
        return {"type": "response.create", "stream_id": stream, "model": "gpt-5", "input": stream}

    def delta(stream: str, text: str) -> dict[str, Any]:
        return {"type": "response.output_text.delta", "stream_id": stream, "delta": text}

    done = [("<", {"type": "response.completed", "stream_id": one, "response": response()}) for one in "ab"]
    messages = [(">", create("a")), (">", create("b")), ("<", delta("b", "B")), ("<", delta("a", "A")), *done]
    readings = parse(socket("wss://api.openai.com/v1/responses", messages), PROVIDERS)
    assert [texts(one.content) for one in readings] == [[("assistant", ["A"])], [("assistant", ["B"])]]


def test_realtime_gives_a_call_a_response() -> None:
    def done(*output: Any) -> dict[str, Any]:
        usage = {"input_tokens": 5, "output_tokens": 6, "input_token_details": {"cached_tokens": 2}}
        return {
            "type": "response.done",
            "response": {"id": "r", "status": "completed", "output": list(output), "usage": usage},
        }

    spoken = {"type": "message", "role": "assistant", "content": [{"type": "output_audio", "transcript": "Low."}]}
    exchanged = socket(
        "wss://api.openai.com/v1/realtime?model=gpt-realtime",
        [
            ("<", {"type": "session.created", "session": {"model": "gpt-realtime-2025", "instructions": "Be brief."}}),
            (">", {"type": "session.update", "session": {"tools": [{"type": "function", "name": "tide"}]}}),
            (">", {"type": "input_audio_buffer.append", "audio": "aGVs"}),
            (">", {"type": "input_audio_buffer.append", "audio": "bG8="}),
            ("<", {"type": "conversation.item.input_audio_transcription.completed", "transcript": "Ebb?"}),
            ("<", done({"type": "function_call", "name": "tide", "call_id": "c", "arguments": "{}"})),
            (
                ">",
                {
                    "type": "conversation.item.create",
                    "item": {"type": "function_call_output", "call_id": "c", "output": "low"},
                },
            ),
            (">", {"type": "response.create"}),
            ("<", done(spoken)),
        ],
    )
    first, second = parse(exchanged, PROVIDERS)
    assert texts(first.content, "input") == [("user", ["audio None 5"]), ("user", ["Ebb?"])]
    assert texts(second.content, "input") == [("tool", ["result low #c"])]
    assert texts(second.content) == [("assistant", ["Low."])]
    assert first.call.tool_calls == ("tide",)
    assert (first.call.request_model, first.call.response_model) == ("gpt-realtime", "gpt-realtime-2025")
    assert (second.call.operation, second.call.cache_read_input_tokens) == ("realtime", 2)
    assert [one.name for one in second.content.tool_definitions] == ["tide"]
