# SPDX-License-Identifier: Apache-2.0
"""A load generator that costs little: clients with a connection each, one request after the other, prepared bytes.

`python -m tests.benchmarks.programs.steady_load SETTINGS` (JSON, see `Settings`) prints one line of JSON (`Steady`).
Connections are made, through the proxy, before the clock starts: what is measured is calls, not handshakes. An answer
counts where its status is 200 and its body has the length and the hash of the first one asked of the server itself.
"""

import hashlib
import selectors
import socket
import ssl
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

READ = 64 * 1024
PATIENCE_S = 60.0


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Where to, through whom, what, and how often. `proxy_ca` signs what the proxy shows, `server_ca` the server's."""

    proxy: tuple[str, int]
    server: tuple[str, int]
    proxy_ca: str
    server_ca: str
    path: str
    body: str
    clients: int
    requests: int


class Steady(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it. `wrong` answers had another status or another body; `own_ms` is this process's time a call."""

    answered: int
    wrong: int
    seconds: float
    median_ms: float
    own_ms: float

    @property
    def per_second(self) -> float:
        """Calls a second."""
        return self.answered / self.seconds


class _Client:
    """One connection; `began` is when its request left."""

    def __init__(self, connection: ssl.SSLSocket, request: bytes) -> None:
        self.connection = connection
        self._request = request
        self._received = bytearray()
        self.began = 0.0

    def ask(self) -> None:
        """Send the request; it fits the socket's buffer."""
        self.began = time.perf_counter()
        self.connection.sendall(self._request)

    def take(self) -> tuple[bytes, bytes] | None:
        """Read what is there; the head and the body of the answer once both are complete.

        What OpenSSL has decrypted and not handed out yet makes no event: it is asked for.
        """
        while True:
            try:
                data = self.connection.recv(READ)
            except ssl.SSLWantReadError:
                return None
            if not data:
                raise ConnectionError("the proxy closed a connection")
            self._received += data
            if (answer := self._complete()) or not self.connection.pending():
                return answer

    def _complete(self) -> tuple[bytes, bytes] | None:
        head, end, body = bytes(self._received).partition(b"\r\n\r\n")
        if not end or len(body) < length_of(head):
            return None
        self._received.clear()
        return head, body


def length_of(head: bytes) -> int:
    """The content length that a head states."""
    return int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])


def run(settings: Settings) -> Steady:
    """Ask until so many are answered. Raises `OSError` where a connection breaks or nothing comes for a minute."""
    request = prepared(settings)
    expected = digest(*_direct(settings, request))
    clients = [_Client(_through(settings), request) for _ in range(settings.clients)]
    began, own = time.perf_counter(), time.process_time()
    took, wrong = _rounds(clients, settings.requests, expected)
    return Steady(
        answered=len(took) - wrong,
        wrong=wrong,
        seconds=time.perf_counter() - began,
        median_ms=statistics.median(took) * 1000,
        own_ms=(time.process_time() - own) * 1000 / len(took),
    )


def _rounds(clients: Sequence[_Client], requests: int, expected: tuple[bytes, bytes]) -> tuple[list[float], int]:
    """How long each answer took, in seconds, and how many were wrong; a client asks again as soon as it is answered."""
    took, wrong, left = [], 0, requests
    with selectors.DefaultSelector() as selector:
        for client in clients[:left]:
            selector.register(client.connection, selectors.EVENT_READ, client)
            client.ask()
            left -= 1
        while len(took) < requests:
            ready = selector.select(PATIENCE_S)
            if not ready:
                raise TimeoutError("no answer for a minute")
            for client in (key.data for key, _ in ready):
                if (answer := client.take()) is None:
                    continue
                took.append(time.perf_counter() - client.began)
                wrong += digest(*answer) != expected
                if left > 0:
                    client.ask()
                    left -= 1
    return took, wrong


def prepared(settings: Settings) -> bytes:
    """The request, as every client sends it."""
    body = Path(settings.body).read_bytes()
    host, port = settings.server
    head = (
        f"POST {settings.path} HTTP/1.1\r\nHost: {host}:{port}\r\nUser-Agent: steady-load\r\n"
        f"Authorization: Bearer sk-test-0123456789abcdef\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def digest(head: bytes, body: bytes) -> tuple[bytes, bytes]:
    """What two equal answers have in common: the status, and the body's hash."""
    return head.split(b" ", 2)[1], hashlib.sha256(body).digest()


def _direct(settings: Settings, request: bytes) -> tuple[bytes, bytes]:
    """The server's own answer."""
    with _secured(socket.create_connection(settings.server, PATIENCE_S), settings.server_ca, settings) as connection:
        client = _Client(connection, request)
        client.ask()
        while not (answer := client.take()):
            pass
        return answer


def _through(settings: Settings) -> ssl.SSLSocket:
    """A connection to the server by way of the proxy; it does not block from here on."""
    plain = socket.create_connection(settings.proxy, PATIENCE_S)
    place = f"{settings.server[0]}:{settings.server[1]}"
    plain.sendall(f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n\r\n".encode())
    if not plain.recv(READ).startswith(b"HTTP/1.1 200"):
        raise ConnectionError("the proxy opened no tunnel")
    connection = _secured(plain, settings.proxy_ca, settings)
    connection.setblocking(False)
    return connection


def _secured(plain: socket.socket, authority: str, settings: Settings) -> ssl.SSLSocket:
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return ssl.create_default_context(cafile=authority).wrap_socket(plain, server_hostname=settings.server[0])


def main(arguments: Sequence[str]) -> None:
    """Run, and print the result."""
    result = run(msgspec.json.decode(arguments[0], type=Settings))
    sys.stdout.buffer.write(msgspec.json.encode(result) + b"\n")


if __name__ == "__main__":
    main(sys.argv[1:])
