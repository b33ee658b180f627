# SPDX-License-Identifier: Apache-2.0
"""The mock as a real process, and a way to it for unmodified SDKs: a CONNECT relay that only tunnels."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from auditor.demo.processes import MockAddress, running_mock
from auditor.demo.sdk.routes import Route


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def _relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    await reader.readuntil(b"\r\n\r\n")
    up_reader, up_writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
    await asyncio.gather(_pump(reader, up_writer), _pump(up_reader, writer))


def _serve(port: int, ready: "threading.Event", found: list[int], loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    server = loop.run_until_complete(asyncio.start_server(lambda r, w: _relay(r, w, port), "127.0.0.1", 0))
    found.append(server.sockets[0].getsockname()[1])
    ready.set()
    loop.run_forever()
    for task in asyncio.all_tasks(loop):
        task.cancel()
    server.close()
    loop.run_until_complete(asyncio.gather(*asyncio.all_tasks(loop), return_exceptions=True))
    loop.close()


@pytest.fixture(scope="session")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MockAddress]:
    with running_mock(tmp_path_factory.mktemp("mock")) as address:
        yield address


@pytest.fixture(scope="session")
def route(mock: MockAddress) -> Iterator[Route]:
    ready, found, loop = threading.Event(), [], asyncio.new_event_loop()
    thread = threading.Thread(target=_serve, args=(mock.port, ready, found, loop))
    thread.start()
    assert ready.wait(10)
    yield Route(f"http://127.0.0.1:{found[0]}", mock.ca)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
