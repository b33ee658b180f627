# SPDX-License-Identifier: Apache-2.0
"""DashScope's own format: plain, growing and incremental answers, media, embeddings."""

from typing import Any

import pytest

from auditor.calls import Message, Outcome, Reasoning, Text, Uri
from tests.auditor.dialects.exchanges import exchange, read, sse, texts

URL = "https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation"
USAGE = {"input_tokens": 5, "output_tokens": 2, "total_tokens": 7}


def asked(**parameters: Any) -> dict[str, Any]:
    return {
        "model": "qwen-plus",
        "input": {"messages": [{"role": "system", "content": "Brief."}, {"role": "user", "content": "Ebb?"}]},
        "parameters": {"result_format": "message", **parameters},
    }


def event(content: str, reason: str = "null", **message: str) -> dict[str, Any]:
    choice = {"message": {"role": "assistant", "content": content, **message}, "finish_reason": reason}
    return {"output": {"choices": [choice]}, "usage": USAGE, "request_id": "r1"}


def test_a_plain_answer() -> None:
    reading = read(exchange(URL, asked(), event("Ebb.", "stop", reasoning_content="Moon.")))
    call = reading.call
    assert (call.provider, call.operation, call.outcome) == ("alibaba_cloud", "chat", Outcome.COMPLETE)
    assert (call.request_model, call.response_id, call.finish_reasons) == ("qwen-plus", "r1", ("stop",))
    assert (call.input_tokens, call.output_tokens) == (5, 2)
    assert texts(reading.content, "input") == [("system", ["Brief."]), ("user", ["Ebb?"])]
    assert reading.content.output_messages[0].parts == (Reasoning(content="Moon."), Text(content="Ebb."))


@pytest.mark.parametrize(
    ("parameters", "pieces"),
    [
        ({}, ("E", "Ebb", "Ebb.")),
        ({}, ("E", "bb", ".")),
        ({"incremental_output": True}, ("E", "bb", ".")),
    ],
)
def test_a_stream_repeats_itself_or_goes_on(parameters: Any, pieces: tuple[str, ...]) -> None:
    body = sse(*(event(one) for one in pieces), event(pieces[-1] if pieces[-1] == "Ebb." else "", "stop"))
    reading = read(exchange(URL, asked(**parameters), body, sends={"X-DashScope-SSE": "enable"}))
    assert (reading.call.outcome, reading.call.stream) == (Outcome.COMPLETE, True)
    assert reading.content.output_messages == (
        Message(role="assistant", parts=(Text(content="Ebb."),), finish_reason="stop"),
    )
    cut = read(exchange(URL, asked(**parameters), sse(event("Ebb"))))
    assert cut.call.outcome is Outcome.INTERRUPTED
    assert texts(cut.content) == [("assistant", ["Ebb"])]


def test_the_older_form_answers_in_text() -> None:
    body = {"output": {"text": "Ebb.", "finish_reason": "stop"}, "usage": USAGE, "request_id": "r1"}
    reading = read(exchange(URL, {"model": "qwen-turbo", "input": {"prompt": "Ebb?"}}, body))
    assert texts(reading.content, "input") == [("user", ["Ebb?"])]
    assert texts(reading.content) == [("assistant", ["Ebb."])]
    assert reading.call.finish_reasons == ("stop",)


def test_media_are_parts() -> None:
    content = [{"image": "https://img.example/a.png"}, {"text": "What is it?"}]
    body = {"model": "qwen-vl", "input": {"messages": [{"role": "user", "content": content}]}}
    answer = {"output": {"choices": [{"message": {"content": [{"text": "A pier."}]}, "finish_reason": "stop"}]}}
    reading = read(exchange(URL.replace("text-", "multimodal-"), body, answer))
    image, text = reading.content.input_messages[0].parts
    assert isinstance(image, Uri)
    assert (image.uri, text) == ("https://img.example/a.png", Text(content="What is it?"))
    assert texts(reading.content) == [("assistant", ["A pier."])]


def test_a_refusal_is_an_error() -> None:
    reading = read(exchange(URL, asked(), {"code": "DataInspectionFailed", "message": "no", "request_id": "r1"}))
    assert (reading.call.outcome, reading.call.error) == (Outcome.ERROR, "DataInspectionFailed")


@pytest.mark.parametrize(
    ("service", "given", "operation", "said"),
    [
        ("embeddings/text-embedding/text-embedding", {"texts": ["Ebb", "Flood"]}, "embeddings", ["Ebb", "Flood"]),
        ("rerank/text-rerank/text-rerank", {"query": "Ebb", "documents": ["Flood"]}, "rerank", ["Ebb", "Flood"]),
    ],
)
def test_embeddings_and_ranks(service: str, given: Any, operation: str, said: list[str]) -> None:
    url = f"https://dashscope-intl.aliyuncs.com/api/v1/services/{service}"
    reading = read(exchange(url, {"model": "m", "input": given}, {"output": {}, "usage": {"total_tokens": 4}}))
    assert (reading.call.operation, reading.call.request_model, reading.call.input_tokens) == (operation, "m", 4)
    assert texts(reading.content, "input") == [("user", said)]
