# SPDX-License-Identifier: Apache-2.0
"""Clients and providers that misbehave: the gateway bounds what they cost, and goes on serving the others."""

import contextlib
import gzip
import os
import resource
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import h2.config
import h2.connection
import httpx
import pytest

from tests.e2e.gateway import HOST, PATIENCE_S, PROXY, Gateway, children, eventually
from tests.e2e.upstream import Upstream, completion

pytestmark = pytest.mark.e2e
URL = f"https://{HOST}/v1/chat/completions"
ROOM = 40
HEAD_S = 3.0
"""Longer than an honest client of a busy machine takes to say what it wants, one hopes."""


@pytest.fixture(scope="module")
def process(
    tmp_path_factory: pytest.TempPathFactory, upstream: Upstream
) -> Iterator[tuple[Gateway, subprocess.Popen[bytes]]]:
    gateway = Gateway(tmp_path_factory.mktemp("hostile"), upstream)
    running = gateway.start(max_connections=ROOM, head_timeout=HEAD_S)
    yield gateway, running
    assert gateway.stop(running) == 0, gateway.log.read_text()
    assert "Traceback" not in gateway.log.read_text()
    status = gateway.status()
    assert status.seen == status.recorded > 0, status
    assert (status.lost, status.unknown, status.waiting, status.unaccounted) == (0, 0, 0, 0), status


@pytest.fixture
def gateway(process: tuple[Gateway, subprocess.Popen[bytes]]) -> Iterator[Gateway]:
    """Afterwards it serves as before."""
    yield process[0]
    with process[0].client() as client:
        eventually(lambda: serves(client))


def serves(client: httpx.Client) -> bool:
    """Whether a call is answered as it should be; a crowd that has just left may still fill the room."""
    try:
        return client.post(f"{URL}?after", json={}).content == completion()
    except httpx.TransportError:
        return False


@contextlib.contextmanager
def raw(gateway: Gateway) -> Iterator[socket.socket]:
    address = httpx.URL(gateway.url)
    with socket.create_connection((address.host, address.port or 0), timeout=PATIENCE_S) as made:
        yield made


