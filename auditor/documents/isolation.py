# SPDX-License-Identifier: Apache-2.0
"""Reads documents in a process apart (`auditor.documents.worker`), which is ended when one takes too long.

A hostile document can keep a parser busy without end, or fill the memory; a thread could not be stopped. The worker is
started at the first document, serves one at a time, may use so much memory and no more. Text comes out as it is read,
so what was read until then counts. Documents and texts pass through pipes alone, nothing is written to disk.
"""

import atexit
import os
import struct
import subprocess
import sys
import threading
from typing import IO, Final, Literal

from auditor.documents.extracted import Collector, Stop, Unread

type Kind = Literal["pdf", "archive", "html", "parquet", "rows"]

KINDS: Final[tuple[Kind, ...]] = ("pdf", "archive", "html", "parquet", "rows")
"""`rows` is a table read to its end, `parquet` the beginning of one, as of any document."""
SECONDS: Final = 5.0
"""For one document, the start of the worker included."""
PIECE_LIMIT: Final = 256 * 1024
"""Bytes of text sent at once, at most."""
REASONS: Final[tuple[Unread | None, ...]] = (None, *Unread)
"""What the byte after the text says."""
END: Final = 0xFFFFFFFF
SIZE: Final = struct.Struct(">I")


def read_apart(kind: Kind, data: bytes, into: Collector, seconds: float = SECONDS) -> None:
    """The text of a document; raises `Stop` where not all could be read."""
    with _lock:
        _worker.read(kind, data, into, seconds)


class _Worker:
    """The process, started when it is needed and again after it was ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def read(self, kind: Kind, data: bytes, into: Collector, seconds: float) -> None:
        process, late = self._running(), threading.Event()
        timer = threading.Timer(seconds, _end_late, (process, late))
        timer.start()
        ready = False
        try:
            reason = _talk(process, kind, data, into)
            ready = True
        except (OSError, EOFError) as failure:
            raise Stop(Unread.TIMEOUT if late.is_set() else Unread.BROKEN) from failure
        finally:
            timer.cancel()
            if not ready:  # it may still be at it: the next document gets a new one
                self.end()
        if reason is not None:
            raise Stop(reason)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():  # a forked child must not talk to its parent's worker
            self._process = None
        if self._process is None or self._process.poll() is not None:
            self.end()
            self._owner = os.getpid()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "auditor.documents.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process

    def end(self) -> None:
        """End the process, if it is ours."""
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            process.kill()
            process.communicate()


def _end_late(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _talk(process: subprocess.Popen[bytes], kind: Kind, data: bytes, into: Collector) -> Unread | None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(bytes([KINDS.index(kind)]) + SIZE.pack(len(data)))
    process.stdin.write(data)
    process.stdin.flush()
    while (size := SIZE.unpack(_exactly(process.stdout, SIZE.size))[0]) != END:
        into.add(_exactly(process.stdout, min(size, PIECE_LIMIT)).decode("utf-8", "replace"))
    return REASONS[_exactly(process.stdout, 1)[0]]


def _exactly(stream: IO[bytes], count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data


_lock = threading.Lock()
_worker = _Worker()
atexit.register(_worker.end)
