# SPDX-License-Identifier: Apache-2.0
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.calls import Exchange, Frame, Origin
from auditor.imports import BadEntry, Entry, ndjson
from tests.auditor.imports.material import SSE, line
from tests.auditor.imports.material import ndjson as document

CANARY = "canary-7f3k"


def read(data: bytes) -> list[Entry]:
    return list(ndjson.exchanges(io.BytesIO(data)))


def test_a_line_becomes_the_exchange_it_states() -> None:
    (one,) = read(document(line()))
    assert isinstance(one, Exchange)
    assert one.time == datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert one.duration_ms == 812
    assert one.origin == Origin(address="10.0.0.7", user="alice")
    assert one.request.headers == (("content-type", "application/json"), ("x-trace", "1"), ("x-trace", "2"))
    assert "Zoë" in one.request.body.decode()
    assert one.response is not None
    assert one.response.body == SSE


def test_a_socket_keeps_its_messages_in_order() -> None:
    messages = [
        {"direction": "sent", "text": "{}"},
        {"direction": "received", "data_b64": "AAE="},
    ]
    request = {"method": "GET", "url": "wss://api.openai.com/v1/realtime?model=gpt-realtime"}
    (one,) = read(document(line(request=request, response={"status": 101}, messages=messages)))
    assert isinstance(one, Exchange)
    assert one.frames == (Frame(direction="sent", text="{}"), Frame(direction="received", data=b"\0\1"))


def test_times_are_utc() -> None:
    (one,) = read(document(line(time="2026-11-23T12:00:00+02:00")))
    assert isinstance(one, Exchange)
    assert one.time == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert one.time.tzinfo == UTC


def test_what_is_absent_stays_absent() -> None:
    least = {"time": "2026-11-23T12:00:00Z", "request": {"method": "GET", "url": "https://api.openai.com/v1/models"}}
    (one,) = read(document(least))
    assert isinstance(one, Exchange)
    assert (one.response, one.duration_ms, one.origin) == (None, None, Origin())


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        (line(time="2026-11-23T12:00:00"), "time: the value is not valid"),
        (line(time="0001-01-01T00:00:00+14:00"), "it is no valid JSON"),
        (line(response={"status": CANARY}), "response.status: str found where int belongs"),
        (line(response={"status": 1000}), "response.status: the value is not valid"),
        (line(request={"method": "GET"}), "request: `url` is missing"),
        (line(request={"method": "GET", "url": f"/v1/{CANARY}"}), "the request's url is no http(s) or ws(s) address"),
        (line(request={"method": "GET", "url": "https://[::1/x"}), "the request's url is no http(s) or ws(s) address"),
        (line(response={"status": 200, "body": "a", "body_b64": "YQ=="}), "`body` and `body_b64` exclude each other"),
        (line(response={"status": 200, "body_b64": "%" + CANARY}), "response.body_b64: the value is not valid"),
        (line(messages=[{"direction": CANARY}]), "messages[0].direction: the value is not valid"),
        ([CANARY], "array found where object belongs"),
        (CANARY.encode(), "it is no valid JSON"),
        (json.dumps(line()).encode().replace(b"gpt", b"\xff"), "it is no UTF-8"),
        (b"[" * 100_000, "array found where object belongs"),
        (b'{"request":' + b'{"a":' * 100_000, "it is nested too deeply"),
    ],
)
def test_a_broken_line_is_named_without_its_content_and_the_others_are_kept(bad: Any, what: str) -> None:
    before, broken, after = read(document(line(), bad, line()))
    assert isinstance(before, Exchange)
    assert isinstance(after, Exchange)
    assert isinstance(broken, BadEntry)
    assert broken.place == "line 2"
    assert CANARY not in broken.what
    assert broken.what == what


def test_blank_lines_and_carriage_returns_are_no_entries() -> None:
    data = b"\r\n" + json.dumps(line()).encode() + b"\r\n\n  \n" + json.dumps(line()).encode()
    assert [type(x) for x in read(data)] == [Exchange, Exchange]


def test_an_overlong_line_is_passed_over_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndjson, "MAX_LINE", 4 * 1024 * 1024)
    long = b'"' + b"x" * (5 * 1024 * 1024) + b'"'
    first, second, third = read(document(line(), long, line()))
    assert isinstance(first, Exchange)
    assert second == BadEntry(place="line 2", what="it is longer than 4 MiB")
    assert isinstance(third, Exchange)


def test_a_line_of_several_pieces_is_read_whole() -> None:
    body = "y" * (3 * 1024 * 1024)
    request = {"method": "POST", "url": "https://api.openai.com/v1/files", "body": body}
    first, second = read(document(line(request=request), line()))
    assert isinstance(first, Exchange)
    assert first.request.body == body.encode()
    assert isinstance(second, Exchange)


@given(st.binary(max_size=400))
def test_any_bytes_give_entries_and_no_failure(data: bytes) -> None:
    assert all(isinstance(x, BadEntry) for x in read(data))


@given(data=st.data())
def test_any_mutation_of_a_good_line_gives_entries_and_no_failure(data: st.DataObject) -> None:
    good = bytearray(document(line()))
    for _ in range(data.draw(st.integers(1, 4))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    for one in read(bytes(good)):
        assert isinstance(one, Exchange | BadEntry)


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"])), raw=st.binary())
def test_bodies_come_back_as_they_were_given(text: str, raw: bytes) -> None:
    import base64

    request = {"method": "POST", "url": "https://api.openai.com/v1/x", "body": text}
    response = {"status": 200, "body_b64": base64.b64encode(raw).decode()}
    (one,) = read(document(line(request=request, response=response)))
    assert isinstance(one, Exchange)
    assert one.response is not None
    assert (one.request.body, one.response.body) == (text.encode(), raw)
