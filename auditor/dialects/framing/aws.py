# SPDX-License-Identifier: Apache-2.0
"""AWS event streams (`application/vnd.amazon.eventstream`), decoded chunk by chunk.

A message is a prelude (total length, header length, its CRC-32), headers, payload, and a CRC-32 of all before it.
A message whose checksums do not hold ends the reading; the messages before it stay.
Format: https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html (event stream encoding)
"""

import struct
from collections.abc import Mapping
from typing import NamedTuple
from zlib import crc32

_PRELUDE = struct.Struct(">III")
_LARGEST = 24 * 1024 * 1024
_FIXED_LENGTHS = {0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16}
"""Length of a header's value by its type; types 6 (bytes) and 7 (text) carry their length."""


class AwsMessage(NamedTuple):
    """One message: its text headers and its payload."""

    headers: Mapping[str, str]
    payload: bytes


class EventStreamDecoder:
    """Decodes messages as they complete; see the package for `feed` and `close`."""

    def __init__(self) -> None:
        self._pending = b""
        self.broken = False

    def feed(self, chunk: bytes) -> list[AwsMessage]:
        """The messages that this chunk completes."""
        self._pending += chunk
        messages = []
        start = 0
        while not self.broken and len(self._pending) - start >= _PRELUDE.size:
            message, length = self._message(start)
            if message is None:
                break
            messages.append(message)
            start += length
        self._pending = self._pending[start:]
        return messages

    def close(self) -> list[AwsMessage]:
        """Nothing: a message that is not complete cannot be trusted. `broken` says whether one was left."""
        self.broken = self.broken or bool(self._pending)
        return []

    def _message(self, start: int) -> tuple[AwsMessage | None, int]:
        total, header_length, prelude_crc = _PRELUDE.unpack_from(self._pending, start)
        prelude = self._pending[start : start + 8]
        if crc32(prelude) != prelude_crc or not 16 + header_length <= total <= _LARGEST:
            self.broken = True
            return None, 0
        whole = self._pending[start : start + total]
        if len(whole) < total:
            return None, 0
        if crc32(whole[:-4]) != int.from_bytes(whole[-4:], "big"):
            self.broken = True
            return None, 0
        headers = _headers(whole[12 : 12 + header_length])
        return AwsMessage(headers, whole[12 + header_length : -4]), total


def _headers(data: bytes) -> dict[str, str]:
    headers: dict[str, str] = {}
    position = 0
    while position < len(data):
        name_end = position + 1 + data[position]
        name = data[position + 1 : name_end].decode("utf-8", "replace")
        kind = data[name_end] if name_end < len(data) else 0
        start = name_end + 1
        if kind in (6, 7):
            length = int.from_bytes(data[start : start + 2], "big")
            start += 2
        else:
            length = _FIXED_LENGTHS.get(kind, len(data))
        if kind == 7:
            headers[name] = data[start : start + length].decode("utf-8", "replace")
        position = start + length
    return headers
