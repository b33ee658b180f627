# SPDX-License-Identifier: Apache-2.0
"""Where the gateway connects to for its clients: public addresses, and what the operator named. Nothing else.

A proxy reaches what its clients may not: the machine's own services, the metadata service of a cloud, the internal
network. So a destination that a client names must be a public address, whatever it was called: names are judged by the
addresses they resolve to, at the moment of connecting (a name that changes between look and use gains nothing).

Exempt is what the operator stated: `provider_host`, `resolve`, `allow_network`, the server of mode `reverse:`, the
proxy of mode `upstream:`, and names placed in the hosts file. Behind a redirecting router (mode `transparent`) clients
have a way of their own to private networks: there only this machine and its link are closed. In mode `local` the
clients are this machine's own programs, and nothing is.
"""

import ipaddress
import socket
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mitmproxy import http
from mitmproxy.proxy.server_hooks import ServerConnectionHookData

from addons.resolve import parse
from auditor.gateway.config import GatewayConfig

type IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

HOSTS = Path("/etc/hosts")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 inside IPv6 (RFC 6052)."""
REFUSED = "the gateway does not connect to private addresses"


class Destinations:
    """The addon that refuses. `refused` is called once for each tunnel or connection that is."""

    def __init__(self, config: GatewayConfig, refused: Callable[[], None], hosts: Path = HOSTS) -> None:
        self._refused = refused
        self._hosts = hosts
        self.use(config)

    def use(self, config: GatewayConfig) -> None:
        """Decide by this configuration from now on."""
        settings = config.settings
        self._mode = settings.mode.partition(":")[0]
        self._networks = tuple(ipaddress.ip_network(entry) for entry in settings.allow_network)
        self._stated: set[tuple[str, int | None]] = {(one.host, one.port) for one in config.provider_hosts}
        self._stated |= set(parse(settings.resolve))
        if far := _far_end(settings.mode):
            self._stated.add(far)
        self._placed = frozenset(_placed(self._hosts))

    def permits(self, host: str, port: int, address: str) -> bool:
        """Whether a client that asked for `host:port` may be connected to this address."""
        name = host.lower().rstrip(".")
        stated = (name, port) in self._stated or (name, None) in self._stated
        if stated or self._mode == "local" or (name, address) in self._placed:
            return True
        ip = _innermost(address)
        if any(ip in network for network in self._networks):
            return True
        if self._mode == "transparent":
            return not (ip.is_loopback or ip.is_link_local or ip.is_unspecified or ip.is_multicast)
        return ip.is_global and not ip.is_multicast

    # --- where it is asked --------------------------------------------------------------------------------------

    def http_connect(self, flow: http.HTTPFlow) -> None:
        """Answer a client that names a private address; names are judged when they are resolved."""
        if not flow.response and self._mode == "regular" and not self._literal(flow.request.host, flow.request.port):
            flow.response = http.Response.make(403, REFUSED, {"content-type": "text/plain"})
            self._refused()

    def server_connect(self, data: ServerConnectionHookData) -> None:
        """Refuse an address that is none but needs no resolving."""
        if data.server.address and not self._literal(*data.server.address[:2]):
            data.server.error = REFUSED

    def server_connect_error(self, data: ServerConnectionHookData) -> None:
        """Count what was refused here or when its name was resolved."""
        if data.server.error == REFUSED:
            self._refused()

    def resolved(self, host: str, port: int, found: Iterable[Any]) -> list[Any]:
        """The addresses of a resolved name that may be connected to; raises `OSError` where none is left."""
        found = list(found)
        permitted = [one for one in found if self.permits(host, port, one[4][0])]
        if found and not permitted:
            raise OSError(REFUSED)
        return permitted

    def _literal(self, host: str, port: int) -> bool:
        try:
            ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return True
        return self.permits(host, port, host)


def _innermost(address: str) -> IPAddress:
    """The address a packet would reach: IPv4 wrapped in IPv6 is unwrapped."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _NAT64:
            return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        return ip.ipv4_mapped or ip.sixtofour or ip
    return ip


def _far_end(mode: str) -> tuple[str, int] | None:
    """The server or proxy that modes `reverse:` and `upstream:` name."""
    kind, _, url = mode.partition(":")
    if kind not in ("reverse", "upstream"):
        return None
    parts = urlsplit(url if "://" in url else f"http://{url}")
    default = 443 if parts.scheme in ("https", "tls") else 80
    return (parts.hostname or "", parts.port or default)


def _placed(hosts: Path) -> Iterable[tuple[str, str]]:
    """Names and addresses of the hosts file, but for this machine's own names."""
    own = {"localhost", socket.gethostname().lower(), socket.getfqdn().lower()}
    try:
        lines = hosts.read_text(errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        address, *names = line.partition("#")[0].split() or [""]
        for name in (one.lower() for one in names):
            if name not in own and not name.startswith(("localhost", "ip6-")) and not name.endswith(".localhost"):
                yield name, address
