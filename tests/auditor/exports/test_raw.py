# SPDX-License-Identifier: Apache-2.0
import gzip
from datetime import UTC, datetime
from typing import Any

from auditor.calls import Connection, Exchange, Frame, Request, Response
from auditor.exports.raw import raw_lines


def exchange(**facts: Any) -> Exchange:
    request = Request(method="POST", url="https://api.openai.com/v1/x", headers=(("A", "1"), ("a", "2")), body=b"{}")
    return Exchange(id="x", time=datetime(2026, 11, 23, tzinfo=UTC), request=request, **facts)


def test_both_sides_are_told_with_their_headers_in_order() -> None:
    response = Response(status=200, headers=(("content-encoding", "gzip"),), body=gzip.compress("Zoë".encode()))
    told = list(raw_lines(exchange(response=response, connection=Connection(http_version="HTTP/2"))))
    assert told == [
        *("POST https://api.openai.com/v1/x", "A: 1", "a: 2", "", "{}"),
        "",
        *("HTTP/2 200", "content-encoding: gzip", "", "Zoë"),
    ]


def test_bodies_that_are_no_text_are_told_by_size_and_beginning() -> None:
    told = list(raw_lines(exchange(response=Response(status=200, body=b"\xff" * 1000))))
    assert told[-1].startswith("(1000 bytes) ff ff")
    assert told[-1].endswith(" …")
    assert len(told[-1]) < 1000


def test_socket_messages_say_their_direction_and_losses_are_told() -> None:
    frames = (Frame(direction="sent", text="a"), Frame(direction="received", data=b"\0\xff"))
    told = list(raw_lines(exchange(frames=frames, truncated=7)))
    assert told[-3:] == ["> a", "< (2 bytes) 00 ff", "(7 more bytes passed and were not captured)"]
