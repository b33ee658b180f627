# SPDX-License-Identifier: Apache-2.0
import base64
import io
from datetime import UTC, datetime
from typing import Any

import pytest

from auditor.calls import Exchange, Frame
from auditor.imports import BadEntry, Entry, har
from tests.auditor.imports.material import entry
from tests.auditor.imports.material import har as document

CANARY = "canary-7f3k"


def read(*entries: Any) -> list[Entry]:
    return list(har.exchanges(io.BytesIO(document(*entries))))


def only(value: Any) -> Exchange:
    (one,) = read(value)
    assert isinstance(one, Exchange)
    return one


def test_an_entry_becomes_the_exchange_it_states() -> None:
    one = only(entry())
    assert one.time == datetime(2026, 11, 23, 12, 0, 0, 250_000, tzinfo=UTC)
    assert one.duration_ms == 812.5
    assert one.first_byte_ms == 120
    assert one.request.url == "https://api.anthropic.com/v1/messages"
    assert one.request.body == b'{"model": "claude-sonnet-5"}'
    assert one.request.headers == (("content-type", "application/json"),)
    assert one.response is not None
    assert one.response.body == b'{"type": "msg"}'
    assert one.connection.server_address == "192.0.2.7"
    assert one.connection.http_version == "h2"


@pytest.mark.parametrize("empty", [None, []])
def test_what_a_tool_leaves_empty_is_absent(empty: Any) -> None:
    """Proxies write null where browsers write empty lists, or leave the answer out."""
    request = {"method": "GET", "url": "https://api.openai.com/v1/models", "headers": empty, "postData": None}
    one = only(entry(request=request, response=None, timings=None, time=None, serverIPAddress=None))
    assert (one.request.headers, one.request.body, one.response) == ((), b"", None)
    assert (one.duration_ms, one.first_byte_ms, one.connection.server_address) == (None, None, None)


def test_base64_bodies_are_decoded() -> None:
    body = bytes(range(256))
    content = {"size": 256, "mimeType": "audio/mpeg", "encoding": "base64", "text": base64.b64encode(body).decode()}
    one = only(entry(response={"status": 200, "headers": [], "content": content}))
    assert one.response is not None
    assert one.response.body == body


def test_form_parameters_stand_for_a_missing_text() -> None:
    post = {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "q", "value": "a b&c"}]}
    request = {"method": "POST", "url": "https://api.openai.com/v1/files", "headers": [], "postData": post}
    assert only(entry(request=request)).request.body == b"q=a+b%26c"


def test_a_socket_keeps_its_messages_with_their_times() -> None:
    started = datetime(2026, 11, 23, 12, 0, 0, 250_000, tzinfo=UTC).timestamp()
    messages = [
        {"type": "send", "time": started + 0.5, "opcode": 1, "data": "{}"},
        {"type": "receive", "time": started + 1, "opcode": 2, "data": "AAE="},
        {"type": "receive", "time": started + 1, "opcode": 9, "data": ""},
    ]
    one = only(entry(_webSocketMessages=messages))
    assert one.frames == (
        Frame(direction="sent", text="{}", at_ms=500),
        Frame(direction="received", data=b"\0\1", at_ms=1000),
    )


@pytest.mark.parametrize(
    ("error", "side"),
    [("net::ERR_ABORTED", "client"), ("net::ERR_CONNECTION_RESET", "provider"), (None, None), ("", None)],
)
def test_an_answer_that_never_came_says_who_broke_off(error: str | None, side: str | None) -> None:
    one = only(entry(response={"status": 0, "headers": [], "content": {"size": 0}, "_error": error}))
    assert one.response is None
    assert one.interrupted == side
    assert one.first_byte_ms is None


def test_a_body_the_browser_dropped_is_counted_as_not_captured() -> None:
    one = only(entry(response={"status": 200, "headers": [], "content": {"size": 5000}}))
    assert one.truncated == 5000
    assert only(entry()).truncated == 0


def test_times_that_do_not_apply_are_absent() -> None:
    one = only(entry(time=-1, timings={"send": -1, "wait": -1}))
    assert (one.duration_ms, one.first_byte_ms) == (None, None)


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        (entry(startedDateTime=CANARY), "startedDateTime: the value is not valid"),
        (entry(startedDateTime="2026-11-23T12:00:00"), "startedDateTime has no time zone"),
        (entry(request={"method": "GET", "url": CANARY}), "the request's url is no http(s) or ws(s) address"),
        (entry(request={"method": "GET"}), "request: `url` is missing"),
        (entry(response={"status": CANARY}), "response.status: str found where int belongs"),
        (
            entry(response={"status": 200, "content": {"encoding": "base64", "text": "YQ="}}),
            "response.content: the base64 is broken",
        ),
        (entry(_webSocketMessages=[{"type": CANARY, "data": ""}]), "the value is not valid"),
        (CANARY, "str found where object belongs"),
        (None, "null found where object belongs"),
        ([CANARY], "array found where object belongs"),
    ],
)
def test_a_broken_entry_is_named_without_its_content_and_the_others_are_kept(bad: Any, what: str) -> None:
    before, broken, after = read(entry(), bad, entry())
    assert isinstance(before, Exchange)
    assert isinstance(after, Exchange)
    assert isinstance(broken, BadEntry)
    assert broken.place == "entry 2"
    assert CANARY not in broken.what
    assert broken.what.endswith(what)
