# SPDX-License-Identifier: Apache-2.0
"""Client connections: whose are taken, so many at once, and each has a while to say what it wants.

Clients from public addresses are turned away unless they have to sign in: the gateway is no open relay. A connection
costs memory and file descriptors before anything is asked of it. Beyond `max_connections` new ones are turned away at
once; one that does not complete its first greeting or request head within `head_timeout` is closed, so that clients who
say a byte a second (slow loris) hold nothing for long. mitmproxy closes what is idle for ten minutes.
"""

import asyncio
import contextlib
import ipaddress
import logging
import resource
import time
from collections.abc import Callable

from mitmproxy import http, tls
from mitmproxy.addons.proxyserver import Proxyserver
from mitmproxy.connection import Client
from mitmproxy.proxy.layer import NextLayer
from mitmproxy.proxy.layers import TCPLayer
from mitmproxy.proxy.mode_specs import LocalMode

log = logging.getLogger(__name__)

SWEEP = 1.0
"""Seconds between looks for connections that say nothing."""
PER_CONNECTION = 3
"""File descriptors a client connection takes at most on average: itself, and its way to the provider."""
TURNED_AWAY = "the gateway has no room for another connection"
STRANGER = "the gateway serves no public addresses without a sign-in"


class Connections:
    """The addon; `turned_away` is called once for each connection that is refused or closed. `strangers`: whether
    clients from public addresses are taken."""

    def __init__(
        self,
        servers: Proxyserver,
        most: int,
        head_timeout: float,
        turned_away: Callable[[], None],
        strangers: bool = False,
    ) -> None:
        self._servers = servers
        self._turned_away = turned_away
        self._strangers = strangers
        self._has_said = False
        self._open: dict[str, Client] = {}
        self._silent: dict[str, float] = {}
        self.most = most
        self.head_timeout = head_timeout
        self.held: Callable[[int], None] = lambda _: None
        """Told how many connections are open, whenever that changes."""

    def __len__(self) -> int:
        return len(self._open)

    # --- hooks --------------------------------------------------------------------------------------------------

    def client_connected(self, client: Client) -> None:
        """A client is there."""
        if not self._strangers and is_stranger(client):
            client.error = STRANGER
            self._say_strangers()
        elif len(self._open) >= self.most:
            client.error = TURNED_AWAY
        if client.error:
            self._turned_away()
            return
        self._open[client.id] = client
        self._silent[client.id] = time.monotonic()
        self.held(len(self._open))

    def client_disconnected(self, client: Client) -> None:
        """A client is gone."""
        self._open.pop(client.id, None)
        self._silent.pop(client.id, None)
        self.held(len(self._open))

    def http_connect(self, flow: http.HTTPFlow) -> None:
        """The tunnel is asked for; what is said in it is awaited anew."""
        self._silent[flow.client_conn.id] = time.monotonic()

    def tls_clienthello(self, data: tls.ClientHelloData) -> None:
        """TLS began; where it is decrypted, a request is awaited anew."""
        if data.ignore_connection:
            self._silent.pop(data.context.client.id, None)
        else:
            self._silent[data.context.client.id] = time.monotonic()

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """It said what it wants."""
        self._silent.pop(flow.client_conn.id, None)

    def next_layer(self, nextlayer: NextLayer) -> None:
        """Raw data, passed through unread, is awaited no longer."""
        if isinstance(nextlayer.layer, TCPLayer):
            self._silent.pop(nextlayer.context.client.id, None)

    # --- in the background --------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Close silent connections until cancelled."""
        while True:
            await asyncio.sleep(SWEEP)
            before = time.monotonic() - self.head_timeout
            for name in [name for name, since in self._silent.items() if since < before]:
                del self._silent[name]
                self._close(name)

    def _say_strangers(self) -> None:
        """Tell the operator, once: whoever scans the network would fill the log."""
        if not self._has_said:
            self._has_said = True
            log.warning("a client from a public address was turned away; the setting proxy_auth would let it sign in")

    def _close(self, name: str) -> None:
        client = self._open.get(name)
        handler = self._servers.connections.get(name)
        transport = handler.transports.get(client) if handler and client else None
        if transport is not None and transport.writer is not None:
            self._turned_away()
            transport.writer.close()


def is_stranger(client: Client) -> bool:
    """Whether a client comes from a public address. Programs of this machine, captured by mode local, are at home."""
    ip = ipaddress.ip_address(client.peername[0].partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip
    return ip.is_global and not isinstance(client.proxy_mode, LocalMode)


def room_for(connections: int) -> None:
    """Let this process hold as many file descriptors as its connections may need, as far as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 256 + PER_CONNECTION * connections
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
