# SPDX-License-Identifier: Apache-2.0
"""A new call's intent leaves ahead of what other calls carry, and little of that is handed to the socket at once."""

import asyncio

from auditor.gateway.outgoing import AHEAD, Outgoing


class Transport(asyncio.Transport):
    """Keeps what is written; `taken` bytes of it are gone, the rest waits in its buffer."""

    def __init__(self, taken: int = 0) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.taken = taken

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))

    def get_write_buffer_size(self) -> int:
        return max(0, sum(map(len, self.written)) - self.taken)


def test_what_is_small_leaves_in_one_write() -> None:
    out, transport = Outgoing(), Transport()
    for name, first in ((b"passed ", False), (b"opened ", True), (b"ended ", False), (b"told ", True)):
        out.put(name, first=first)
    out.write(transport)
    assert transport.written == [b"opened told passed ended "]
    assert out.size == 0


def test_an_intent_overtakes_a_large_upload_at_a_slow_line() -> None:
    out, transport = Outgoing(), Transport()
    for number in range(100):
        out.put(b"%02d" % number + b"x" * 65_536, first=False)
    out.write(transport)
    handed_over = transport.get_write_buffer_size()
    assert AHEAD < handed_over < 2 * AHEAD
    out.put(b"intent", first=True)
    out.write(transport)
    assert transport.written[1:] == [b"intent"], "it waits for what was handed over, and for nothing else"

    transport.taken = 10**9
    out.write(transport)
    rest = b"".join(transport.written).replace(b"intent", b"").replace(b"x", b"")
    assert rest == b"".join(b"%02d" % number for number in range(100)), "the order of the rest stays"
    assert out.size == 0


def test_what_is_cleared_does_not_leave() -> None:
    out, transport = Outgoing(), Transport()
    out.put(b"opened", first=True)
    out.put(b"passed", first=False)
    out.clear()
    out.write(transport)
    assert (transport.written, out.size) == ([], 0)
