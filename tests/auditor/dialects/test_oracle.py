# SPDX-License-Identifier: Apache-2.0
"""OCI Generative AI: both forms of its chat, plain and streamed, and what is embedded and ranked."""

from typing import Any

from auditor.calls import Outcome
from tests.auditor.dialects.exchanges import exchange, read, sse, texts

ACTIONS = "https://inference.generativeai.us-chicago-1.oci.oraclecloud.com/20231130/actions"
MODE = {"modelId": "meta.llama", "servingType": "ON_DEMAND"}
USAGE = {"promptTokens": 5, "completionTokens": 2, "totalTokens": 7}


def generic(stream: bool = False) -> dict[str, Any]:
    tools = [{"type": "FUNCTION", "name": "tide", "parameters": {"type": "object"}}]
    messages = [
        {"role": "SYSTEM", "content": [{"type": "TEXT", "text": "Brief."}]},
        {"role": "USER", "content": [{"type": "TEXT", "text": "Ebb?"}]},
    ]
    request = {"apiFormat": "GENERIC", "messages": messages, "tools": tools, "isStream": stream}
    return {"compartmentId": "c", "servingMode": MODE, "chatRequest": request}


def spoken(*content: str, calls: Any = (), **more: Any) -> dict[str, Any]:
    parts = [{"type": "TEXT", "text": one} for one in content]
    return {"index": 0, "message": {"role": "ASSISTANT", "content": parts, "toolCalls": list(calls)}, **more}


def test_a_plain_answer() -> None:
    call = {"id": "t1", "type": "FUNCTION", "name": "tide", "arguments": '{"at": "Kiel"}'}
    choices = [spoken("Low.", calls=[call], finishReason="stop")]
    body = {"modelId": "meta.llama", "chatResponse": {"apiFormat": "GENERIC", "choices": choices, "usage": USAGE}}
    reading = read(exchange(f"{ACTIONS}/chat", generic(), body))
    assert (reading.call.provider, reading.call.operation) == ("oracle.generative_ai", "chat")
    assert (reading.call.request_model, reading.call.response_model) == ("meta.llama", "meta.llama")
    assert (reading.call.input_tokens, reading.call.output_tokens) == (5, 2)
    assert (reading.call.finish_reasons, reading.call.tool_calls) == (("stop",), ("tide",))
    assert texts(reading.content, "input") == [("system", ["Brief."]), ("user", ["Ebb?"])]
    assert texts(reading.content)[0][1][0] == "Low."
    assert [one.name for one in reading.content.tool_definitions] == ["tide"]


def test_a_stream_goes_on() -> None:
    calls = [{"id": "t1", "type": "FUNCTION", "name": "tide", "arguments": "{"}], [{"arguments": "}"}]
    events = (
        spoken("Lo"),
        spoken("w.", calls=calls[0]),
        spoken(calls=calls[1]),
        spoken(finishReason="stop", usage=USAGE),
    )
    reading = read(exchange(f"{ACTIONS}/chat", generic(stream=True), sse(*events)))
    assert (reading.call.stream, reading.call.outcome, reading.call.output_tokens) == (True, Outcome.COMPLETE, 2)
    assert texts(reading.content)[0][1] == ["Low.", "call tide({}) #t1"]
    assert reading.call.tool_calls == ("tide",)
    assert read(exchange(f"{ACTIONS}/chat", generic(), sse(events[0]))).call.outcome is Outcome.INTERRUPTED


def test_coheres_form_says_all_once_more_at_its_end() -> None:
    history = [{"role": "USER", "message": "Flood?"}, {"role": "CHATBOT", "message": "High."}]
    request = {"apiFormat": "COHERE", "message": "Ebb?", "chatHistory": history, "preambleOverride": "Brief."}
    asked = {"servingMode": {"endpointId": "e1"}, "chatRequest": request}
    last = {"apiFormat": "COHERE", "text": "Low.", "finishReason": "COMPLETE", "usage": USAGE}
    streamed = sse({"apiFormat": "COHERE", "text": "Lo"}, {"apiFormat": "COHERE", "text": "w."}, last)
    for body in ({"modelId": "cohere.command", "chatResponse": last}, streamed):
        reading = read(exchange(f"{ACTIONS}/chat", asked, body))
        assert (reading.call.request_model, reading.call.finish_reasons) == ("e1", ("COMPLETE",))
        assert reading.call.input_tokens == 5
        assert texts(reading.content, "input") == [("user", ["Flood?"]), ("assistant", ["High."]), ("user", ["Ebb?"])]
        assert texts(reading.content) == [("assistant", ["Low."])]


def test_what_is_embedded_and_ranked() -> None:
    embedded = read(exchange(f"{ACTIONS}/embedText", {"inputs": ["Ebb"], "servingMode": MODE}, {"embeddings": [[0.1]]}))
    assert (embedded.call.operation, embedded.call.request_model) == ("embeddings", "meta.llama")
    asked = {"input": "Ebb?", "documents": ["Low."], "servingMode": MODE}
    ranked = read(exchange(f"{ACTIONS}/rerankText", asked, {"documentRanks": []}))
    assert ranked.call.operation == "rerank"
    assert texts(ranked.content, "input") == [("user", ["Ebb?", "Low."])]
