# SPDX-License-Identifier: Apache-2.0
"""The way from an exchange to its readings: facts of the connection, outcomes, hosts nobody knows, and no exception."""

import gzip
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.calls import Call, Content, Exchange, Frame, Outcome, Request, Response
from auditor.dialects import parse
from auditor.providers import ProviderHost, Providers
from tests.auditor.dialects.exchanges import (
    PROVIDERS,
    WHEN,
    exchange,
    read,
    socket,
    sse,
    texts,
)
from tests.auditor.dialects.samples import SAMPLES, SOCKETS

CHAT = "https://api.openai.com/v1/chat/completions"
ASKED = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Ebb?"}]}
ANSWER = {
    "id": "c",
    "model": "gpt-4o-2024-08-06",
    "choices": [{"message": {"content": "Low."}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 1000, "completion_tokens": 100},
}


def test_facts_of_the_connection() -> None:
    one = exchange(CHAT + "?api-version=1", ASKED, ANSWER, sends={"User-Agent": "OpenAI/Python 2.8.1"})
    call = read(one).call
    assert (call.id, call.time, call.duration_ms, call.ttft_ms) == ("x1", WHEN, 812.0, 120.0)
    assert (call.server_address, call.path, call.method, call.status) == (
        "api.openai.com",
        "/v1/chat/completions",
        "POST",
        200,
    )
    assert (call.user_agent, call.client) == ("OpenAI/Python 2.8.1", "openai-python")
    assert (call.request_bytes, call.response_bytes) == (len(json.dumps(ASKED)), len(json.dumps(ANSWER)))
    assert (call.stream, call.outcome, call.error) == (False, Outcome.COMPLETE, None)
    assert (call.actor, call.credential, call.seq) == (None, None, None)


def test_cost_is_known_or_null() -> None:
    priced = read(exchange(CHAT, ASKED, ANSWER)).call
    assert priced.cost_usd == pytest.approx(0.0035)
    cached = {**ANSWER, "usage": {**ANSWER["usage"], "prompt_tokens_details": {"cached_tokens": 800}}}  # type: ignore[dict-item]
    cheaper = read(exchange(CHAT, ASKED, cached)).call.cost_usd
    assert cheaper is not None
    assert cheaper < 0.0035
    assert (
        read(exchange(CHAT, {**ASKED, "model": "unheard-of"}, {**ANSWER, "model": "unheard-of"})).call.cost_usd is None
    )
    assert read(exchange(CHAT, ASKED, {**ANSWER, "usage": None})).call.cost_usd is None
    assert read(exchange("http://gpu.corp.example/v1/chat/completions", ASKED, ANSWER)).call.cost_usd is None


def test_compressed_bodies() -> None:
    one = exchange(
        CHAT,
        gzip.compress(json.dumps(ASKED).encode()),
        gzip.compress(json.dumps(ANSWER).encode()),
        sends={"Content-Encoding": "gzip"},
        returns={"content-encoding": "gzip"},
    )
    assert texts(read(one).content) == [("assistant", ["Low."])]


def replaced(**changes: Any) -> Call:
    return read(msgspec.structs.replace(exchange(CHAT, ASKED, ANSWER), **changes)).call


def test_outcomes() -> None:
    assert replaced(interrupted="provider").outcome is Outcome.INTERRUPTED
    assert replaced(response=None).outcome is Outcome.INTERRUPTED
    assert replaced(response=Response(status=200)).outcome is Outcome.INTERRUPTED
    assert replaced(response=Response(status=200, body=b"<html>")).outcome is Outcome.UNPARSED
    assert replaced(response=Response(status=503, body=b"<html>")).outcome is Outcome.ERROR
    cut = sse({"choices": [{"index": 0, "delta": {"content": "Lo"}}]})
    assert replaced(response=Response(status=200, body=cut)).outcome is Outcome.INTERRUPTED
    assert replaced(response=Response(status=200, body=cut), truncated=900).outcome is Outcome.UNPARSED
    blocked = replaced(blocked="policy: no secrets", response=None)
    assert (blocked.outcome, blocked.error, blocked.request_model) == (Outcome.BLOCKED, "policy: no secrets", "gpt-4o")
    opaque = replaced(
        opaque="certificate pinned", request=Request(method="CONNECT", url="https://api.openai.com:443"), response=None
    )
    assert (opaque.outcome, opaque.provider, opaque.operation) == (Outcome.OPAQUE, "openai", None)


def test_one_broken_side_keeps_the_other() -> None:
    reading = read(exchange(CHAT, b"{broken", ANSWER))
    assert texts(reading.content) == [("assistant", ["Low."])]
    assert (reading.call.request_model, reading.call.response_id) == (None, "c")
    assert reading.call.outcome is Outcome.UNPARSED
    answerless = read(exchange(CHAT, ASKED, b'{"id": "c", "choi'))
    assert texts(answerless.content, "input") == [("user", ["Ebb?"])]
    assert answerless.call.outcome is Outcome.UNPARSED


def test_an_unknown_operation_is_other_with_its_path() -> None:
    sent = read(exchange("https://api.openai.com/v9/divination", {"bones": 3}, {"omen": "good"})).call
    assert (sent.operation, sent.path, sent.outcome) == ("other", "/v9/divination", Outcome.UNPARSED)
    asked = read(exchange("https://api.anthropic.com/api/hello", method="HEAD")).call
    assert (asked.operation, asked.outcome) == ("other", Outcome.COMPLETE)


@pytest.mark.parametrize(
    ("path", "asked", "dialect"),
    [
        ("/v1/chat/completions", ASKED, "openai.chat"),
        ("/anywhere", ASKED, "openai.chat"),
        ("/v1/messages", {**ASKED, "max_tokens": 9}, "anthropic.messages"),
        ("/anywhere", {**ASKED, "max_tokens": 9, "system": "Be brief."}, "anthropic.messages"),
        (
            "/x/v1beta/models/m:generateContent",
            {"contents": [{"parts": [{"text": "Ebb?"}]}]},
            "gemini.generate_content",
        ),
        ("/proxy/responses", {"model": "m", "input": "Ebb?"}, "openai.responses"),
        ("/v1/completions", {"model": "m", "prompt": "Ebb?"}, "openai.completions"),
        ("/v1/embeddings", {"model": "m", "input": "Ebb?"}, "embeddings"),
        ("/api/chat", ASKED, "ollama.chat"),
        ("/v1/messages/count_tokens", ASKED, "anthropic.count_tokens"),
        ("/v1/images/generations", {"model": "m", "prompt": "Ebb?"}, "images"),
        ("/v1/audio/speech", {"model": "m", "input": "Ebb?"}, "speech"),
        ("/v1/moderations", {"model": "m", "input": "Ebb?"}, "moderation"),
        ("/rerank", {"query": "Ebb?", "documents": []}, "rerank"),
        ("/moderations", {"input": "Ebb?"}, "moderation"),
        (
            "/bedrock/model/m/converse",
            {"messages": [{"role": "user", "content": [{"text": "Ebb?"}]}]},
            "bedrock.converse",
        ),
        ("/bedrock/model/m/invoke", {"prompt": "Ebb?"}, "bedrock.invoke"),
        ("/gemini/v1beta/models/m:embedContent", {"content": {"parts": [{"text": "Ebb?"}]}}, "gemini.embed"),
        ("/cohere/v1/chat", {"message": "Ebb?"}, "cohere.chat_v1"),
        ("/cohere/v2/chat", ASKED, "cohere.chat"),
        ("/publishers/anthropic/models/m:rawPredict", {**ASKED, "anthropic_version": "v"}, "anthropic.messages"),
        ("/v1/responses", {"prompt": {"id": "p"}, "input": "Ebb?"}, "openai.responses"),
    ],
)
def test_an_unknown_host_is_told_by_its_body(path: str, asked: Any, dialect: str) -> None:
    reading = read(exchange("http://gpu.corp.example:8000" + path, asked, {}))
    assert (reading.call.provider, reading.call.dialect) == ("self_hosted", dialect)
    assert texts(reading.content, "input") == [("user", ["Ebb?"])]


@pytest.mark.parametrize(
    ("path", "first", "dialect"),
    [
        ("/v1/realtime", {"type": "session.update", "session": {}}, "openai.realtime"),
        ("/v1/responses", {"type": "response.create", "model": "m", "input": "Ebb?"}, "openai.responses_socket"),
        ("/ws/x.BidiGenerateContent", {"setup": {"model": "m"}}, "gemini.live"),
        ("/v1/realtime", {"kind": "game"}, None),
    ],
)
def test_a_socket_to_an_unknown_host_is_told_by_its_first_message(path: str, first: Any, dialect: str | None) -> None:
    call = read(socket("wss://gpu.corp.example" + path, [(">", first)])).call
    assert call.dialect == dialect
    assert call.provider == ("self_hosted" if dialect else None)


@pytest.mark.parametrize("body", [b"", b"{}", b'{"messages": "no"}', b'{"contents": []}', b"<xml/>", b"[1]"])
def test_an_unknown_host_with_any_other_body_is_unparsed(body: bytes) -> None:
    call = read(exchange("http://intranet.example/v1/chat/completions", body, {})).call
    assert (call.provider, call.operation, call.outcome) == (None, None, Outcome.UNPARSED)
    assert call.server_address == "intranet.example"


def test_an_operators_host_is_read_in_its_dialect() -> None:
    providers = Providers.load([ProviderHost.parse("gpu.corp.example:9000=ollama")])
    one = exchange("http://gpu.corp.example:9000/api/chat", ASKED, {"message": {"content": "Low."}, "done": True})
    (reading,) = parse(one, providers)
    assert (reading.call.provider, reading.call.dialect) == ("ollama", "ollama.chat")


def test_arguments_that_cannot_be_stored_become_text() -> None:
    arguments = '{"n": 123456789012345678901234567890, "s": "\\ud83d"}'
    tool = {"id": "t", "function": {"name": "f", "arguments": arguments}}
    reading = read(exchange(CHAT, ASKED, {"choices": [{"message": {"tool_calls": [tool]}}]}))
    stored = msgspec.msgpack.decode(msgspec.msgpack.encode(reading.content), type=Content)
    (call,) = stored.output_messages[0].parts
    assert getattr(call, "arguments", None) == {"n": "123456789012345678901234567890", "s": "?"}


def test_depth_is_no_danger() -> None:
    deep = b'{"messages": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    assert read(exchange(CHAT, deep, deep)).call.provider == "openai"


# --- any mutation of a body gives a reading and no exception -------------------------------------------------------

JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, 0, -1, 1.5, "", "x", [], {}, [None], [[]], [{}], {"a": 1}, True, 10**30]
)


