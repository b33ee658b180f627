# SPDX-License-Identifier: Apache-2.0
"""Finds the reader of a document and lets it read. A document's own bytes count for more than the type it is given.

What was extracted is remembered by hash, since a conversation sends its documents again at every turn, and whoever
sends one that takes all its time shall not do so twice; the memory is bounded by its characters. Never raises.
"""

import hashlib
import logging
import threading
from collections import OrderedDict
from typing import Final

from auditor.documents import plain
from auditor.documents.extracted import DATA_LIMIT, ROWS_LIMIT, Collector, Extracted, Stop, Unread
from auditor.documents.isolation import Kind, read_apart

logger = logging.getLogger(__name__)

REMEMBERED: Final = 8_000_000
"""Characters kept in memory."""
PARQUET: Final = b"PAR1"
"""What a Parquet file begins with."""

ROWS_SECONDS: Final = 60.0
"""For a table that is read to its end."""

_HEAD: Final = 1024
_HTML_TYPES: Final = ("text/html", "application/xhtml+xml")
_HTML_NAMES: Final = (".html", ".htm", ".xhtml")
_HTML_STARTS: Final = (b"<!doctype html", b"<html")


def extract(data: bytes, mime_type: str | None = None, name: str | None = None) -> Extracted:
    """The text of a document, given as its bytes; `mime_type` and file `name` tell its kind where the bytes do not."""
    if len(data) > DATA_LIMIT:
        return Extracted(unread=Unread.TOO_LARGE)
    kind = (mime_type or "").partition(";")[0].strip().lower()
    name = (name or "").lower()
    digest = hashlib.blake2b(f"{kind}\n{name}\n".encode("utf-8", "replace"), digest_size=16)
    digest.update(data)
    found = _memory.get(digest.digest())
    if found is None:
        found = _read(data, kind, name)
        _memory.keep(digest.digest(), found)
    return found


def parquet_rows(data: bytes) -> Extracted:
    """The rows of a Parquet file, a JSON object a line, to its end or `ROWS_LIMIT`."""
    collector = Collector(ROWS_LIMIT)
    try:
        read_apart("rows", data, collector, ROWS_SECONDS)
    except Stop as stop:
        return Extracted(collector.text, stop.reason)
    return Extracted(collector.text)


def _apart(data: bytes, kind: str, name: str) -> Kind | None:
    """Which reader of the process apart a document needs."""
    head = data[:_HEAD]
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(PARQUET):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return "archive"
    if kind in _HTML_TYPES or name.endswith(_HTML_NAMES) or head.lstrip()[:14].lower().startswith(_HTML_STARTS):
        return "html"
    return None


def _read(data: bytes, kind: str, name: str) -> Extracted:
    collector, apart = Collector(), _apart(data, kind, name)
    try:
        if apart:
            read_apart(apart, data, collector)
        elif plain.is_plain(data, kind, name):
            plain.read_plain(data, collector)
        elif data:
            return Extracted(unread=Unread.UNKNOWN)
    except Stop as stop:
        return Extracted(collector.text, stop.reason)
    except Exception as failure:  # a document that breaks a reader must not cost the record
        logger.warning("A document could not be read: %s.", type(failure).__name__)
        return Extracted(collector.text, Unread.BROKEN)
    return Extracted(collector.text)


class _Memory:
    """What was extracted lately, by digest; the least recently met goes first."""

    def __init__(self, limit: int = REMEMBERED) -> None:
        self._limit, self._held = limit, 0
        self._found: OrderedDict[bytes, Extracted] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, digest: bytes) -> Extracted | None:
        with self._lock:
            found = self._found.get(digest)
            if found is not None:
                self._found.move_to_end(digest)
            return found

    def keep(self, digest: bytes, found: Extracted) -> None:
        with self._lock:
            if digest not in self._found:
                self._held += _weight(found)
            self._found[digest] = found
            while self._held > self._limit:
                self._held -= _weight(self._found.popitem(last=False)[1])


def _weight(found: Extracted) -> int:
    return len(found.text) + 100


_memory = _Memory()
