# SPDX-License-Identifier: Apache-2.0
"""An exchange made readable: its URL taken apart, its bodies decoded once and only when asked for."""

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from auditor.calls import Exchange, Headers
from auditor.dialects.framing import BodyTooLarge, Event, FormPart, decoded, read_form, stream_events
from auditor.dialects.framing.events import json_events
from auditor.dialects.values import decode_json, obj, text
from auditor.providers import Provider, ProviderHost, Providers


class Side:
    """One side of an exchange: headers by lower-case name (the last one wins), and the body in its readings."""

    def __init__(self, headers: Headers, body: bytes) -> None:
        self.headers = {name.lower(): value for name, value in headers}
        self._body = body

    @property
    def content_type(self) -> str:
        """The media type with its parameters, in lower case; empty where none is stated."""
        return self.headers.get("content-type", "").lower()

    @cached_property
    def body(self) -> bytes:
        """The body without its content encoding; empty where it unfolds beyond the limit."""
        encoding = self.headers.get("content-encoding")
        try:
            return decoded(self._body, encoding) if encoding and encoding != "identity" else self._body
        except BodyTooLarge:
            return b""

    @cached_property
    def json(self) -> Any:
        """The body as one JSON document, or None where it is none."""
        if not self.body:
            return None
        try:
            return decode_json(self.body)
        except ValueError:
            # Some recorders leave the sizes of the transfer's chunks in the body: the one object between them counts.
            found = json_events(self.body) if self.body[:1].isalnum() else []
            return found[0].data if len(found) == 1 else None

    @cached_property
    def form(self) -> tuple[FormPart, ...]:
        """The parts of a multipart body; none where it is none."""
        kind = self.headers.get("content-type", "")
        return read_form(self.body, kind) if kind.lower().startswith("multipart/") or self.body[:2] == b"--" else ()

    @cached_property
    def events(self) -> list[Event] | None:
        """The events of a streamed body, or None where it is one document."""
        found = stream_events(self.body, self.content_type)
        if found is None and self.body and self.json is None and self.body.lstrip()[:1] in (b"{", b"["):
            found = json_events(self.body) or None
        return found


class SocketMessage(NamedTuple):
    """A JSON message on a socket: whether the client sent it, its fields, and when (ms from the start)."""

    sent: bool
    fields: Mapping[str, Any]
    at_ms: float | None


class Wire:
    """An exchange with its provider: what dialects read.

    `path` is decoded, without doubled or trailing slashes; `method` is `SOCKET` for WebSocket conversations.
    """

    def __init__(self, exchange: Exchange, providers: Providers) -> None:
        self.exchange = exchange
        is_socket = bool(exchange.frames) or exchange.request.url.startswith("ws")
        self.method = "SOCKET" if is_socket else exchange.request.method.upper()
        self.request = Side(exchange.request.headers, exchange.request.body)
        self.response = Side(exchange.response.headers, exchange.response.body) if exchange.response else None
        self.status = exchange.response.status if exchange.response else None
        self.host, self.port, self.raw_path, self.path, self._query = _split(exchange.request.url)
        self.provider = self._provider(providers)

    def _provider(self, providers: Providers) -> Provider | None:
        known = providers.match(self.host, self.port, self.path) if self.host else None
        configured = self.exchange.dialect
        return ProviderHost(self.host, self.port, configured).provider() if configured and not known else known

    @cached_property
    def query(self) -> Mapping[str, str]:
        """The query's parameters; the last one of a name wins."""
        return dict(parse_qsl(self._query, keep_blank_values=True, max_num_fields=None)) if self._query else {}

    @cached_property
    def asked(self) -> Mapping[str, Any]:
        """The request's fields: of its JSON object, or the text fields of its form."""
        if self.request.form:
            return _form_fields(self.request.form)
        return obj(self.request.json)

    @property
    def files(self) -> tuple[FormPart, ...]:
        """The files of the request's form."""
        return tuple(part for part in self.request.form if part.filename is not None)

    def header(self, name: str) -> str | None:
        """A header of the response, or None."""
        return text(self.response.headers.get(name)) if self.response else None

    @cached_property
    def socket(self) -> list[SocketMessage]:
        """The JSON messages of a socket in their order, several of one frame apart; others are left out."""
        return [
            SocketMessage(one.direction == "sent", fields, one.at_ms)
            for one in self.exchange.frames
            for found in _documents(one.data or one.text or "")
            if (fields := obj(found))
        ]


class _Address(NamedTuple):
    """A URL taken apart; host and port are empty where it is none."""

    host: str
    port: int | None
    raw_path: str
    path: str
    query: str


@lru_cache(maxsize=1024)
def _split(url: str) -> _Address:
    """What an address says; the same few are called again and again, and hold no key here."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        parts = urlsplit("")
        host, port = "", None
    plain = parts.path if "//" not in parts.path else "/" + "/".join(filter(None, parts.path.split("/")))
    plain = unquote(plain) if "%" in plain else plain
    return _Address(host, port, parts.path, plain.rstrip("/") or "/", parts.query)


def _form_fields(form: tuple[FormPart, ...]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for part in form:
        if part.filename is not None:
            continue
        if part.name:
            fields[part.name] = part.text
        elif part.content_type == "application/json":
            fields |= obj(_json_or_none(part.data))
    return fields


def _documents(data: bytes | str) -> list[Any]:
    """The documents of one frame: mostly one, but a SignalR hub sends several, each with a separator behind it."""
    try:
        return [decode_json(data)]
    except ValueError:
        plain = data.encode() if isinstance(data, str) else data
        return [event.data for event in json_events(plain)] if plain[:1] == b"{" else []


def _json_or_none(data: bytes | str) -> Any:
    try:
        return decode_json(data)
    except ValueError:
        return None
