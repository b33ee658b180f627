# SPDX-License-Identifier: Apache-2.0
"""Streams of JSON objects: one a line (NDJSON), run together, or as the elements of one growing array.

Ollama and Cohere v1 send an object a line; Gemini without `alt=sse` sends an array whose elements arrive one by one.
All are read the same way: each complete object is taken off the front, and what lies between (brackets, commas, the
chunk sizes some recorders leave in) is skipped. A broken object costs its line only.
"""

import codecs
import json
import re
from typing import Any

_BETWEEN = re.compile(r"[\s,\[\]\x1e]*")
_OBJECT = re.compile(r"\{\s*(?:[\"}]|\Z)")
"""How an object begins, as far as it is there."""
_DECODER = json.JSONDecoder(strict=False)
_PIECE = 1 << 20
_MOST_BROKEN = 200
"""Broken objects after which the rest is no stream of objects: each costs a count of all lines before it (json's errors
state their line), which a body made for it would turn into hours."""


class JsonStreamDecoder:
    """Decodes objects as they complete; see the package for `feed` and `close`."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._broken = 0
        self._text = ""
        self._behind: list[str] = []
        self._length = self._needed = 0

    def feed(self, chunk: bytes) -> list[Any]:
        """The objects that this chunk completes."""
        # In pieces: what is no text would be held in memory five times over, and its decoding hold up other threads.
        pieces = (chunk[at : at + _PIECE] for at in range(0, len(chunk), _PIECE))
        return [value for piece in pieces for value in self._fed(piece)]

    def close(self) -> list[Any]:
        """The objects still pending."""
        self._take(self._decoder.decode(b"", final=True))
        return self._objects(final=True)

    def _fed(self, piece: bytes) -> list[Any]:
        self._take(self._decoder.decode(piece))
        # A long object is only tried again once its text has doubled: the work stays linear in its length.
        return self._objects() if self._length >= self._needed else []

    def _take(self, text: str) -> None:
        self._behind.append(text)
        self._length += len(text)

    def _objects(self, *, final: bool = False) -> list[Any]:
        found: list[Any] = []
        position = 0
        self._text = "".join((self._text, *self._behind))
        self._behind.clear()
        while (start := _object_start(self._text, position)) is not None:
            try:
                value, position = _DECODER.raw_decode(self._text, start)
            except (ValueError, RecursionError):
                position = start
                line_end = self._text.find("\n", start)
                if not final or line_end < 0:
                    break
                position = line_end if self._is_worth_it() else len(self._text)
            else:
                found.append(value)
        else:
            position = _kept_from(self._text, position)
        self._text = self._text[position:]
        self._length = len(self._text)
        self._needed = 2 * self._length if not found else 0
        return found

    def _is_worth_it(self) -> bool:
        """Whether to look further after a broken object."""
        self._broken += 1
        return self._broken <= _MOST_BROKEN


def _object_start(text: str, position: int) -> int | None:
    """Where the next object starts; lines that hold none are passed over."""
    while position < len(text):
        between = _BETWEEN.match(text, position)
        position = between.end() if between else position
        if _OBJECT.match(text, position):
            return position
        line_end = text.find("\n", position)
        if line_end < 0:
            return None
        position = line_end + 1
    return None


def _kept_from(text: str, position: int) -> int:
    """The last, unfinished line is kept: an object may still begin in it."""
    return max(position, text.rfind("\n") + 1)
