# SPDX-License-Identifier: Apache-2.0
"""However a call is cut into pieces on its way, it is the same call: tee, messages, frames, assembly, reading.

Everything between the network and the reading takes part as it is, but for the socket between proxy and recorder: what
would travel through it is cut anew.
"""

import asyncio
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mitmproxy.http import Headers, Response
from mitmproxy.test import tflow, tutils

from addons import live
from addons.capture import Capture, Policy
from addons.scope import Scope
from auditor.calls import Exchange, Reading
from auditor.dialects import parse
from auditor.gateway.assembly import Assembly
from auditor.gateway.messages import Ended, FrameReader, Opened, Passed, frame, from_proxy
from auditor.gateway.spill import Spill
from tests.auditor.dialects.exchanges import PROVIDERS, WHEN
from tests.auditor.dialects.samples import SAMPLES

COVERED = [one for one in SAMPLES if PROVIDERS.is_ai_host(urlsplit(one.request.url).hostname or "")]
SIZES = st.lists(st.integers(1, 90), min_size=1, max_size=6)


class Wire:
    """A line to the recorder that keeps the bytes which would travel."""

    def __init__(self) -> None:
        self.bytes = bytearray()
        self.failing = False

    async def begin(self, opened: Opened) -> None:
        self.bytes += frame(opened)

    def passed(self, message: Passed) -> None:
        self.bytes += frame(message)

    def ended(self, message: Ended) -> None:
        self.bytes += frame(message)


def pieces(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    """The data in pieces of these sizes, over and over."""
    at = 0
    for size in cycle(sizes):
        if at >= len(data):
            return
        yield data[at : at + size]
        at += size


async def captured(one: Exchange, sent: list[int], received: list[int]) -> bytes:
    """What the proxy tells the recorder of a call whose bodies pass in pieces."""
    wire, parts = Wire(), urlsplit(one.request.url)
    assert one.response
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    request = tutils.treq(
        method=one.request.method.encode(),
        host=parts.hostname or "",
        port=parts.port or 443,
        scheme=parts.scheme.encode(),
        authority=b"",
        path=path.encode(),
        headers=_headers(one.request.headers),
    )
    flow: Any = tflow.tflow(req=request)
    capture = Capture(wire, Scope((), lambda: None), Policy("wait", "block"))  # type: ignore[arg-type]
    await capture.requestheaders(flow)
    for piece in pieces(one.request.body, sent):
        flow.request.stream(piece)
    capture.request(flow)
    flow.response = Response.make(one.response.status, b"", _headers(one.response.headers))
    capture.responseheaders(flow)
    for piece in pieces(one.response.body, received):
        flow.response.stream(piece)
    capture.response(flow)
    return bytes(wire.bytes)


def _headers(pairs: tuple[tuple[str, str], ...]) -> Headers:
    return Headers([(name.encode(), value.encode()) for name, value in pairs])


def assembled(told: bytes, sizes: list[int], folder: Path) -> Exchange:
    """The exchange that the recorder puts together of what it is told."""
    reader, assembly = FrameReader(), None
    for piece in pieces(told, sizes):
        for payload in reader.feed(piece):
            message = from_proxy(payload)
            if isinstance(message, Opened):
                assembly = Assembly(message, lambda: Spill(folder, 64))
            elif isinstance(message, Passed):
                assert assembly
                assembly.passed(message)
            elif isinstance(message, Ended):
                assert assembly
                return assembly.finish(message)
    raise AssertionError("the exchange did not end")


def settled(readings: tuple[Reading, ...]) -> list[Reading]:
    """Readings without the facts of when and over which connection."""
    return [
        msgspec.structs.replace(
            one,
            call=msgspec.structs.replace(
                one.call, id="x", time=WHEN, duration_ms=None, ttft_ms=None, server_address=None
            ),
        )
        for one in readings
    ]


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=st.sampled_from(COVERED), sent=SIZES, received=SIZES, told=SIZES, together=st.integers(1, 200))
def test_any_split_gives_the_same_call(
    one: Exchange, sent: list[int], received: list[int], told: list[int], together: int, tmp_path: Path
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live, "TELL_AFTER", together)
        passed = asyncio.run(captured(one, sent, received))
    whole = assembled(passed, told, tmp_path)
    assert settled(parse(whole, PROVIDERS)) == settled(parse(one, PROVIDERS))


def test_most_formats_take_part() -> None:
    assert len(COVERED) > 30
