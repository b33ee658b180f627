# SPDX-License-Identifier: Apache-2.0
"""mitmproxy's flow files become exchanges, entry by entry."""

import io
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from mitmproxy.flow import Error, Flow
from mitmproxy.io import FlowWriter
from mitmproxy.test import tflow, tutils

from addons.flows import exchanges
from auditor.calls import Exchange
from auditor.imports.entries import BadEntry

BEGAN = 1_700_000_000.0


def written(*flows: Flow) -> bytes:
    file = io.BytesIO()
    for flow in flows:
        FlowWriter(file).add(flow)  # type: ignore[no-untyped-call]
    return file.getvalue()


def read(data: bytes) -> list[Exchange | BadEntry]:
    return list(exchanges(io.BytesIO(data)))


def call() -> Flow:
    headers = ((b"content-encoding", b"gzip"), (b"x", b"1"), (b"x", b"2"))
    request = tutils.treq(
        method=b"POST", scheme=b"https", host="api.openai.com", port=443, path=b"/v1/chat/completions", authority=b"",
        headers=headers, content=b"\x1f\x8bpacked", timestamp_start=BEGAN, timestamp_end=BEGAN + 0.1,
    )  # fmt: skip
    response = tutils.tresp(timestamp_start=BEGAN + 0.5, timestamp_end=BEGAN + 2, content=b"answer")
    return tflow.tflow(req=request, resp=response)


def test_a_call() -> None:
    (found,) = read(written(call()))
    assert isinstance(found, Exchange)
    assert found.id == ""
    assert found.time == datetime.fromtimestamp(BEGAN, UTC)
    assert found.request.url == "https://api.openai.com/v1/chat/completions"
    assert found.request.headers == (("content-encoding", "gzip"), ("x", "1"), ("x", "2"))
    assert found.request.body == b"\x1f\x8bpacked", "bodies stay as on the wire"
    assert found.response is not None
    assert (found.response.status, found.response.body) == (200, b"answer")
    assert (found.first_byte_ms, found.duration_ms) == (500.0, 2000.0)
    assert found.origin.address == "127.0.0.1"
    assert found.interrupted is None


def test_a_conversation_over_a_websocket() -> None:
    (found,) = read(written(tflow.twebsocketflow()))
    assert isinstance(found, Exchange)
    assert found.request.url.startswith("ws://")
    assert [(one.direction, one.text, one.data) for one in found.frames] == [
        ("sent", None, b"hello binary"),
        ("received", "hello text", None),
        ("sent", "it's me", None),
    ] or len(found.frames) == 3


def test_who_broke_off() -> None:
    for text, side in (("Client disconnected.", "client"), ("server closed connection", "provider")):
        flow = tflow.tflow(resp=False)
        flow.error = Error(text)
        (found,) = read(written(flow))
        assert isinstance(found, Exchange)
        assert (found.interrupted, found.response) == (side, None)


def test_other_protocols_and_broken_entries_are_named_and_the_rest_is_kept() -> None:
    broken = b"5:abcde,"
    found = read(written(tflow.ttcpflow()) + broken + written(call(), tflow.tdnsflow()))
    assert [one.place if isinstance(one, BadEntry) else "exchange" for one in found] == [
        "entry 1",
        "entry 2",
        "exchange",
        "entry 4",
    ]
    assert isinstance(found[0], BadEntry)
    assert found[0].what == "it is TCP, not HTTP"


def test_a_file_that_breaks_off_says_where() -> None:
    data = written(call(), call())
    found = read(data[: len(data) * 3 // 4])
    assert isinstance(found[0], Exchange)
    assert found[1:] == [BadEntry(place="entry 2", what="the file breaks off or is damaged here")]


@given(st.binary(max_size=300))
def test_noise_never_raises(noise: bytes) -> None:
    for one in exchanges(io.BytesIO(noise)):
        assert isinstance(one, BadEntry | Exchange)


@given(st.integers(min_value=0, max_value=2000), st.integers(min_value=0, max_value=255))
def test_a_flipped_byte_never_raises(place: int, value: int) -> None:
    data = bytearray(written(call(), call()))
    data[place % len(data)] = value
    for one in exchanges(io.BytesIO(bytes(data))):
        assert isinstance(one, BadEntry | Exchange)
