# SPDX-License-Identifier: Apache-2.0
"""Streams of JSON objects: one a line (NDJSON), run together, or as the elements of one growing array.

Ollama and Cohere v1 send an object a line; Gemini without `alt=sse` sends an array whose elements arrive one by one.
All are read the same way: each complete object is taken off the front, and what lies between (brackets, commas, the
chunk sizes some recorders leave in) is skipped. A broken object costs its line only.
"""

import json
import re
from typing import Any

_BETWEEN = re.compile(r"[\s,\[\]\x1e]*")
_DECODER = json.JSONDecoder(strict=False)


class JsonStreamDecoder:
    """Decodes objects as they complete; see the package for `feed` and `close`."""

    def __init__(self) -> None:
        self._bytes = b""
        self._text = ""
        self._needed = 0

    def feed(self, chunk: bytes) -> list[Any]:
        """The objects that this chunk completes."""
        self._take(chunk)
        # A long object is only tried again once its text has doubled: the work stays linear in its length.
        return self._objects() if len(self._text) >= self._needed else []

    def close(self) -> list[Any]:
        """The objects still pending."""
        self._take(b"", final=True)
        return self._objects(final=True)

    def _take(self, chunk: bytes, *, final: bool = False) -> None:
        data = self._bytes + chunk
        whole = len(data) if final else _whole_characters(data)
        self._text += data[:whole].decode("utf-8", "replace")
        self._bytes = data[whole:]

    def _objects(self, *, final: bool = False) -> list[Any]:
        found: list[Any] = []
        position = 0
        while (start := _object_start(self._text, position)) is not None:
            try:
                value, position = _DECODER.raw_decode(self._text, start)
            except (ValueError, RecursionError):
                position = start
                line_end = self._text.find("\n", start)
                if not final or line_end < 0:
                    break
                position = line_end
            else:
                found.append(value)
        else:
            position = _kept_from(self._text, position)
        self._text = self._text[position:]
        self._needed = 2 * len(self._text) if not found else 0
        return found


def _object_start(text: str, position: int) -> int | None:
    """Where the next object starts; lines that hold none are passed over."""
    while position < len(text):
        between = _BETWEEN.match(text, position)
        position = between.end() if between else position
        if text.startswith("{", position):
            return position
        line_end = text.find("\n", position)
        if line_end < 0:
            return None
        position = line_end + 1
    return None


def _kept_from(text: str, position: int) -> int:
    """The last, unfinished line is kept: an object may still begin in it."""
    return max(position, text.rfind("\n") + 1)


def _whole_characters(data: bytes) -> int:
    """How many bytes of the data hold only complete UTF-8 characters."""
    for back in range(1, min(4, len(data)) + 1):
        lead = data[-back]
        if lead & 0xC0 != 0x80:
            length = 1 if lead < 0x80 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
            return len(data) - back if length > back else len(data)
    return len(data)
