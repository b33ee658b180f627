# SPDX-License-Identifier: Apache-2.0
"""Facts of a flow, and how an exchange in flight is told."""

from typing import Any

import pytest
from mitmproxy.http import Headers
from mitmproxy.test import tflow, tutils
from mitmproxy.websocket import WebSocketMessage

from addons import live
from addons.live import TELL_AFTER, Live
from auditor.gateway.messages import Ended, Passed


class Link:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[Passed | Ended] = []

    def passed(self, message: Passed) -> None:
        self.told.append(message)

    def ended(self, message: Ended) -> None:
        self.told.append(message)


def flow_to(**request: Any) -> Any:
    return tflow.tflow(req=tutils.treq(authority=b"", **request), resp=True)


@pytest.mark.parametrize(
    ("request_", "sni", "wanted"),
    [
        ({"scheme": b"https", "host": "api.openai.com", "port": 443, "path": b"/v1?a=b"}, None, "https://api.openai.com/v1?a=b"),
        ({"scheme": b"https", "host": "h", "port": 8443, "path": b"/"}, None, "https://h:8443/"),
        ({"scheme": b"https", "host": "10.0.0.1", "port": 443, "path": b"/"}, "api.openai.com", "https://api.openai.com/"),
        ({"scheme": b"http", "host": "::1", "port": 11434, "path": b"/"}, "", "http://[::1]:11434/"),
    ],
)  # fmt: skip
def test_the_url_is_where_the_request_goes(request_: dict[str, Any], sni: str | None, wanted: str) -> None:
    flow = flow_to(headers=Headers(), **request_)
    flow.client_conn.sni = sni
    assert live.url(flow) == wanted


def test_a_host_header_does_not_lead_astray() -> None:
    flow = flow_to(scheme=b"https", host="api.openai.com", port=443, headers=Headers(host="innocent.example"))
    assert live.url(flow).startswith("https://api.openai.com/")


def test_an_upgrade_is_a_websocket() -> None:
    flow = flow_to(scheme=b"https", host="h", port=443, path=b"/x", headers=Headers(upgrade="WebSocket"))
    assert live.url(flow) == "wss://h/x"


def test_the_proxy_user_is_the_origin() -> None:
    flow = tflow.tflow()
    assert live.origin(flow).user is None
    flow.metadata["proxyauth"] = ("alice", "secret")
    assert live.origin(flow).user == "alice"
    assert "secret" not in repr(live.origin(flow))


def test_headers_keep_order_repeats_and_strange_bytes() -> None:
    fields = Headers([(b"A", b"1"), (b"a", b"2"), (b"B", b"\xff")])
    assert live.headers(fields) == (("A", "1"), ("a", "2"), ("B", "\\xff"))


def test_a_small_exchange_is_told_at_its_end() -> None:
    link, flow = Link(), tflow.tflow(resp=True)
    one = Live(flow, link)  # type: ignore[arg-type]
    assert one.sent(b"question") == b"question"
    one.answered()
    assert one.received(b"answer") == b"answer"
    assert one.received(b"") == b""
    assert link.told == []
    one.end("client")
    passed, ended = link.told
    assert isinstance(passed, Passed)
    assert (passed.request, passed.response) == (b"question", b"answer")
    assert passed.answer is not None
    assert passed.answer.status == 200
    assert isinstance(ended, Ended)
    assert ended.interrupted == "client"
    assert ended.first_byte_ms is not None
    assert ended.first_byte_ms <= ended.duration_ms


def test_a_large_one_is_told_as_it_passes() -> None:
    link = Link()
    one = Live(tflow.tflow(), link)  # type: ignore[arg-type]
    for _ in range(8):
        one.sent(b"x" * (TELL_AFTER // 4))
    assert [len(message.request) for message in link.told if isinstance(message, Passed)] == [TELL_AFTER, TELL_AFTER]


def test_mitmproxys_list_of_messages_does_not_grow() -> None:
    link, flow = Link(), tflow.twebsocketflow()
    one = Live(flow, link)  # type: ignore[arg-type]
    assert flow.websocket
    flow.websocket.messages = [WebSocketMessage(1, True, "héllo".encode()), WebSocketMessage(2, False, b"\x00")]
    one.message()
    assert flow.websocket.messages == []
    one.tell()
    (passed,) = link.told
    assert isinstance(passed, Passed)
    assert [(frame.direction, frame.text, frame.data) for frame in passed.frames] == [
        ("sent", "héllo", None),
        ("received", None, b"\x00"),
    ]
