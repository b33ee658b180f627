# SPDX-License-Identifier: Apache-2.0
"""A provider that misbehaves: what it answers, byte for byte, by the path that is asked for."""

import contextlib
import gzip
import socket
import ssl
import threading
import time
from collections.abc import Iterator

from tests.e2e.authority import TestAuthority

HOST = "api.anthropic.com"
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
BOMB = gzip.compress(b'{"model": "m", "content": [{"type": "text", "text": "' + b" " * 50_000_000 + b'"}]}')
ANSWERS: dict[str, bytes] = {
    "no-answer": b"",
    "no-http": b"\x00\xff" * 2048,
    "half": _HEAD + b"content-length: 1000\r\n\r\nhalf",
    "half-a-chunk": _HEAD + b"transfer-encoding: chunked\r\n\r\nffff\r\nhalf",
    "no-chunk": _HEAD + b"transfer-encoding: chunked\r\n\r\nzzzz\r\n",
    "two-lengths": _HEAD + b"content-length: 4\r\ncontent-length: 9\r\n\r\nfourfive5",
    "endless-head": _HEAD + b"".join(b"x-filler-%d: %s\r\n" % (number, b"x" * 2000) for number in range(2000)),
    "empty-name": b"HTTP/1.1 200 OK\r\n: nothing\r\n\r\n",
    "bomb": _HEAD + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(BOMB) + BOMB,
}
"""What is sent before this side of the connection is closed; the other side stays open."""
_SETTINGS = b"\x00\x00\x00\x04\x00\x00\x00\x00\x00"
HTTP2 = {
    "api.mistral.ai": b"",
    "api.cohere.com": b"\xff" * 100,
    "api.groq.com": _SETTINGS + b"\x00\x00\x05\x01\x04\x00\x00\x00\x09\xff\xff\xff\xff\xff",
    "api.deepseek.com": _SETTINGS + b"\xff\xff\xff\x00\x00\x00\x00\x00\x01",
}
"""What hosts say that agreed on HTTP/2, whatever they are asked: nothing, no frame, a head on a stream that was never
opened and that no table decodes, a frame of 16 MiB."""


@contextlib.contextmanager
def provider(authority: TestAuthority, http2: bytes | None = None) -> Iterator[int]:
    """Listens on loopback as `HOST`; yields the port. With `http2` it agrees on that and says so much."""
    context = authority.server_context(("http/1.1",) if http2 is None else ("h2",))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_accept, args=(listening, context, http2), daemon=True).start()
        yield listening.getsockname()[1]


def _accept(listening: socket.socket, context: ssl.SSLContext, http2: bytes | None) -> None:
    with contextlib.suppress(OSError):
        while True:
            plain, _ = listening.accept()
            threading.Thread(target=_serve, args=(plain, context, http2), daemon=True).start()


def _serve(plain: socket.socket, context: ssl.SSLContext, http2: bytes | None) -> None:
    plain.settimeout(10)
    with contextlib.suppress(OSError), context.wrap_socket(plain, server_side=True) as secure:
        if http2 is None:
            asked = b""
            while b"\r\n\r\n" not in asked and (piece := secure.recv(65536)):
                asked += piece
            secure.sendall(ANSWERS[asked.split(b" ", 2)[1].decode().rpartition("/")[2]])
        else:
            secure.recv(65536)
            secure.sendall(http2)
        secure.unwrap() if http2 is None else time.sleep(0.2)
