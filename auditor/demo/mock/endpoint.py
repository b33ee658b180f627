# SPDX-License-Identifier: Apache-2.0
"""What every endpoint of the mock does: read JSON, check the key, answer in JSON or as a stream, refuse in style.

Tornado serves HTTP/1.1 over TLS; it is there already, since the proxy depends on it. Each event of a stream is
flushed by itself, so that a client sees it at once.
"""

import asyncio
import gzip
import itertools
from collections.abc import Iterable
from typing import Any, ClassVar

import msgspec
from tornado.iostream import StreamClosedError
from tornado.web import RequestHandler

from auditor.demo.mock.openai_files import Refused, Shelf

type Json = dict[str, Any]


class Mock:
    """What all handlers share: the uploaded files, the pace of streams (seconds between events), request numbers."""

    def __init__(self, pace: float = 0.0) -> None:
        self.pace = pace
        self.shelf = Shelf()
        self.numbers = itertools.count(1)


class Endpoint(RequestHandler):
    """Base of the endpoints: JSON in, JSON or a stream out, errors in the provider's own shape."""

    models: ClassVar[tuple[str, ...]]
    mock: Mock
    number: int

    def initialize(self, mock: Mock) -> None:
        """Takes the shared state; every request gets a number its identifiers are made of."""
        self.mock = mock
        self.number = next(mock.numbers)

    def set_default_headers(self) -> None:
        """A provider's answers name no Tornado."""
        self.clear_header("Server")

    def prepare(self) -> None:
        """Refuses a request without a key, or with one the provider does not know."""
        key = self.key()
        if not key or "invalid" in key:
            self.refuse(self.unauthorised())

    def key(self) -> str:
        """The API key a request carries, empty where it carries none."""
        return self.request.headers.get("Authorization", "").removeprefix("Bearer ")

    def unauthorised(self) -> Refused:
        """How the provider refuses a key."""
        raise NotImplementedError

    def refuse(self, refused: Refused) -> None:
        """Writes the provider's error object."""
        raise NotImplementedError

    async def handle(self) -> None:
        """Answers the request; `Refused` becomes the provider's error."""
        raise NotImplementedError

    async def post(self, *_: str) -> None:
        """Answers, in time with the pace."""
        try:
            await self.handle()
        except Refused as refused:
            self.refuse(refused)
        except (KeyError, TypeError, ValueError) as broken:
            self.refuse(Refused(400, f"The request could not be read: {type(broken).__name__}"))
        except StreamClosedError:
            return

    def json(self) -> Json:
        """The request's JSON object."""
        return msgspec.json.decode(self.request.body, type=dict[str, Any])

    def known(self, model: str, missing: Refused) -> None:
        """Refuses a model this provider does not have."""
        if model not in self.models:
            raise missing

    def unary(self, body: Json, status: int = 200) -> None:
        """Writes a JSON body, compressed where the client takes gzip."""
        encoded = msgspec.json.encode(body)
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.set_header("Vary", "Accept-Encoding")
            encoded = gzip.compress(encoded, mtime=0)
        self.finish(encoded)

    async def stream(self, events: Iterable[Json], *, named: bool, end: str = "") -> None:
        """Writes server-sent events one by one, `named` with their type, then `end`."""
        self.set_header("Content-Type", "text/event-stream; charset=utf-8")
        self.set_header("Cache-Control", "no-cache")
        for event in events:
            name = f"event: {event['type']}\n" if named else ""
            await self.send(f"{name}data: {msgspec.json.encode(event).decode()}\n\n")
        if end:
            await self.send(end)

    async def send(self, text: str) -> None:
        """Sends a piece of a stream at once, after the pace's pause."""
        if self.mock.pace:
            await asyncio.sleep(self.mock.pace)
        self.write(text)
        await self.flush()
