# SPDX-License-Identifier: Apache-2.0
"""What passes the gateway is passed on untouched and recorded with its true outcome."""

import asyncio
import hashlib
import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from auditor.calls import Exchange, Origin, Outcome
from auditor.store.format.records import Completion, Intent
from tests.e2e.gateway import HOST, OTHER_HOST, PATIENCE_S, WEBSOCKET_HOST, Gateway, eventually
from tests.e2e.upstream import ENCODERS, Upstream, completion, events, let_go

pytestmark = pytest.mark.e2e
KEY = "Bearer sk-proj-0123456789abcdefghijABCDEFGHIJ"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory, upstream: Upstream) -> Iterator[Gateway]:
    with Gateway(tmp_path_factory.mktemp("gateway"), upstream).running(spill_bytes=100_000) as one:
        yield one


@pytest.fixture
def recorded(gateway: Gateway) -> Callable[[str], tuple[Completion, Exchange]]:
    """Waits for the one completion whose URL contains a mark, and opens it."""

    def find(mark: str) -> tuple[Completion, Exchange]:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            reader = gateway.reader()
            for one in gateway.metas(reader):
                if isinstance(one.meta, Completion):
                    exchange = reader.body(one.ledger, one.seq).exchange
                    if mark in exchange.request.url:
                        return one.meta, exchange
            time.sleep(0.05)
        raise AssertionError(f"nothing was recorded of {mark}")

    return find


Recorded = Callable[[str], tuple[Completion, Exchange]]


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
def test_a_plain_call(gateway: Gateway, upstream: Upstream, recorded: Recorded, http2: bool) -> None:
    mark = f"plain-{http2}"
    body = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Good morning"}]}
    with gateway.client(http2=http2) as client:
        answer = client.post(f"https://{HOST}/v1/chat/completions?{mark}", json=body, headers={"authorization": KEY})
    assert answer.content == completion()
    assert answer.http_version == ("HTTP/2" if http2 else "HTTP/1.1")
    meta, exchange = recorded(mark)
    (call,) = meta.calls
    assert (call.provider, call.operation, call.request_model) == ("openai", "chat", "gpt-4o")
    assert (call.input_tokens, call.output_tokens, call.status, call.outcome) == (9, 4, 200, Outcome.COMPLETE)
    assert json.loads(exchange.request.body) == body
    assert exchange.response is not None
    assert exchange.response.body == completion()
    assert exchange.connection.http_version == ("HTTP/2.0" if http2 else "HTTP/1.1")
    assert exchange.connection.tls_version == "TLSv1.3"
    assert exchange.connection.server_address == f"127.0.0.1:{upstream.port}"
    assert exchange.origin == Origin(), "who called is sealed apart"
    assert exchange.duration_ms is not None
    assert exchange.first_byte_ms is not None
    assert 0 < exchange.first_byte_ms <= exchange.duration_ms
    assert KEY.split()[1] not in repr(exchange)
    assert call.credential
    assert call.credential.startswith("k-")


def test_the_intent_comes_before_the_completion(gateway: Gateway, recorded: Recorded) -> None:
    with gateway.client() as client:
        client.get(f"https://{HOST}/v1/models?order", headers={"authorization": KEY})
    meta, _ = recorded("order")
    kinds = [type(one.meta) for one in gateway.metas() if getattr(one.meta, "exchange", "") == meta.exchange]
    assert kinds == [Intent, Completion]


@pytest.mark.parametrize("encoding", sorted(ENCODERS))
def test_compressed_answers_stay_as_on_the_wire(gateway: Gateway, recorded: Recorded, encoding: str) -> None:
    mark = f"encoding={encoding}"
    with gateway.client() as client:
        answer = client.post(f"https://{HOST}/v1/chat/completions?{mark}", json={"model": "gpt-4o", "messages": []})
    assert answer.content == completion()
    meta, exchange = recorded(mark)
    assert exchange.response is not None
    assert exchange.response.body == ENCODERS[encoding](completion())
    assert meta.calls[0].output_tokens == 4


def test_a_stream_arrives_as_it_is_sent(gateway: Gateway, recorded: Recorded) -> None:
    """The provider says no more before the client has what it said: bytes that wait for others would never come."""
    pieces = []
    body = {"model": "gpt-4o", "stream": True, "messages": []}
    url = f"https://{HOST}/v1/stream?n=5&held=slow&seed=slow"
    with gateway.client() as client, client.stream("POST", url, json=body) as answer:
        for piece in answer.iter_raw():
            pieces.append(piece)
            time.sleep(0.1)
            let_go("slow")
    assert pieces == events(5, "slow")
    content = b"".join(pieces)
    _, exchange = recorded("seed=slow")
    assert exchange.response is not None
    assert exchange.response.body == content
    assert exchange.first_byte_ms is not None
    assert exchange.duration_ms is not None
    assert exchange.duration_ms - exchange.first_byte_ms >= 500
    assert sum(exchange.arrivals[1::2]) == len(content)
    assert len(exchange.arrivals) >= 10, "when each of the five pieces came"
    assert sum(exchange.arrivals[::2]) <= exchange.duration_ms


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
def test_a_hundred_streams_at_once_are_identical(gateway: Gateway, http2: bool) -> None:
    digests = asyncio.run(_a_hundred_streams(gateway, http2))
    expected = [hashlib.sha256(b"".join(events(8, f"many{http2}{number}"))).hexdigest() for number in range(100)]
    assert digests == expected
    eventually(lambda: _streamed(gateway, f"seed=many{http2}") == set(expected))


