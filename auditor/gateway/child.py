# SPDX-License-Identifier: Apache-2.0
"""The processes of a gateway: how the supervisor tells a child what to do, and how a child dies with it.

A child reads one JSON line from its standard input (nothing stands in the process list), says "ready" on its standard
output, and keeps reading: another line is a changed configuration, the end of the pipe is the supervisor's death, which
no signal could report on every platform. Signals from the terminal are the supervisor's business.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from auditor.errors import AuditorError
from auditor.gateway.config import GatewayConfig

log = logging.getLogger(__name__)


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """What a child needs to begin: its name, the recorder's socket and, for proxies, the listening socket.

    `place` is its own among the `siblings` processes that share the socket, from 0 on.
    """

    name: str
    config: GatewayConfig
    socket: str
    listener: int | None = None
    place: int = 0
    siblings: int = 1


def read_start() -> Start:
    """The first line of standard input."""
    return msgspec.json.decode(sys.stdin.buffer.readline(), type=Start)


def run(work: Coroutine[Any, Any, int]) -> int:
    """Run the work of a process to its exit code; a failure that a person can act on ends it in a sentence."""
    try:
        return asyncio.run(work)
    except AuditorError as error:
        sys.stderr.write(f"{error.diagnostics()}\n")
        return error.exit_code


def say_ready() -> None:
    """Tell the supervisor that work can begin."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def log_to_stderr(name: str, form: Literal["text", "json"] = "text") -> None:
    """Warnings and worse, and that a configuration holds, one line each, without content.

    In JSON with the fields time (RFC 3339, UTC), level, process, logger and message.
    """
    handler = logging.StreamHandler(sys.stderr)
    text = logging.Formatter(f"%(asctime)s {name} %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(_JsonLines(name) if form == "json" else text)
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    log.setLevel(logging.INFO)


def say_reloaded() -> None:
    """Tell the operator that this process works by the changed configuration."""
    log.info("the configuration was read again")


class _JsonLines(logging.Formatter):
    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        if record.exc_info:
            message += "\n" + self.formatException(record.exc_info)
        line = {
            "time": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname.lower(),
            "process": self._process,
            "logger": record.name,
            "message": message,
        }
        return msgspec.json.encode(line).decode()


def obey(stop: Callable[[], None], reload: Callable[[GatewayConfig], None], orphaned: Callable[[], None]) -> None:
    """Follow the supervisor from inside the event loop: SIGTERM stops, a line reloads, the end of input orphans."""
    loop = asyncio.get_running_loop()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    loop.add_signal_handler(signal.SIGTERM, stop)
    pending = bytearray()
    os.set_blocking(0, False)

    def readable() -> None:
        data = os.read(0, 65536)
        if not data:
            loop.remove_reader(0)
            orphaned()
            return
        pending.extend(data)
        while b"\n" in pending:
            line, _, rest = bytes(pending).partition(b"\n")
            pending[:] = rest
            reload(msgspec.json.decode(line, type=Start).config)

    loop.add_reader(0, readable)
