# SPDX-License-Identifier: Apache-2.0
"""A provider for tests: real TLS on loopback, HTTP/1.1 and HTTP/2, WebSockets; each path behaves badly in its own way.

It is no part of what is tested: HTTP/1.1 is written by hand, HTTP/2 on h2, WebSockets on websockets. What it received
and what it answered is kept, so that a test can compare bytes.
"""

import asyncio
import gzip
import hashlib
import json
import threading
import zlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qs, urlsplit

import brotli
import h2.config
import h2.connection
import h2.events
import h2.exceptions
import zstandard

from tests.e2e.authority import TestAuthority

ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


@dataclass
class Hit:
    """One request as it arrived."""

    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes = b""


class Cut(Exception):
    """The answer ends here, with the connection."""


@dataclass
class Answer:
    """What goes back: the head, the time in it, then the body in pieces; a `Cut` among them breaks off."""

    status: int
    headers: list[tuple[str, str]]
    pieces: AsyncIterator[bytes]

    def __post_init__(self) -> None:
        self.headers.append(("date", formatdate(usegmt=True)))


def completion(text: str = "Hello from upstream.") -> bytes:
    """A chat completion as OpenAI's API describes it."""
    return json.dumps(
        {
            "id": "chatcmpl-test",
            "object": "chat.completion",
            "created": 1,
            "model": "gpt-4o-2024-08-06",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13},
        }
    ).encode()


def events(count: int, seed: str) -> list[bytes]:
    """A streamed chat completion; the same seed gives the same bytes."""
    chunks = [
        {
            "id": "chatcmpl-stream",
            "object": "chat.completion.chunk",
            "model": "gpt-4o",
            "choices": [{"index": 0, "delta": {"content": f"{seed}-{number} "}, "finish_reason": None}],
        }
        for number in range(count)
    ]
    return [b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in chunks] + [b"data: [DONE]\n\n"]


_held: defaultdict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(0))


def let_go(name: str) -> None:
    """Let a stream with `held=name` send its next piece; the first goes out by itself."""
    _held[name].release()


async def respond(hit: Hit) -> Answer:
    """The answer to a request, by the last part of its path and its query."""
    parts = urlsplit(hit.path)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    kind = parts.path.rsplit("/", 1)[-1]
    if kind == "stream":
        return Answer(200, [("content-type", "text/event-stream")], _slowly(query))
    if kind == "error":
        body = json.dumps({"error": {"message": "no", "type": "test", "code": query["status"]}}).encode()
        return _whole(int(query["status"]), body)
    if kind == "reset":
        return Answer(200, [("content-type", "application/json"), ("content-length", "1000")], _cut(b'{"id": "cut'))
    if kind == "cutstream":
        return Answer(200, [("content-type", "text/event-stream")], _cut(*events(2, "cut")[:2]))
    if kind == "digest":
        return _whole(200, json.dumps({"sha256": hashlib.sha256(hit.body).hexdigest(), "n": len(hit.body)}).encode())
    if kind == "bytes":
        return _whole(200, hashlib.shake_256(query["seed"].encode()).digest(int(query["size"])), "application/binary")
    encoding = query.get("encoding")
    body = completion()
    if encoding:
        return _whole(200, ENCODERS[encoding](body), encoding=encoding)
    return _whole(200, body)


def _whole(status: int, body: bytes, content_type: str = "application/json", encoding: str | None = None) -> Answer:
    async def pieces() -> AsyncIterator[bytes]:
        yield body

    headers = [("content-type", content_type), ("content-length", str(len(body)))]
    return Answer(status, headers + ([("content-encoding", encoding)] if encoding else []), pieces())


async def _slowly(query: dict[str, str]) -> AsyncIterator[bytes]:
    for piece in events(int(query.get("n", 5)), query.get("seed", "s")):
        yield piece
        if "held" in query:
            while not _held[query["held"]].acquire(blocking=False):  # noqa: ASYNC110 - another thread lets go
                await asyncio.sleep(0.005)
        else:
            await asyncio.sleep(float(query.get("delay", 0.01)))