def _streamed(gateway: Gateway, mark: str) -> set[str]:
    """The digests of the recorded answers of calls with this mark."""
    return {
        hashlib.sha256(one.response.body).hexdigest()
        for one in gateway.exchanges()
        if one.response and mark in one.request.url
    }


async def _a_hundred_streams(gateway: Gateway, http2: bool) -> list[str]:
    async def one(number: int) -> str:
        async with client.stream("POST", f"https://{HOST}/v1/stream?n=8&seed=many{http2}{number}", json={}) as answer:
            return hashlib.sha256(await answer.aread()).hexdigest()

    async with gateway.async_client(http2=http2, limits=httpx.Limits(max_connections=100)) as client:
        return await asyncio.gather(*(one(number) for number in range(100)))


@pytest.mark.parametrize("status", [400, 429, 503])
def test_provider_errors(gateway: Gateway, recorded: Recorded, status: int) -> None:
    with gateway.client() as client:
        answer = client.post(f"https://{HOST}/v1/error?status={status}", json={"model": "gpt-4o"})
    assert answer.status_code == status
    meta, _ = recorded(f"status={status}")
    assert [(call.status, call.outcome) for call in meta.calls] == [(status, Outcome.ERROR)]


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
@pytest.mark.parametrize("path", ["reset", "cutstream"])
def test_a_provider_that_breaks_off(gateway: Gateway, recorded: Recorded, path: str, http2: bool) -> None:
    mark = f"{path}?{http2}"
    with gateway.client(http2=http2) as client, pytest.raises(httpx.RemoteProtocolError):
        client.post(f"https://{HOST}/v1/{mark}", json={"model": "gpt-4o", "messages": []})
    meta, exchange = recorded(mark)
    assert exchange.interrupted == "provider"
    assert exchange.response is not None
    assert exchange.response.body.startswith(b'{"id": "cut' if path == "reset" else b"data: ")
    assert {call.outcome for call in meta.calls} == {Outcome.INTERRUPTED}


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
def test_a_client_that_leaves_in_mid_stream(gateway: Gateway, recorded: Recorded, http2: bool) -> None:
    mark = f"seed=left{http2}"
    url = f"https://{HOST}/v1/stream?n=100&delay=0.1&{mark}"
    with gateway.client(http2=http2) as client, client.stream("POST", url, json={}) as answer:
        for _ in answer.iter_raw():
            break
    meta, exchange = recorded(mark)
    assert exchange.interrupted == "client"
    assert exchange.response is not None
    assert exchange.response.body.startswith(events(1, f"left{http2}")[0])
    assert {call.outcome for call in meta.calls} == {Outcome.INTERRUPTED}


def test_a_client_that_leaves_in_mid_upload(gateway: Gateway, upstream: Upstream, recorded: Recorded) -> None:
    def half() -> Iterator[bytes]:
        yield b"x" * 70_000
        eventually(lambda: any("halfupload" in hit.path and len(hit.body) == 70_000 for hit in tuple(upstream.hits)))
        raise OSError("the client dies")

    with gateway.client() as client, pytest.raises(OSError, match="dies"):
        client.post(f"https://{HOST}/v1/digest?halfupload", content=half(), headers={"content-length": "200000"})
    _, exchange = recorded("halfupload")
    assert exchange.interrupted == "client"
    assert exchange.request.body == b"x" * 70_000
    assert exchange.response is None


def test_a_provider_that_cannot_be_reached(gateway: Gateway, recorded: Recorded) -> None:
    with gateway.client() as client:
        answer = client.post(f"https://{HOST}:9/v1/chat/completions?nobody", json={})
    assert answer.status_code == 502
    meta, exchange = recorded("nobody")
    assert (exchange.interrupted, exchange.response) == ("provider", None)
    assert meta.calls[0].outcome is Outcome.INTERRUPTED


def test_large_bodies_pass_and_leave_nothing_behind(gateway: Gateway, recorded: Recorded) -> None:
    canary = b"canary-of-the-spill-"
    sent = canary + hashlib.shake_256(b"up").digest(3_000_000)
    with gateway.client() as client:
        answer = client.post(f"https://{HOST}/v1/digest?bigup", content=sent).json()
        received = client.get(f"https://{HOST}/v1/bytes?size=3000000&seed=down").content
    assert answer == {"sha256": hashlib.sha256(sent).hexdigest(), "n": len(sent)}
    assert received == hashlib.shake_256(b"down").digest(3_000_000)
    assert recorded("bigup")[1].request.body == sent
    response = recorded("seed=down")[1].response
    assert response is not None
    assert response.body == received
    assert not any((gateway.config_folder / "spool").iterdir())


