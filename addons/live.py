# SPDX-License-Identifier: Apache-2.0
"""One exchange while it passes: collects what the tees see and tells it in few messages.

The tees return what they are given, at once: the client's bytes never wait for the record. Small exchanges are told
in two writes (`Opened`, then `Passed` with `Ended`); long ones every `TELL_AFTER` bytes, slow ones by a timer.
"""

import time
from datetime import UTC, datetime
from typing import Literal, cast

from mitmproxy import http
from mitmproxy.connection import Server
from mitmproxy.websocket import WebSocketMessage

from auditor.calls import Connection, Frame, Headers, Origin
from auditor.gateway.arrivals import Arrivals
from auditor.gateway.link import RecorderLink
from auditor.gateway.messages import Answer, Ended, Opened, Passed, Side

TELL_AFTER = 64 * 1024
"""Bytes collected of one exchange before they are told."""


class Live:
    """An exchange in flight. Times count from its creation."""

    def __init__(self, flow: http.HTTPFlow, link: RecorderLink) -> None:
        self.id = flow.id
        self.flow = flow
        self._link = link
        self._began = time.perf_counter()
        self._first_byte: float | None = None
        self._arrivals = Arrivals()
        self._request: list[bytes] = []
        self._response: list[bytes] = []
        self._frames: list[Frame] = []
        self._answer: Answer | None = None
        self._size = 0
        self.request_done = False
        self.response_done = False

    def opened(self, dialect: str | None) -> Opened:
        """The head of the request, as the recorder is told before it leaves."""
        request = self.flow.request
        return Opened(
            id=self.id,
            time=datetime.now(UTC),
            method=request.method,
            url=url(self.flow),
            headers=headers(request.headers),
            origin=origin(self.flow),
            dialect=dialect,
        )

    def sent(self, data: bytes) -> bytes:
        """Tee of the request's body."""
        if data:
            self._request.append(data)
            self._collected(len(data))
        return data

    def received(self, data: bytes) -> bytes:
        """Tee of the response's body."""
        if data:
            now = self._now()
            if self._first_byte is None:
                self._first_byte = now
            self._arrivals.note(now, len(data))
            self._response.append(data)
            self._collected(len(data))
        return data

    def answered(self) -> None:
        """The head of the response is there."""
        assert self.flow.response
        self._answer = Answer(status=self.flow.response.status_code, headers=headers(self.flow.response.headers))

    def message(self) -> None:
        """A WebSocket message passed; mitmproxy's own list of them is emptied, it would grow with the conversation."""
        assert self.flow.websocket
        for one in self.flow.websocket.messages:
            self._frames.append(frame(one, self._now()))
            if self._first_byte is None and not one.from_client:
                self._first_byte = self._now()
            self._collected(len(one.content))
        self.flow.websocket.messages.clear()

    def tell(self) -> None:
        """Tell what was collected since the last time, if anything."""
        if not (self._size or self._answer):
            return
        self._link.passed(
            Passed(
                id=self.id,
                request=b"".join(self._request),
                response=b"".join(self._response),
                frames=tuple(self._frames),
                answer=self._answer,
            )
        )
        self._request.clear()
        self._response.clear()
        self._frames.clear()
        self._answer = None
        self._size = 0

    def end(self, interrupted: Side | None) -> None:
        """Tell the rest and how it ended."""
        self.tell()
        self._link.ended(
            Ended(
                id=self.id,
                duration_ms=self._now(),
                first_byte_ms=self._first_byte,
                connection=connection(self.flow),
                interrupted=interrupted,
                arrivals=self._arrivals.told(),
            )
        )

    def _collected(self, size: int) -> None:
        self._size += size
        if self._size >= TELL_AFTER:
            self.tell()

    def _now(self) -> float:
        return round((time.perf_counter() - self._began) * 1000, 3)


# --- facts of a flow --------------------------------------------------------------------------------------------


def headers(fields: http.Headers) -> Headers:
    """Header lines as they were sent; bytes that are no UTF-8 survive as surrogates and are replaced here."""
    return tuple(
        (name.decode("utf-8", "backslashreplace"), value.decode("utf-8", "backslashreplace"))
        for name, value in fields.fields
    )


def url(flow: http.HTTPFlow) -> str:
    """Where the request really goes: the address connected to, its name where the address is bare."""
    request = flow.request
    host = request.host if not is_bare(request.host) else flow.client_conn.sni or request.pretty_host
    scheme = request.scheme or "http"
    if request.headers.get("upgrade", "").lower() == "websocket":
        scheme = "wss" if scheme == "https" else "ws"
    default = {"https": 443, "wss": 443}.get(scheme, 80)
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}{'' if request.port == default else f':{request.port}'}{request.path}"


def frame(message: WebSocketMessage, at_ms: float | None) -> Frame:
    """One WebSocket message; text that is no UTF-8 keeps its readable part."""
    direction: Literal["sent", "received"] = "sent" if message.from_client else "received"
    if message.is_text:
        return Frame(direction=direction, text=message.content.decode(errors="replace"), at_ms=at_ms)
    return Frame(direction=direction, data=message.content, at_ms=at_ms)


def is_bare(host: str) -> bool:
    """Whether a host is an address, not a name."""
    return ":" in host or host.replace(".", "").isdecimal()


def origin(flow: http.HTTPFlow) -> Origin:
    """Who asks: the proxy user where one logged in, and the network address."""
    user = flow.metadata.get("proxyauth")
    peer = cast("tuple[str, int] | None", flow.client_conn.peername)  # a recorded flow may have none
    return Origin(address=peer[0] if peer else None, user=user[0] if user else None)


def connection(flow: http.HTTPFlow) -> Connection:
    """Facts of the connection to the provider; empty where none came about."""
    server = flow.server_conn
    return Connection(
        server_address=_address(server),
        http_version=flow.response.http_version if flow.response else None,
        tls_version=server.tls_version,
        alpn=server.alpn.decode("ascii", "replace") if server.alpn else None,
    )


def _address(server: Server) -> str | None:
    if not server.peername:
        return None
    host, port = server.peername[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
