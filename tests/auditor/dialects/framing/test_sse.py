# SPDX-License-Identifier: Apache-2.0
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.dialects.framing import SseDecoder
from auditor.dialects.framing.sse import SseEvent


def decode(*chunks: bytes) -> list[SseEvent]:
    decoder = SseDecoder()
    events = [event for chunk in chunks for event in decoder.feed(chunk)]
    return events + decoder.close()


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_ends(end: bytes) -> None:
    stream = end.join([b"event: tide", b"data: high", b"", b"data: low", b"", b""])
    assert decode(stream) == [("tide", b"high"), (None, b"low")]


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        (b": keep-alive\n\ndata: a\n\n", [(None, b"a")]),
        (b"data: a\ndata: b\ndata\n\n", [(None, b"a\nb\n")]),
        (b"data:no blank\n\n", [(None, b"no blank")]),
        (b"data:  two blanks\n\n", [(None, b" two blanks")]),
        (b"\n\n\ndata: late\n\n", [(None, b"late")]),
        (b"data: last blank line missing", [(None, b"last blank line missing")]),
        (b"id: 7\nretry: 100\ndata: x\n\n", [(None, b"x")]),
        (b"\xef\xbb\xbfevent: first\ndata: x\n\n", [("first", b"x")]),
        (b'error: {"code": 500}\n\n', [("error", b'{"code": 500}')]),
        (b"event: nothing\n\ndata: x\n\n", [(None, b"x")]),
        (b"", []),
    ],
)
def test_events(stream: bytes, events: list[tuple[str | None, bytes]]) -> None:
    assert decode(stream) == events


LINES = st.sampled_from(
    [b"data: x", b"data:", b"data: {}", b"event: e", b": comment", b"", b"id: 1", b"nonsense", b"error: e", b"\xff"]
)  # fmt: skip


@given(
    lines=st.lists(LINES, max_size=12),
    end=st.sampled_from([b"\n", b"\r\n", b"\r"]),
    cuts=st.lists(st.integers(0, 200), max_size=8),
)
def test_any_split_gives_the_same_events(lines: list[bytes], end: bytes, cuts: list[int]) -> None:
    stream = end.join(lines)
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    chunks = [stream[start:stop] for start, stop in pairwise(edges)]
    assert decode(*chunks) == decode(stream)


@given(st.binary(max_size=300))
def test_any_bytes(stream: bytes) -> None:
    assert decode(*(stream[at : at + 1] for at in range(len(stream)))) == decode(stream)