def test_hosts_that_are_no_ai_provider_are_not_opened(gateway: Gateway, upstream: Upstream) -> None:
    context = ssl.create_default_context(cafile=str(upstream.authority.ca_file))
    with (
        httpx.Client(proxy=gateway.url, verify=context) as client,
        client.stream("GET", f"https://{OTHER_HOST}/basket") as answer,
    ):
        certificate = answer.extensions["network_stream"].get_extra_info("ssl_object").getpeercert()
    assert answer.status_code == 200
    assert ("commonName", "Upstream test CA") in [pair for part in certificate["issuer"] for pair in part]
    assert not any(OTHER_HOST in one.request.url for one in gateway.exchanges())


def test_a_client_that_does_not_trust_the_gateway(gateway: Gateway, recorded: Recorded) -> None:
    with httpx.Client(proxy=gateway.url, verify=True) as client, pytest.raises(httpx.ConnectError):
        client.get(f"https://{WEBSOCKET_HOST}/")
    meta, exchange = recorded(f"https://{WEBSOCKET_HOST}")
    assert exchange.request.method == "CONNECT"
    assert exchange.opaque
    assert meta.calls[0].outcome is Outcome.OPAQUE


def test_websockets_both_ways(gateway: Gateway, recorded: Recorded) -> None:
    url, headers = f"wss://{WEBSOCKET_HOST}/v1/listen?talk", {"authorization": KEY}
    with connect(url, ssl=gateway.trust(), proxy=gateway.url, additional_headers=headers) as talk:
        talk.send("hello")
        assert talk.recv() == "hello"
        talk.send(b"\x00\x01binary")
        assert talk.recv() == b"\x00\x01binary"
    _, exchange = recorded("listen?talk")
    assert exchange.request.url.startswith("wss://")
    assert [(one.direction, one.text, one.data) for one in exchange.frames] == [
        ("sent", "hello", None),
        ("received", "hello", None),
        ("sent", None, b"\x00\x01binary"),
        ("received", None, b"\x00\x01binary"),
    ]
    assert exchange.interrupted is None
    assert exchange.response is not None
    assert exchange.response.status == 101


def test_a_websocket_the_provider_drops(gateway: Gateway, recorded: Recorded) -> None:
    url = f"wss://{WEBSOCKET_HOST}/v1/listen?dropped"
    with connect(url, ssl=gateway.trust(), proxy=gateway.url) as talk:
        talk.send("close badly")
        assert talk.recv(timeout=PATIENCE_S) == "close badly"
        with pytest.raises(ConnectionClosed):
            talk.recv(timeout=PATIENCE_S)
    _, exchange = recorded("listen?dropped")
    assert exchange.interrupted == "provider"
    assert exchange.frames[0].text == "close badly"


def test_expect_100_continue(gateway: Gateway, recorded: Recorded) -> None:
    with _tunnel(gateway) as raw:
        head = f"POST /v1/digest?continue HTTP/1.1\r\nHost: {HOST}\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"
        raw.sendall(head.encode())
        assert raw.recv(1000).startswith(b"HTTP/1.1 100")
        raw.sendall(b"body")
        _hear(raw, hashlib.sha256(b"body").hexdigest().encode())
    assert recorded("digest?continue")[1].request.body == b"body"


def test_a_chunked_upload(gateway: Gateway, recorded: Recorded) -> None:
    with gateway.client() as client:
        answer = client.post(f"https://{HOST}/v1/digest?chunked", content=iter([b"one", b"two"])).json()
    assert answer["n"] == 6
    assert recorded("digest?chunked")[1].request.body == b"onetwo"


def test_trailers_of_a_request_are_dropped(gateway: Gateway, recorded: Recorded) -> None:
    with _tunnel(gateway) as raw:
        raw.sendall(
            f"POST /v1/digest?trailers HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\n\r\n"
            "3\r\none\r\n0\r\nx-checksum: 1\r\n\r\n".encode()
        )
        _hear(raw, hashlib.sha256(b"one").hexdigest().encode())
    _, exchange = recorded("digest?trailers")
    assert (exchange.request.body, exchange.interrupted) == (b"one", None)


def _hear(raw: ssl.SSLSocket, wanted: bytes) -> None:
    """Read until this has come, in however many pieces."""
    heard = b""
    while wanted not in heard:
        piece = raw.recv(5000)
        assert piece, heard
        heard += piece


def _tunnel(gateway: Gateway) -> ssl.SSLSocket:
    """A TLS connection to the provider through the gateway, for bytes of our own."""
    address = httpx.URL(gateway.url)
    plain = socket.create_connection((address.host, address.port or 0), timeout=PATIENCE_S)
    plain.sendall(f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n\r\n".encode())
    assert plain.recv(1000).startswith(b"HTTP/1.1 200")
    return gateway.trust().wrap_socket(plain, server_hostname=HOST)
