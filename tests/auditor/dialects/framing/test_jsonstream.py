# SPDX-License-Identifier: Apache-2.0
import json
import random
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.dialects.framing import JsonStreamDecoder


def decode(*chunks: bytes) -> list[Any]:
    decoder = JsonStreamDecoder()
    found = [value for chunk in chunks for value in decoder.feed(chunk)]
    return found + decoder.close()


@pytest.mark.parametrize(
    ("stream", "objects"),
    [
        (b'{"a":1}\n{"b":2}\n', [{"a": 1}, {"b": 2}]),
        (b'{"a":1}{"b":2}', [{"a": 1}, {"b": 2}]),
        (b'[{"a":1},\n{"b":[{"c":3}]}]', [{"a": 1}, {"b": [{"c": 3}]}]),
        (b'[{"a":1},{"b":', [{"a": 1}]),
        (b'19b\r\n{"a":1}\r\n{"b":2}\r\n0\r\n', [{"a": 1}, {"b": 2}]),
        (b'{"broken": }\n{"b":2}\n', [{"b": 2}]),
        (b'{"wide":"\xe2\x82\xac"}', [{"wide": "€"}]),
        (b"", []),
        (b"no json at all", []),
    ],
)
def test_objects(stream: bytes, objects: list[Any]) -> None:
    assert decode(stream) == objects


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
OBJECTS = st.lists(st.dictionaries(st.text(max_size=3), VALUES, max_size=3), max_size=5)


@given(objects=OBJECTS, array=st.booleans(), size=st.integers(1, 20))
def test_any_split_gives_the_same_objects(objects: list[Any], array: bool, size: int) -> None:
    stream = json.dumps(objects, ensure_ascii=False, indent=1) if array else "\n".join(map(json.dumps, objects))
    data = stream.encode()
    assert decode(*(data[at : at + size] for at in range(0, len(data), size))) == objects
    assert decode(data) == objects


@given(st.binary(max_size=200))
def test_any_bytes(stream: bytes) -> None:
    assert isinstance(decode(stream), list)


def test_a_body_made_to_cost_time() -> None:
    """Each broken line used to cost a look at all before it: this took hours, and the test's time would run out."""
    assert decode(b'{"a\n' * 2_000_000) == []
    assert decode(b'{"broken": }\n' * 100 + b'{"b":2}\n') == [{"b": 2}]


def test_noise_of_megabytes_is_not_held_as_text() -> None:
    """It was all text at once, four bytes a character: an upload of 50 MB took 400 MB."""
    noise = random.Random(7).randbytes(16 << 20)
    tracemalloc.start()
    try:
        assert decode(noise) == []
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < len(noise)
