# SPDX-License-Identifier: Apache-2.0
"""What the gateway looks into: connections to AI providers, nothing else.

Decided before anything is decrypted, at the TLS ClientHello, by the name the client asks for and by the address it
connects to. Everything else passes as it is: counted, not decrypted, not kept.
"""

from collections.abc import Callable, Iterable

from mitmproxy import http, tls
from mitmproxy.connection import Client, Server
from mitmproxy.proxy.layer import NextLayer
from mitmproxy.proxy.layers import HttpLayer, TCPLayer
from mitmproxy.proxy.layers.http import HTTPMode
from mitmproxy.proxy.mode_specs import ReverseMode

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
        """Whether a readable request is to be recorded; others are counted. Shared hosts are decided by path."""
        request = flow.request
        names = {request.host, request.pretty_host, flow.client_conn.sni or request.host}
        if is_reverse(flow.client_conn) or any(self._providers.match(one, request.port, request.path) for one in names):
            return True
        self._counted()
        self._discovery.asked(request.host, request.port, request.method, request.path)
        return False

    def tls_clienthello(self, data: tls.ClientHelloData) -> None:
        """Tunnel what is no AI provider's."""
        names, port = destination(data.context.server, data.client_hello.sni)
        if not (is_reverse(data.context.client) or any(self._providers.match(name, port) for name in names)):
            data.ignore_connection = True
            self._counted()
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
            self._counted()


def is_reverse(client: Client) -> bool:
    """Whether the operator put the gateway in front of exactly this server, so that all of it is in scope."""
    return isinstance(client.proxy_mode, ReverseMode)


def destination(server: Server, sni: str | None) -> tuple[set[str], int]:
    """The names by which a connection's far end is known, and its port."""
    host, port = server.address[:2] if server.address else ("", 443)
    return {name for name in (host, sni) if name}, port
