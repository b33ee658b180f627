# SPDX-License-Identifier: Apache-2.0
"""The demo's children as context managers: started, awaited until ready, and ended whatever happens.

Each child gets its own process group, so that Ctrl-C reaches the tour alone and the tour ends its children in order.
Their messages go to log files in the demo's folder.
"""

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from auditor.errors import EnvironmentFailure

READY_TIMEOUT = 120.0
"""Seconds. A first start compiles the detectors' patterns, which takes its time on a small machine."""
STOP_TIMEOUT = 60.0


class MockAddress(msgspec.Struct, frozen=True):
    """Where the mock listens on loopback, and the certificate of its authority."""

    port: int
    ca: str


@contextmanager
def running_mock(folder: Path, pace: float = 0.0) -> Iterator[MockAddress]:
    """Runs the mock; its authority lies in `folder`, `pace` is the seconds between events of a stream."""
    command = [sys.executable, "-m", "auditor.demo.mock", str(folder), str(pace)]
    with child(command, folder / "mock.log") as process:
        ready = msgspec.json.decode(first_line(process, "The mock provider"), type=MockAddress)
        yield ready


@contextmanager
def child(
    command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a program with its standard error in `log`; ends it when the block is left."""
    with log.open("wb") as errors, _started(command, errors, environment) as process:
        try:
            yield process
        finally:
            stop(process)


def _started(
    command: Sequence[str], errors: IO[bytes], environment: Mapping[str, str] | None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  # our own programs, no shell
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env={**os.environ, **(environment or {})},
        process_group=0,
    )


def stop(process: subprocess.Popen[bytes]) -> int:
    """Asks a child to end, insists when it does not, and returns its exit code."""
    if process.poll() is None:
        process.terminate()
    try:
        return process.wait(STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def first_line(process: subprocess.Popen[bytes], who: str) -> bytes:
    """The first line a child prints; raises `EnvironmentFailure` when it ends or stays silent instead."""
    lines: queue.Queue[bytes] = queue.Queue()
    assert process.stdout is not None
    threading.Thread(target=lambda out: lines.put(out.readline()), args=(process.stdout,), daemon=True).start()
    try:
        line = lines.get(timeout=READY_TIMEOUT)
    except queue.Empty:
        line = b""
    if not line:
        raise EnvironmentFailure(f"{who} did not start.", "Its log lies in the demo's folder; keep it with --keep.")
    return line
