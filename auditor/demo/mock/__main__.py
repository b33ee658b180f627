# SPDX-License-Identifier: Apache-2.0
"""The mock as a process: `python -m auditor.demo.mock FOLDER [PACE]`.

It makes its authority in FOLDER, listens on a free loopback port, prints one JSON line (`{"port": …, "ca": "…"}`), and
ends on SIGTERM, or when whoever started it closes its standard input or dies.
"""

import asyncio
import signal
import ssl
import sys
from pathlib import Path

import msgspec
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from auditor.demo.mock import authority
from auditor.demo.mock.endpoint import Mock
from auditor.demo.mock.server import HOSTS, application

LOOPBACK = "127.0.0.1"


async def serve(folder: Path, pace: float) -> None:
    """Serves until told to end."""
    made = authority.create(folder, HOSTS)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(made.server)
    server = HTTPServer(application(Mock(pace)), ssl_options=context)
    (listening,) = bind_sockets(0, LOOPBACK)
    server.add_sockets([listening])
    ready = {"port": listening.getsockname()[1], "ca": str(made.certificate)}
    sys.stdout.write(msgspec.json.encode(ready).decode() + "\n")
    sys.stdout.flush()
    await _told_to_end()
    server.stop()
    await server.close_all_connections()


async def _told_to_end() -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, ended.set)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    gone = asyncio.create_task(reader.read())
    stopped = asyncio.create_task(ended.wait())
    await asyncio.wait({gone, stopped}, return_when=asyncio.FIRST_COMPLETED)
    gone.cancel()
    stopped.cancel()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 0.0))
