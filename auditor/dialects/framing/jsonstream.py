# SPDX-License-Identifier: Apache-2.0
"""Streams of JSON documents: one a line (NDJSON), run together, or as the elements of one growing array.

Ollama and Cohere v1 send a document a line; Gemini without `alt=sse` sends an array whose elements arrive one by one.
All are read the same way: brackets and commas between documents at the top are skipped, and each complete document
is taken off the front. What is no JSON ends the reading; the documents before it stay.
"""

import json
from typing import Any

_BETWEEN = " \t\r\n,[]\x1e"
_DECODER = json.JSONDecoder(strict=False)


class JsonStreamDecoder:
    """Decodes documents as they complete; see the package for `feed` and `close`."""

    def __init__(self) -> None:
        self._bytes = b""
        self._text = ""
        self._needed = 0
        self._broken = False

    def feed(self, chunk: bytes) -> list[Any]:
        """The documents that this chunk completes."""
        self._take(chunk)
        # A long document is only tried again once its text has doubled: the work stays linear in its length.
        return self._documents() if len(self._text) >= self._needed else []

    def close(self) -> list[Any]:
        """The documents still pending."""
        self._take(b"", final=True)
        return self._documents(final=True)

    def _take(self, chunk: bytes, *, final: bool = False) -> None:
        data = self._bytes + chunk
        whole = len(data) if final else _whole_characters(data)
        self._text += data[:whole].decode("utf-8", "replace")
        self._bytes = data[whole:]

    def _documents(self, *, final: bool = False) -> list[Any]:
        documents: list[Any] = []
        position = 0
        while not self._broken:
            start = _skip(self._text, position)
            try:
                document, end = _DECODER.raw_decode(self._text, start)
            except (ValueError, RecursionError):
                position = start
                break
            if not final and end == len(self._text) and not isinstance(document, (dict, list, str)):
                position = start  # a number at the end may go on in the next chunk
                break
            documents.append(document)
            position = end
        self._text = self._text[position:]
        self._needed = 2 * len(self._text)
        return documents


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position] in _BETWEEN:
        position += 1
    return position


def _whole_characters(data: bytes) -> int:
    """How many bytes of the data hold only complete UTF-8 characters."""
    for back in range(1, min(4, len(data)) + 1):
        lead = data[-back]
        if lead & 0xC0 != 0x80:
            length = 1 if lead < 0x80 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
            return len(data) - back if length > back else len(data)
    return len(data)
