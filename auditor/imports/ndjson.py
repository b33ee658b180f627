# SPDX-License-Identifier: Apache-2.0
"""NDJSON of exchanges: one JSON object a line, as the contract documents it (docs/user-guide.md, "Import").

A line stands alone: a broken one is named and the next is read. A line longer than `MAX_LINE` is passed over without
being held in memory.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, BinaryIO, Literal

import msgspec

from auditor.calls import Exchange, Frame, Headers, Origin, Request, Response
from auditor.imports.entries import BadEntry, Entry, Unreadable, cause, checked_url

MAX_LINE = 256 * 1024 * 1024
"""Longest line that is read, in bytes."""

_PIECE = 1024 * 1024


class _Body(msgspec.Struct, frozen=True, kw_only=True):
    headers: Headers = ()
    body: str | None = None
    body_b64: bytes | None = None

    def content(self) -> bytes:
        if self.body is not None and self.body_b64 is not None:
            raise Unreadable("`body` and `body_b64` exclude each other")
        return self.body_b64 or (self.body or "").encode()


class _Request(_Body, frozen=True, kw_only=True):
    method: str
    url: str


class _Response(_Body, frozen=True, kw_only=True):
    status: Annotated[int, msgspec.Meta(ge=0, le=999)]


class _Frame(msgspec.Struct, frozen=True, kw_only=True):
    direction: Literal["sent", "received"]
    text: str | None = None
    data_b64: bytes | None = None
    at_ms: float | None = None


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    time: Annotated[datetime, msgspec.Meta(tz=True)]
    request: _Request
    response: _Response | None = None
    duration_ms: float | None = None
    first_byte_ms: float | None = None
    client: Origin = Origin()
    messages: tuple[_Frame, ...] = ()


_decode = msgspec.json.Decoder(_Line).decode


def exchanges(file: BinaryIO) -> Iterator[Entry]:
    """Yields the exchange, or the cause why there is none, of each line that is not blank."""
    for number, line in enumerate(_lines(file), start=1):
        if line is None:
            yield BadEntry(place=f"line {number}", what=f"it is longer than {MAX_LINE // 2**20} MiB")
        elif text := line.strip():
            yield _entry(number, text)


def _entry(number: int, line: bytes) -> Entry:
    try:
        return _exchange(_decode(line))
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError) as e:
        return BadEntry(place=f"line {number}", what=cause(e))


def _exchange(line: _Line) -> Exchange:
    request = line.request
    return Exchange(
        id="",
        time=line.time.astimezone(UTC),
        request=Request(
            method=request.method, url=checked_url(request.url), headers=request.headers, body=request.content()
        ),
        response=_response(line.response) if line.response else None,
        duration_ms=line.duration_ms,
        first_byte_ms=line.first_byte_ms,
        origin=line.client,
        frames=tuple(Frame(direction=f.direction, text=f.text, data=f.data_b64, at_ms=f.at_ms) for f in line.messages),
    )


def _response(response: _Response) -> Response:
    return Response(status=response.status, headers=response.headers, body=response.content())


def _lines(file: BinaryIO) -> Iterator[bytes | None]:
    """The lines of a file; `None` stands for one that is too long."""
    while line := file.readline(_PIECE):
        yield line if line.endswith(b"\n") else _long(file, line)


def _long(file: BinaryIO, first: bytes) -> bytes | None:
    """The rest of a line that began with `first`; pieces of one that is too long are dropped as they come."""
    pieces, size, piece = [first], len(first), first
    while not piece.endswith(b"\n") and (piece := file.readline(_PIECE)):
        pieces.append(piece)
        size += len(piece)
        if size > MAX_LINE:
            pieces.clear()
    return b"".join(pieces) if size <= MAX_LINE else None