def mutated(data: st.DataObject, value: Any) -> Any:
    """The value with some of its parts replaced by others or left out."""
    choice = data.draw(st.integers(0, 24))
    if choice == 0:
        return data.draw(JUNK)
    if isinstance(value, dict):
        return {key: mutated(data, one) for key, one in value.items() if choice != 1 or data.draw(st.booleans())}
    return [mutated(data, one) for one in value] if isinstance(value, list) else value


def mutated_body(data: st.DataObject, body: bytes) -> bytes:
    way = data.draw(st.sampled_from(["cut", "flip", "json", "lines"]))
    if way == "cut":
        return body[: data.draw(st.integers(0, len(body)))]
    if way == "flip" and body:
        at = data.draw(st.integers(0, len(body) - 1))
        return body[:at] + data.draw(st.binary(max_size=3)) + body[at + 1 :]
    try:
        return json.dumps(mutated(data, json.loads(body))).encode()
    except ValueError:
        lines = body.split(b"\n")
        return b"\n".join(_mutated_line(data, one) for one in lines)


def _mutated_line(data: st.DataObject, line: bytes) -> bytes:
    head, _, rest = line.partition(b"data: ")
    try:
        return head + b"data: " + json.dumps(mutated(data, json.loads(rest))).encode()
    except ValueError:
        return line


