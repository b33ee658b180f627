# SPDX-License-Identifier: Apache-2.0
"""Messages survive the wire, however it cuts them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.calls import Connection, Exchange, Frame, Origin, Request
from auditor.gateway.messages import (
    MAX_FRAME,
    Answer,
    Committed,
    Ended,
    FrameReader,
    FromProxy,
    Hello,
    Observed,
    Opened,
    Passed,
    Refused,
    Tally,
    frame,
    from_proxy,
    from_recorder,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SAID: tuple[FromProxy, ...] = (
    Hello(proxy="proxy-1.42"),
    Opened(
        id="e1",
        time=NOW,
        method="POST",
        url="https://api.openai.com/v1/x",
        headers=(("a", "b"), ("a", "c")),
        origin=Origin(address="10.0.0.7", user="alice"),
        dialect="openai",
        resumed=True,
    ),
    Passed(id="e1", request=b"\x00\xff", frames=(Frame(direction="sent", text="hi", at_ms=1.5),)),
    Passed(id="e1", response=b"x" * 100_000, answer=Answer(status=200, headers=(("k", "v"),)), skipped=3),
    Ended(id="e1", duration_ms=1.0, first_byte_ms=0.5, connection=Connection(alpn="h2"), interrupted="client"),
    Observed(exchange=Exchange(id="e2", time=NOW, request=Request(method="CONNECT", url="https://x"), opaque="no")),
    Tally(tunnelled=1, missed=2, missed_since=NOW),
)


@given(cuts=st.lists(st.integers(min_value=1, max_value=70_000), max_size=30))
def test_any_cutting_gives_the_same_messages(cuts: list[int]) -> None:
    stream = b"".join(frame(message) for message in SAID)
    reader, payloads = FrameReader(), []
    for size in [*cuts, len(stream)]:
        piece, stream = stream[:size], stream[size:]
        payloads += reader.feed(piece)
    assert tuple(from_proxy(payload) for payload in payloads) == SAID


def test_answers_come_back() -> None:
    for message in (Committed(intents=("a",), completions=("b", "c")), Refused(intents=("a",), reason="disk full")):
        (payload,) = FrameReader().feed(frame(message))
        assert from_recorder(payload) == message


def test_a_frame_beyond_the_bound_is_refused() -> None:
    with pytest.raises(ValueError, match="exceeds"):
        FrameReader().feed((MAX_FRAME + 1).to_bytes(4, "big"))
