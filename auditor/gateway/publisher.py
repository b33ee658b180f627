# SPDX-License-Identifier: Apache-2.0
"""The listener that publishes a gateway's sealed records to holders of a read token, by TLS 1.3. Paths: `sync.remote`.

What holds:
- Nothing is said to a wrong token, not even whether a path exists; who tries many is made to wait.
- A slow reader holds no transaction of the ledger: a piece is read whole (aside, sealed as it is) before it is sent.
- Connections, their time and their sizes are bounded; each token has a rate. The recorder runs in another process.
"""

import contextlib
import logging
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from auditor.errors import AuditorError, EnvironmentFailure, InputError
from auditor.gateway.guard import Guard
from auditor.gateway.readers import Readers, Scope, listener_file
from auditor.store.keys.enrolment import Enrolment
from auditor.store.ledger import engine, erasure
from auditor.store.location import Location
from auditor.store.server import feed
from auditor.sync.remote import About
from auditor.sync.sources import STEP

log = logging.getLogger(__name__)

MOST_CONNECTIONS: Final = 64
LONGEST_WAIT: Final = 20.0
"""Seconds an answer may be held back until there is news."""
LOOK: Final = 0.2
"""Seconds between looks for news while somebody waits for it."""

_HANDSHAKE, _IDLE, _POLL = 5.0, 60.0, 0.1
_IN_MEMORY, _LARGEST_ORDER, _DRAINED = 8 << 20, 16 << 20, 1 << 16


class Publisher:
    """What is published: one ledger's sealed rows, to whom `readers` knows."""

    def __init__(self, location: Location, enrolment: Enrolment) -> None:
        self.readers = Readers(enrolment.folder)
        self._location = location
        self._enrolment = enrolment
        self._file = location.ledger_file(enrolment.ledger)

    def about(self) -> bytes:
        """Store, ledger and size."""
        about = About(store=self._enrolment.store.id, ledger=self._enrolment.ledger, size=self._size())
        return msgspec.json.encode(about)

    def piece(self, after: int, wait: float, into: IO[bytes]) -> None:
        """Write the next piece past so many leaves, if there is one within so many seconds."""
        until = time.monotonic() + min(wait, LONGEST_WAIT)
        while self._size() <= after and time.monotonic() < until:
            time.sleep(LOOK)
        with engine.translated(self._file):
            for part in feed.read(engine.reading_engine(self._file), self._enrolment.ledger, after, STEP):
                encoded = feed.encode(part)
                into.write(len(encoded).to_bytes(4) + encoded)

    def erasures(self, known: int) -> bytes:
        """The rows that say what lost its content; empty where there are as many as known."""
        with engine.translated(self._file):
            rows = feed.erasures(engine.reading_engine(self._file), self._enrolment.ledger, known)
        return msgspec.msgpack.encode(rows) if rows is not None else b""

    def order(self, raw: bytes) -> None:
        """Lay down erasures for the ledger's writer. Raises what does not hold of them."""
        leaves = erasure.checked(raw, "What came", self._enrolment.store, self._enrolment.ledger)
        erasure.order(self._location, self._enrolment.ledger, leaves)

    def _size(self) -> int:
        with engine.translated(self._file):
            return feed.size(engine.reading_engine(self._file), self._enrolment.ledger)


@contextlib.contextmanager
def serve(publisher: Publisher, address: tuple[str, int], folder: Path) -> Iterator[tuple[str, int]]:
    """Publish at an address while the block runs; where it listens. Raises `EnvironmentFailure` for a taken port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(listener_file(folder))
    try:
        server = _Server(address, publisher, context)
    except OSError as error:
        message = f"Records cannot be published at {address[0]}:{address[1]}: {error.strerror}."
        raise EnvironmentFailure(message, "Choose another --publish HOST:PORT.") from error
    thread = threading.Thread(target=server.serve_forever, args=(_POLL,), name="publisher", daemon=True)
    thread.start()
    try:
        host, port, *_ = server.socket.getsockname()
        yield host, port
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = MOST_CONNECTIONS

    def __init__(self, address: tuple[str, int], publisher: Publisher, context: ssl.SSLContext) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.publisher = publisher
        self.context = context
        self.guard = Guard()
        self._places = threading.Semaphore(MOST_CONNECTIONS)
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve in a thread, unless all places are taken."""
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve, then free the place."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Handshakes and readers that break off are daily bread."""
        log.debug("a reader's connection broke off", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "auditor", ""

    def setup(self) -> None:
        """Shake hands here, in the reader's own thread, and not for long."""
        self.request.settimeout(_HANDSHAKE)
        self.request = self.server.context.wrap_socket(self.request, server_side=True)
        self.request.settimeout(_IDLE)
        super().setup()

    def finish(self) -> None:
        """End TLS, too."""
        super().finish()
        self.request.close()

    def do_GET(self) -> None:
        """Answer what a token for records may ask."""
        if self._is_let_in(Scope.RECORDS):
            self._try(self._get)

    def do_POST(self) -> None:
        """Take what a token for orders may deliver."""
        text = self.headers.get("Content-Length", "")
        length = int(text) if text.isdecimal() else -1
        if not self._is_let_in(Scope.ORDERS):
            self.rfile.read(min(max(length, 0), _DRAINED))  # unread bytes would break the answer off
        elif not 0 <= length <= _LARGEST_ORDER:
            self._say(413)
        else:
            self._try(lambda: self._post(self.rfile.read(length)))

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not logged."""

    def _get(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        publisher = self.server.publisher
        match parts.path:
            case "/v1/ledger":
                self._say(200, publisher.about())
            case "/v1/erasures":
                self._say(200, publisher.erasures(int(asked.get("known", "0"))))
            case "/v1/records":
                with tempfile.SpooledTemporaryFile(_IN_MEMORY) as piece:
                    publisher.piece(int(asked.get("after", "0")), float(asked.get("wait", "0")), piece)
                    self._send(piece)
            case _:
                self._say(404)

    def _post(self, body: bytes) -> None:
        if urlsplit(self.path).path != "/v1/orders":
            self._say(404)
            return
        self.server.publisher.order(body)
        self._say(202)

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (ValueError, InputError):
            self._say(400)
        except AuditorError as error:
            log.warning("%s", error.message)
            self._say(503 if isinstance(error, EnvironmentFailure) else 422)

    def _is_let_in(self, scope: Scope) -> bool:
        """Whether the token is one of ours, for this, and not used too often; else the answer is given here."""
        address, guard = self.client_address[0], self.server.guard
        if guard.is_barred(address):
            self._say(429)
            return False
        id_, _, secret = self.headers.get("Authorization", "").removeprefix("Bearer ").partition(".")
        reader = self.server.publisher.readers.find(id_, secret)
        if reader is None:
            guard.failed(address)
            log.warning("%s was turned away: its token is wrong, revoked or over", address)
        elif not guard.admits(reader):
            self._say(429)
            return False
        elif scope in reader.scopes:
            return True
        self._say(401 if reader is None else 403)
        return False

    def _send(self, piece: IO[bytes]) -> None:
        size = piece.tell()
        if not size:
            self._say(204)
            return
        piece.seek(0)
        self._head(200, size)
        while some := piece.read(1 << 16):
            self.wfile.write(some)

    def _say(self, status: int, body: bytes = b"") -> None:
        """A short answer. A refusal ends the connection: a body that was not read would be taken for a request."""
        self.close_connection = self.close_connection or status >= 400
        self._head(status, len(body))
        self.wfile.write(body)

    def _head(self, status: int, length: int) -> None:
        self.send_response_only(status)
        if status != 204:
            self.send_header("Content-Length", str(length))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
