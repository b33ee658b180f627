# SPDX-License-Identifier: Apache-2.0
from hypothesis import given
from hypothesis import strategies as st

from auditor.dialects.framing import EventStreamDecoder
from auditor.dialects.framing.aws import AwsMessage
from tests.auditor.dialects.exchanges import aws_message

STREAM = aws_message({":event-type": "chunk"}, b'{"a": 1}') + aws_message({":event-type": "stop", "x": "y"}, b"")
MESSAGES = [
    AwsMessage({":event-type": "chunk"}, b'{"a": 1}'),
    AwsMessage({":event-type": "stop", "x": "y"}, b""),
]


def decode(*chunks: bytes) -> tuple[list[AwsMessage], bool]:
    decoder = EventStreamDecoder()
    messages = [message for chunk in chunks for message in decoder.feed(chunk)]
    messages += decoder.close()
    return messages, decoder.broken


def test_messages() -> None:
    assert decode(STREAM) == (MESSAGES, False)


@given(st.integers(1, len(STREAM)))
def test_any_split_gives_the_same_messages(size: int) -> None:
    chunks = [STREAM[at : at + size] for at in range(0, len(STREAM), size)]
    assert decode(*chunks) == (MESSAGES, False)


@given(st.integers(0, len(STREAM) - 1))
def test_a_cut_stream_keeps_its_whole_messages(length: int) -> None:
    messages, broken = decode(STREAM[:length])
    assert messages == MESSAGES[: len(messages)]
    first = len(aws_message({":event-type": "chunk"}, b'{"a": 1}'))
    assert broken == (length not in (0, first))


@given(at=st.integers(0, len(STREAM) - 1), value=st.integers(0, 255))
def test_a_changed_byte_is_never_trusted(at: int, value: int) -> None:
    changed = STREAM[:at] + bytes([value]) + STREAM[at + 1 :]
    messages, broken = decode(changed)
    assert messages == MESSAGES[: len(messages)]
    assert broken == (changed != STREAM)


@given(st.binary(max_size=120))
def test_any_bytes(stream: bytes) -> None:
    messages, _ = decode(stream)
    assert messages == []