@contextlib.contextmanager
def tunnel(gateway: Gateway, *alpn: str) -> Iterator[ssl.SSLSocket]:
    """A connection to the provider through the gateway, for bytes of our own."""
    with raw(gateway) as plain:
        plain.sendall(f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n\r\n".encode())
        assert b" 200 " in plain.recv(1000)
        trust = gateway.trust()
        trust.set_alpn_protocols(list(alpn))
        with trust.wrap_socket(plain, server_hostname=HOST) as secure:
            yield secure


def ended(connection: socket.socket) -> bool:
    """Whether the far end closes, possibly after an answer."""
    with contextlib.suppress(ConnectionError):
        while connection.recv(65536):
            pass
    return True


def memory(pid: int) -> int:
    """Resident bytes of a process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()


def test_slow_loris(gateway: Gateway) -> None:
    with raw(gateway) as slow, tunnel(gateway) as inner:
        with contextlib.suppress(ConnectionError):  # it may be over before the last crumb
            for _ in range(3):
                slow.sendall(b"X")
                inner.sendall(b"X")
                time.sleep(0.2)
        assert ended(slow)
        assert ended(inner)


def test_a_body_that_never_ends_holds_up_nobody(gateway: Gateway) -> None:
    with tunnel(gateway) as slow:
        slow.sendall(f"POST /v1/digest?loris HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 9999\r\n\r\n".encode())
        for _ in range(3):
            slow.sendall(b"x")
            with gateway.client() as other:
                assert other.post(f"{URL}?beside", json={}).content == completion()
    eventually(lambda: any("digest?loris" in one.request.url for one in gateway.exchanges()))
    assert next(one for one in gateway.exchanges() if "digest?loris" in one.request.url).interrupted == "client"


def test_a_request_in_crumbs_is_recorded(gateway: Gateway) -> None:
    """mitmproxy alone would take its first byte for raw data and pass it all unread."""
    with tunnel(gateway) as one:
        for byte in f"GET /v1/models?crumbs HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode():
            one.sendall(bytes([byte]))
        assert ended(one)
    eventually(lambda: any("?crumbs" in one.request.url for one in gateway.exchanges()))


def test_too_many_connections_are_turned_away(gateway: Gateway) -> None:
    with contextlib.ExitStack() as stack:
        crowd = [stack.enter_context(raw(gateway)) for _ in range(ROOM + 10)]
        assert ended(crowd[-1])


@pytest.mark.parametrize("inside", [False, True], ids=["to the proxy", "in a tunnel"])
def test_a_head_without_end(gateway: Gateway, inside: bool) -> None:
    with tunnel(gateway) if inside else raw(gateway) as one:
        answer = b""
        with contextlib.suppress(ConnectionError):
            one.sendall(b"GET / HTTP/1.1\r\n")
            for number in range(400):
                one.sendall(b"X-Filler-%d: %s\r\n" % (number, b"x" * 2000))
            answer = one.recv(1000)
        assert answer.startswith(b"HTTP/1.1 431") or answer == b""


def test_endless_pipelining(gateway: Gateway, process: tuple[Gateway, subprocess.Popen[bytes]]) -> None:
    pid = children(process[1])[PROXY]
    before = memory(pid)
    with tunnel(gateway) as one:
        one.sendall(f"GET /v1/stream?n=100&delay=0.05 HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        with contextlib.suppress(ConnectionError, TimeoutError):
            one.settimeout(2)
            for _ in range(50):
                one.sendall(b"x" * 1_000_000)
    assert memory(pid) - before < 20 << 20


@pytest.mark.parametrize(
    "junk",
    [
        b"\x16\x03\x01\xff\xff" + b"\x00" * 100,
        b"GET\r\n\r\n",
        b"POST / HTTP/9.9\r\n\r\n",
        b"CONNECT :: HTTP/1.1\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\n\r\n",
        b"\x00" * 4096,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\xff" * 400,
    ],
)
def test_junk(gateway: Gateway, junk: bytes) -> None:
    with raw(gateway) as one:
        one.sendall(junk)
        one.shutdown(socket.SHUT_WR)
        assert ended(one)


@pytest.mark.parametrize(
    "junk",
    [
        b"\x00\x00\x04\x08\x00\x00\x00\x00\x01\x00\x00\x00\x00",  # WINDOW_UPDATE of nothing, on a stream that is idle
        b"\x00\x00\x05\x01\x04\x00\x00\x00\x01\xff\xff\xff\xff\xff",  # HEADERS that no table decodes
        b"\xff\xff\xff\x00\x00\x00\x00\x00\x01",  # DATA of 16 MiB
        b"\x00\x00\x00\x09\x04\x00\x00\x00\x03",  # CONTINUATION of nothing
    ],
)
def test_malformed_http2(gateway: Gateway, junk: bytes) -> None:
    with tunnel(gateway, "h2") as one:
        made = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
        made.initiate_connection()
        one.sendall(made.data_to_send() + junk)
        assert ended(one)


def test_half_closed_by_the_client(gateway: Gateway) -> None:
    with tunnel(gateway) as one:
        one.sendall(f"POST /v1/digest?half HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 100\r\n\r\nhalf".encode())
        plain = socket.socket(fileno=os.dup(one.fileno()))
        plain.shutdown(socket.SHUT_WR)
        plain.close()
        assert ended(one)
    eventually(lambda: any("digest?half" in one.request.url for one in gateway.exchanges()))
    assert next(one for one in gateway.exchanges() if "digest?half" in one.request.url).interrupted == "client"


def test_a_zip_bomb(gateway: Gateway) -> None:
    """A hundred million bytes of nothing in a hundred thousand: recorded as sent, and not unpacked without bound."""
    bomb = gzip.compress(b'{"model": "gpt-4o", "messages": "' + b" " * 100_000_000 + b'"}', compresslevel=9)
    with gateway.client() as client:
        answer = client.post(f"{URL}?bomb", content=bomb, headers={"content-encoding": "gzip"})
    assert answer.content == completion()
    eventually(lambda: any("?bomb" in one.request.url for one in gateway.exchanges()))
    assert next(one for one in gateway.exchanges() if "?bomb" in one.request.url).request.body == bomb
