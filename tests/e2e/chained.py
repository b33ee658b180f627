# SPDX-License-Identifier: Apache-2.0
"""A proxy of an organisation, as a gateway in mode `upstream:` finds one: CONNECT only, with a password."""

import asyncio
import base64
import threading
from collections.abc import Mapping


class ChainedProxy:
    """Listens in a thread of its own; `asked` are the requests it got, `places` where it finds hosts."""

    def __init__(self, user: str, places: Mapping[str, tuple[str, int]]) -> None:
        self._wanted = "Basic " + base64.b64encode(user.encode()).decode()
        self._places = places
        self.asked: list[tuple[str, bool]] = []
        self.port = 0

    def __enter__(self) -> "ChainedProxy":
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._call(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        async def stop() -> None:
            self._server.close()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            await asyncio.sleep(0.05)

        self._call(stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)
        self._loop.close()

    def _call(self, work):  # type: ignore[no-untyped-def]
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            method, target, _ = head[0].split(" ")
            fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
            welcome = fields.get("proxy-authorization") == self._wanted
            self.asked.append((f"{method} {target}", welcome))
            if not welcome or method != "CONNECT":
                writer.write(b"HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")
                return
            there, back = await asyncio.open_connection(*self._places[target])
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            await asyncio.gather(_pipe(reader, back), _pipe(there, writer))
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


async def _pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    finally:
        target.close()
