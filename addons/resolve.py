# SPDX-License-Identifier: Apache-2.0
"""Where to find a host, stated by the operator instead of asked from the name service (curl's `--resolve`).

For private endpoints, split-horizon names, and tests. TLS and the Host header keep the real name.
"""

from collections.abc import Iterable, Mapping

from mitmproxy.proxy.server_hooks import ServerConnectionHookData

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


class Resolve:
    """Sends connections for the stated hosts to the stated addresses."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._table = parse(entries)
        self._wanted: dict[str, Address] = {}

    def server_connect(self, data: ServerConnectionHookData) -> None:
        """Connect elsewhere."""
        if data.server.address is None:
            return
        host, port = data.server.address[:2]
        if found := self._table.get((host.lower(), port)):
            self._wanted[data.server.id] = (host, port)
            data.server.address = found

    def server_connected(self, data: ServerConnectionHookData) -> None:
        """Give the connection its name back: mitmproxy reuses connections by the address they carry."""
        if wanted := self._wanted.pop(data.server.id, None):
            data.server.address = wanted

    def server_connect_error(self, data: ServerConnectionHookData) -> None:
        """The same after a failure, so that messages name the real host."""
        self.server_connected(data)
