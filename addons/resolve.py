# SPDX-License-Identifier: Apache-2.0
"""Where to find a host, stated by the operator instead of asked from the name service (curl's `--resolve`).

For private endpoints, split-horizon names, and tests. TLS and the Host header keep the real name.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any

type Address = tuple[str, int]


def parse(entries: Iterable[str]) -> Mapping[Address, Address]:
    """Read `HOST:PORT=ADDRESS[:PORT]` entries; raises `ValueError` naming the entry."""
    table = {}
    for entry in entries:
        wanted, _, found = entry.partition("=")
        host, _, port = wanted.rpartition(":")
        address, _, other = found.rpartition(":") if ":" in found and not found.endswith("]") else (found, "", port)
        if not (host and port.isdecimal() and address and other.isdecimal()):
            raise ValueError(f"resolve '{entry}' is no HOST:PORT=ADDRESS[:PORT]")
        table[host.lower(), int(port)] = (address.strip("[]"), int(other))
    return table


def install(
    loop: asyncio.AbstractEventLoop,
    entries: Iterable[str],
    permitted: Callable[[str, int, Iterable[Any]], list[Any]] | None = None,
) -> None:
    """Make this loop find the stated hosts at the stated addresses; all others as before.

    `permitted` picks from what was found for a host and port; it is asked for every name a connection is opened to.

    Not done in mitmproxy's `server_connect` hook: a connection whose address was changed there no longer matches the
    host it was opened for, so it would never be used a second time.
    """
    table = parse(entries)
    ask = loop.getaddrinfo

    async def getaddrinfo(host: Any, port: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if not isinstance(name, str):
            return await ask(host, port, **options)
        place, number = table.get((name.lower(), port), (name, port))
        found = await ask(place, number, **options)
        return found if permitted is None else permitted(name, port, found)

    loop.getaddrinfo = getaddrinfo  # type: ignore[method-assign]
