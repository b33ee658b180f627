# SPDX-License-Identifier: Apache-2.0
"""Reads mitmproxy's flow files (`mitmdump -w`) entry by entry, for `auditor import`, which loads this module by name.

A flow file is a run of tnetstrings, each the state of one flow (`mitmproxy.io`). What is no HTTP is named and left out;
a flow that cannot be read is named and the others are kept; where the run itself is broken, nothing follows any more.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO

from mitmproxy.flow import Flow
from mitmproxy.http import HTTPFlow
from mitmproxy.io import compat, tnetstring

from addons.live import connection, frame, headers, origin, url
from auditor.calls import Exchange, Frame, Request, Response
from auditor.gateway.messages import Side
from auditor.imports.entries import BadEntry

_CLIENT_LEFT = ("Client disconnected", "stream reset by client")
"""How mitmproxy's error texts begin where the client broke off."""


def exchanges(file: BinaryIO) -> Iterator[Exchange | BadEntry]:
    """The exchanges of a flow file in their order, with ids left empty."""
    number = 0
    while file.read(1):
        file.seek(-1, 1)
        number += 1
        try:
            state: Any = tnetstring.load(file)
        except (ValueError, TypeError, IndexError, MemoryError, RecursionError):
            yield BadEntry(place=f"entry {number}", what="the file breaks off or is damaged here")
            return
        yield _entry(state, f"entry {number}")


def _entry(state: Any, place: str) -> Exchange | BadEntry:
    try:
        flow = Flow.from_state(compat.migrate_flow(state))
    except Exception as error:  # mitmproxy raises what it meets: KeyError, TypeError, ValueError …
        return BadEntry(place=place, what=f"it is no flow that can be read ({type(error).__name__})")
    if not isinstance(flow, HTTPFlow):
        return BadEntry(place=place, what=f"it is {flow.type.upper()}, not HTTP")
    try:
        return exchange(flow)
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        return BadEntry(place=place, what=f"its request or response is incomplete ({type(error).__name__})")


def exchange(flow: HTTPFlow) -> Exchange:
    """One recorded flow as an exchange."""
    request, response = flow.request, flow.response
    began = request.timestamp_start
    return Exchange(
        id="",
        time=datetime.fromtimestamp(began, UTC),
        request=Request(
            method=request.method,
            url=url(flow),
            headers=headers(request.headers),
            body=request.raw_content or b"",
        ),
        response=Response(
            status=response.status_code, headers=headers(response.headers), body=response.raw_content or b""
        )
        if response
        else None,
        duration_ms=_since(began, _end(flow)),
        first_byte_ms=_since(began, response.timestamp_start) if response else None,
        origin=origin(flow),
        connection=connection(flow),
        frames=_frames(flow),
        interrupted=_interrupted(flow),
    )


def _end(flow: HTTPFlow) -> float | None:
    if flow.websocket:
        return flow.websocket.timestamp_end
    return flow.response.timestamp_end if flow.response else None


def _since(began: float, moment: float | None) -> float | None:
    return None if moment is None else round((moment - began) * 1000, 3)


def _frames(flow: HTTPFlow) -> tuple[Frame, ...]:
    if flow.websocket is None:
        return ()
    began = flow.request.timestamp_start
    return tuple(frame(one, _since(began, one.timestamp)) for one in flow.websocket.messages)


def _interrupted(flow: HTTPFlow) -> Side | None:
    if flow.error is None:
        return None
    return "client" if flow.error.msg.startswith(_CLIENT_LEFT) else "provider"