@given(st.data())
@settings(max_examples=300)
def test_any_mutation_gives_a_reading(data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(SAMPLES))
    assert one.response is not None
    request = msgspec.structs.replace(one.request, body=mutated_body(data, one.request.body))
    response = msgspec.structs.replace(one.response, body=mutated_body(data, one.response.body))
    changed = msgspec.structs.replace(one, request=request, response=response)
    readings = parse(changed, PROVIDERS)
    assert readings
    for reading in readings:
        assert reading.call.provider is not None
        msgspec.msgpack.encode(reading.content)
        msgspec.json.encode(reading.call)


@given(st.data())
@settings(max_examples=100)
def test_any_mutation_of_a_socket_gives_readings(data: st.DataObject) -> None:
    url, sent, received = data.draw(st.sampled_from(SOCKETS))
    messages = [(way, mutated(data, one)) for way, one in ((">", sent), ("<", received)) * 2]
    readings = parse(socket(url, messages), PROVIDERS)
    assert readings
    assert len({one.call.id for one in readings}) == len(readings)


@given(url=st.text(max_size=30), method=st.text(max_size=5), body=st.binary(max_size=50), status=st.integers(0, 999))
def test_any_exchange_gives_a_reading(url: str, method: str, body: bytes, status: int) -> None:
    one = Exchange(
        id="x",
        time=WHEN,
        request=Request(method=method, url=url, body=body),
        response=Response(status=status, body=body),
    )
    assert parse(one, PROVIDERS)


def test_broken_frames_are_passed_over() -> None:
    frames = (Frame(direction="sent", text="{broken"), Frame(direction="received", data=b"\xff\x00"))
    one = msgspec.structs.replace(socket("wss://api.openai.com/v1/realtime", []), frames=frames)
    assert read(one).call.operation == "realtime"
