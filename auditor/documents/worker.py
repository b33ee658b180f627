# SPDX-License-Identifier: Apache-2.0
"""The process that reads documents: `python -m auditor.documents.worker`, spoken to by `auditor.documents.isolation`.

In: a byte for the kind, the document's length (four bytes, big endian), the document. Out: pieces of text, each after
its length; then `END` and one byte, the reason's place in `REASONS`. It ends with its standard input. It writes no
file, loads nothing a document names, and its memory is bounded where the system can.
"""

import contextlib
import logging
import sys
from collections.abc import Callable, Mapping
from typing import IO, Final

from auditor.documents.extracted import ROWS_LIMIT, TEXT_LIMIT, Collector, Stop, Unread
from auditor.documents.isolation import END, KINDS, PIECE_LIMIT, REASONS, SIZE, Kind

MEMORY: Final = 1024**3
"""Bytes of address space."""
_AT_ONCE: Final = PIECE_LIMIT // 4
"""Characters sent at once: at most four bytes each."""


class Sender(Collector):
    """Sends the text on while it is read."""

    def __init__(self, told: IO[bytes], limit: int = TEXT_LIMIT) -> None:
        super().__init__(limit)
        self._told = told
        self._waiting = 0

    def add(self, text: str) -> None:
        """Take a piece; raises `Stop` once the limit is reached."""
        self._waiting += len(text)
        super().add(text)
        if self._waiting > _AT_ONCE:
            self.send()

    def send(self) -> None:
        """Send what was taken since the last time."""
        text, self._pieces, self._waiting = self.text, [], 0
        for start in range(0, len(text), _AT_ONCE):
            raw = text[start : start + _AT_ONCE].encode("utf-8", "replace")
            self._told.write(SIZE.pack(len(raw)) + raw)
        self._told.flush()


def serve(asked: IO[bytes], told: IO[bytes]) -> None:
    """Read documents until there are no more."""
    while kind := asked.read(1):
        serve_one(KINDS[kind[0]], asked.read(SIZE.unpack(asked.read(SIZE.size))[0]), told)


def serve_one(kind: Kind, data: bytes, told: IO[bytes]) -> None:
    """Read a document and tell its text, and why no more of it."""
    sender = Sender(told, ROWS_LIMIT if kind == "rows" else TEXT_LIMIT)
    reason = _read(kind, data, sender)
    sender.send()
    told.write(SIZE.pack(END) + bytes([REASONS.index(reason)]))
    told.flush()


def _read(kind: Kind, data: bytes, sender: Sender) -> Unread | None:
    try:
        _READERS[kind](data, sender)
    except Stop as stop:
        return stop.reason
    except Exception:  # whatever a broken document raises
        return Unread.BROKEN
    return None


def _pdf(data: bytes, into: Collector) -> None:
    from auditor.documents.pdf import read_pdf

    read_pdf(data, into)


def _archive(data: bytes, into: Collector) -> None:
    from auditor.documents.archive import read_archive

    read_archive(data, into)


def _html(data: bytes, into: Collector) -> None:
    from auditor.documents.markup import read_html

    read_html(data, into)


def _table(data: bytes, into: Collector) -> None:
    from auditor.documents.tables import read_parquet

    read_parquet(data, into)


_READERS: Final[Mapping[Kind, Callable[[bytes, Collector], None]]] = {
    "pdf": _pdf,
    "archive": _archive,
    "html": _html,
    "parquet": _table,
    "rows": _table,
}


def bound_memory(limit: int = MEMORY) -> None:
    """Let the system refuse more memory than this, where it knows how: Windows does not, macOS knows the name only."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


if __name__ == "__main__":
    logging.disable()
    bound_memory()
    serve(sys.stdin.buffer, sys.stdout.buffer)
