# SPDX-License-Identifier: Apache-2.0
"""What the gateway looks into: connections to AI providers, nothing else.

Decided before anything is decrypted, at the TLS ClientHello, by the name the client asks for and by the address it
connects to. Everything else passes as it is: counted, not decrypted, not kept. It is counted when its server was asked
for, so that what is refused on its way there (`destinations`) has not passed as well.
"""

from collections.abc import Callable, Iterable
from weakref import WeakSet

from mitmproxy import http, tls
from mitmproxy.connection import Client, Server
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import NextLayer
from mitmproxy.proxy.layers import HttpLayer, TCPLayer
from mitmproxy.proxy.layers.http import HTTPMode
from mitmproxy.proxy.mode_specs import ReverseMode
from mitmproxy.proxy.server_hooks import ServerConnectionHookData

from addons.destinations import REFUSED
from addons.discovery import Discovery
from auditor.providers.configured import ProviderHost
from auditor.providers.lookup import Providers


class Scope:
    """Lets everything but AI traffic through untouched. `counted` is called once for each thing let through."""

    def __init__(
        self, hosts: Iterable[ProviderHost], counted: Callable[[], None], discovery: Discovery | None = None
    ) -> None:
        self._counted = counted
        self._discovery = discovery or Discovery(lambda: None, wanted=False)
        self._let_through: WeakSet[Client | http.HTTPFlow] = WeakSet()
        self.use(hosts)

    def use(self, hosts: Iterable[ProviderHost]) -> None:
        """Decide by these hosts of the operator from now on; connections already open stay as they are."""
        configured = tuple(hosts)
        self._providers = Providers.load(configured)
        self._dialects = {(one.host, one.port): one.dialect for one in configured}

    def dialect(self, host: str, port: int) -> str | None:
        """The dialect the operator configured for a host."""
        host = host.lower().rstrip(".")
        return self._dialects.get((host, port)) or self._dialects.get((host, None))

    def covers(self, flow: http.HTTPFlow) -> bool:
        """Whether a readable request is to be recorded; others are let through. Shared hosts are decided by path."""
        request = flow.request
        names = {request.host, request.pretty_host, flow.client_conn.sni or request.host}
        if is_reverse(flow.client_conn) or any(self._providers.match(one, request.port, request.path) for one in names):
            return True
        self._let_through.add(flow)
        self._discovery.asked(request.host, request.port, request.method, request.path)
        return False

    def tls_clienthello(self, data: tls.ClientHelloData) -> None:
        """Tunnel what is no AI provider's."""
        names, port = destination(data.context.server, data.client_hello.sni)
        if not (is_reverse(data.context.client) or any(self._providers.match(name, port) for name in names)):
            data.ignore_connection = True
            self._tunnel(data.context)
            for name in names:
                self._discovery.named(name, port)

    def next_layer(self, nextlayer: NextLayer) -> None:
        """Raw TCP in a tunnel is passed through without mitmproxy keeping its messages; to a provider only HTTP is.

        mitmproxy takes a request whose first piece is shorter than three bytes for raw data: a way around the record.
        """
        if not isinstance(nextlayer.layer, TCPLayer) or nextlayer.layer.flow is None:
            return
        context = nextlayer.context
        names, port = destination(context.server, context.client.sni)
        if context.client.tls_established or any(self._providers.match(name, port) for name in names):
            nextlayer.layer = HttpLayer(context, HTTPMode.transparent)
        else:
            nextlayer.layer = TCPLayer(context, ignore=True)
            self._tunnel(context)

    # --- what became of it --------------------------------------------------------------------------------------

    def server_connected(self, data: ServerConnectionHookData) -> None:
        """A tunnel leads somewhere."""
        self._passed(data.client)

    def server_connect_error(self, data: ServerConnectionHookData) -> None:
        """A tunnel leads nowhere."""
        self._passed(data.client, data.server.error)

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """A request is answered."""
        self._passed(flow)

    def error(self, flow: http.HTTPFlow) -> None:
        """A request is not answered."""
        self._passed(flow, flow.error.msg if flow.error else None)

    def _tunnel(self, context: Context) -> None:
        self._let_through.add(context.client)
        if context.server.connected:
            self._passed(context.client)

    def _passed(self, one: Client | http.HTTPFlow, error: str | None = None) -> None:
        if one in self._let_through:
            self._let_through.discard(one)
            if not (error or "").endswith(REFUSED):  # mitmproxy says before it what it killed
                self._counted()


def is_reverse(client: Client) -> bool:
    """Whether the operator put the gateway in front of exactly this server, so that all of it is in scope."""
    return isinstance(client.proxy_mode, ReverseMode)


def destination(server: Server, sni: str | None) -> tuple[set[str], int]:
    """The names by which a connection's far end is known, and its port."""
    host, port = server.address[:2] if server.address else ("", 443)
    return {name for name in (host, sni) if name}, port