async def _cut(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
        await asyncio.sleep(0.05)
    raise Cut


@dataclass
class Upstream:
    """The server, in a thread of its own; `hits` are the requests whose head arrived, in their order."""

    authority: TestAuthority
    hits: list[Hit] = field(default_factory=list)
    port: int = 0
    websocket_port: int = 0
    host: str = "127.0.0.1"
    keeps: bool = True
    """Whether requests are kept in `hits`; not for a load of hours."""

    def __enter__(self) -> "Upstream":
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="upstream", daemon=True)
        self._thread.start()
        self.port, self.websocket_port = self.call(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self.call(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)
        self._loop.close()

    def call[T](self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the server's thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def _start(self) -> tuple[int, int]:
        from websockets.asyncio.server import serve

        context = self.authority.server_context()
        self._server = await asyncio.start_server(self._connection, self.host, 0, ssl=context, backlog=512)
        plain = self.authority.server_context(("http/1.1",))
        self._websockets = await serve(_echo, "127.0.0.1", 0, ssl=plain)
        ports = [server.sockets[0].getsockname()[1] for server in (self._server, self._websockets)]
        return ports[0], ports[1]

    async def _stop(self) -> None:
        self._server.close()
        self._websockets.close()
        await self._websockets.wait_closed()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._server.wait_closed()
        await asyncio.sleep(0.05)  # aborted transports close their sockets in the next turns of the loop

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if writer.get_extra_info("ssl_object").selected_alpn_protocol() == "h2":
                await _Http2(self, reader, writer).run()
            else:
                while await self._http1(reader, writer):
                    pass
        except (ConnectionError, asyncio.IncompleteReadError, Cut):
            pass
        finally:
            writer.transport.abort()

    async def _http1(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        method, path, _ = head[0].split(" ")
        headers = [
            (name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in head[1:] if line)
        ]
        hit = Hit(method, path, headers)
        self.hits.append(hit)
        named = dict(headers)
        if "chunked" in named.get("transfer-encoding", ""):
            while size := int(await reader.readline(), 16):
                hit.body += await reader.readexactly(size)
                await reader.readexactly(2)
            await reader.readexactly(2)
        else:
            await _read_body(reader, hit, int(named.get("content-length", "0")))
        answer = await respond(hit)
        sized = any(name == "content-length" for name, _ in answer.headers)
        fields = answer.headers + ([] if sized else [("transfer-encoding", "chunked")])
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
        writer.write(f"HTTP/1.1 {answer.status} OK\r\n{lines}\r\n".encode())
        async for piece in answer.pieces:
            writer.write(piece if sized else b"%x\r\n%s\r\n" % (len(piece), piece))
            await writer.drain()
        if not sized:
            writer.write(b"0\r\n\r\n")
        await writer.drain()
        self.answered(hit)
        return True

    def answered(self, hit: Hit) -> None:
        """A request is done with."""
        if not self.keeps:
            self.hits.remove(hit)


async def _read_body(reader: asyncio.StreamReader, hit: Hit, size: int) -> None:
    """Piece by piece, so that a test sees how much has come."""
    while len(hit.body) < size:
        piece = await reader.read(size - len(hit.body))
        if not piece:
            raise asyncio.IncompleteReadError(hit.body, size)
        hit.body += piece


class _Http2:
    """One HTTP/2 connection."""

    def __init__(self, upstream: Upstream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._upstream = upstream
        self._reader = reader
        self._writer = writer
        self._h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        self._hits: dict[int, Hit] = {}
        self._window = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        self._h2.initiate_connection()
        self._h2.update_settings({h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: 256})
        self._flush()
        while data := await self._reader.read(65536):
            for event in self._h2.receive_data(data):
                await self._handle(event)
            self._flush()

    async def _handle(self, event: h2.events.Event) -> None:
        if isinstance(event, h2.events.RequestReceived):
            named = dict(event.headers)
            hit = Hit(named[":method"], named[":path"], [(n, v) for n, v in event.headers if not n.startswith(":")])
            self._hits[event.stream_id] = hit
            self._upstream.hits.append(hit)
        elif isinstance(event, h2.events.DataReceived):
            self._hits[event.stream_id].body += event.data
            self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            task = asyncio.create_task(self._answer(event.stream_id))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif isinstance(event, h2.events.WindowUpdated | h2.events.RemoteSettingsChanged):
            async with self._window:
                self._window.notify_all()

    async def _answer(self, stream: int) -> None:
        hit = self._hits.pop(stream) if not self._upstream.keeps else self._hits[stream]
        answer = await respond(hit)
        try:
            self._h2.send_headers(stream, [(":status", str(answer.status)), *answer.headers])
            self._flush()
            async for piece in answer.pieces:
                await self._send(stream, piece)
            self._h2.end_stream(stream)
        except Cut:
            self._h2.reset_stream(stream)
        except h2.exceptions.ProtocolError:
            pass  # the client has reset the stream
        self._upstream.answered(hit)
        self._flush()

    async def _send(self, stream: int, piece: bytes) -> None:
        while piece:
            async with self._window:
                await self._window.wait_for(lambda: self._h2.local_flow_control_window(stream) > 0)
            room = min(self._h2.local_flow_control_window(stream), self._h2.max_outbound_frame_size)
            self._h2.send_data(stream, piece[:room])
            piece = piece[room:]
            self._flush()

    def _flush(self) -> None:
        self._writer.write(self._h2.data_to_send())


async def _echo(socket: Any) -> None:
    async for message in socket:
        await socket.send(message)
        if message == "close badly":
            socket.transport.abort()
