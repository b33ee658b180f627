# SPDX-License-Identifier: Apache-2.0
"""The table `[proxy]` of `gateway.toml`: every setting of a gateway, and what can be wrong with it."""

import ipaddress
from pathlib import Path
from typing import Literal

import msgspec

from auditor.errors import InputError
from auditor.providers.configured import ProviderHost

MODES = ("regular", "transparent", "reverse:", "upstream:", "wireguard", "local", "socks5")
"""Beginnings of the modes of https://docs.mitmproxy.org/stable/concepts/modes/ that a gateway offers."""
HTTP_PROXY_MODES = ("regular", "upstream:")
"""Those whose clients name the gateway as their HTTP proxy."""


RELOADED = (
    "provider_host",
    "intent",
    "on_store_failure",
    "allow_network",
    "discover",
    "max_connections",
    "head_timeout",
    "patience",
    "grace",
)
"""Settings that a running gateway follows; all others stay what they were when it was started."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[proxy]` of `gateway.toml`; the options of `auditor gateway run` have the same names."""

    listen: str = "127.0.0.1:8080"
    mode: str = "regular"
    provider_host: tuple[str, ...] = ()
    """Self-hosted endpoints: `HOST[:PORT]=DIALECT`."""
    upstream_ca: str | None = None
    """PEM file of certificate authorities for the way to the providers, beside the system's."""
    resolve: tuple[str, ...] = ()
    """Where to find a host instead of asking the name service: `HOST:PORT=ADDRESS[:PORT]`."""
    proxy_auth: str | None = None
    """Who may use the proxy: `@FILE` (Apache htpasswd, bcrypt) or `ldap[s]:…` as mitmproxy's `proxyauth` has it."""
    upstream_auth: str | None = None
    """`@FILE` that holds `USER:PASSWORD` for the proxy of mode `upstream:`."""
    client_certs: str | None = None
    """Certificate and key (PEM) shown to providers that ask for one; or a folder of `HOST.pem`."""
    allow_network: tuple[str, ...] = ()
    """Networks that are not public and may be reached all the same: `10.1.0.0/16`."""
    discover: bool = True
    """Whether hosts that look like AI endpoints nobody configured are named in the log, once each."""
    max_connections: int = 4096
    """Client connections a proxy process holds at once; further ones are turned away."""
    head_timeout: float = 30.0
    """Seconds a new connection has to send its first request or TLS greeting."""
    log_format: Literal["text", "json"] = "text"
    intent: Literal["wait", "queue"] = "wait"
    on_store_failure: Literal["block", "allow"] = "block"
    metrics: str | None = None
    publish: str | None = None
    """Where readers with a token get sealed records by HTTPS: `HOST:PORT`."""
    workers: int = 1
    spill_bytes: int = 1 << 20
    """Bodies in flight beyond this go to disk, sealed."""
    patience: float = 5.0
    """Seconds a call waits for its record before `on_store_failure` decides."""
    grace: float = 20.0
    """Seconds that running calls have to end when the gateway is stopped."""
    heartbeat: float = 60.0
    """Seconds between signs of life in the ledger."""


def host_port(text: str) -> tuple[str, int]:
    """Split `HOST:PORT` (IPv6 in brackets); raises `ValueError`."""
    host, colon, port = text.rpartition(":")
    number = int(port) if colon and port.isdecimal() else -1
    if not 0 <= number <= 65535 or (":" in host and not host.startswith("[")):
        raise ValueError(f"'{text}' is no HOST:PORT")
    return host.strip("[]"), number


def problems(settings: Settings) -> list[str]:
    """What is wrong with the settings, one clause each; empty where they hold."""
    found = [*_address_problems(settings), *_entry_problems(settings)]
    if not settings.mode.startswith(MODES):
        found.append(f"mode '{settings.mode}' is none of {', '.join(MODES)}")
    if settings.workers < 1 or settings.max_connections < 1:
        found.append("workers and max_connections must be at least 1")
    found += _file_problems(settings)
    found += _pairing_problems(settings)
    positive = (settings.spill_bytes, settings.heartbeat, settings.patience, settings.head_timeout)
    if min(positive) <= 0 or settings.grace < 0:
        found.append("spill_bytes, heartbeat, grace, patience and head_timeout must be positive")
    return found


def _address_problems(settings: Settings) -> list[str]:
    found = []
    for name in ("listen", "metrics", "publish"):
        text = getattr(settings, name)
        try:
            if text is not None:
                host_port(text)
        except ValueError as error:
            found.append(f"{name}: {error}")
    return found


def _entry_problems(settings: Settings) -> list[str]:
    found = []
    for entry in settings.provider_host:
        try:
            ProviderHost.parse(entry)
        except InputError as error:
            found.append(f"provider_host: {error.message.rstrip('.')}")
    found += [
        f"resolve '{entry}' is no HOST:PORT=ADDRESS"
        for entry in settings.resolve
        if not all(part.strip() for part in entry.partition("="))
    ]
    for entry in settings.allow_network:
        try:
            ipaddress.ip_network(entry)
        except ValueError:
            found.append(f"allow_network '{entry}' is no network such as 10.1.0.0/16")
    return found


def _file_problems(settings: Settings) -> list[str]:
    """Files that are named and not there."""
    files = {"upstream_ca": settings.upstream_ca, "client_certs": settings.client_certs}
    for name in ("proxy_auth", "upstream_auth"):
        value = getattr(settings, name)
        files[name] = value[1:] if value and value.startswith("@") else None
    return [f"{name} '{path}' does not exist" for name, path in files.items() if path and not Path(path).exists()]


def _pairing_problems(settings: Settings) -> list[str]:
    """Settings that have no meaning together, or would put a password into a process list."""
    found = []
    if settings.proxy_auth and not settings.proxy_auth.startswith(("@", "ldap:", "ldaps:")):
        found.append("proxy_auth is neither @FILE nor ldap[s]:…")
    if settings.proxy_auth and not settings.mode.startswith((*HTTP_PROXY_MODES, "socks5")):
        found.append(f"proxy_auth has no meaning in mode '{settings.mode}': its clients do not speak to a proxy")
    if settings.upstream_auth and not settings.upstream_auth.startswith("@"):
        found.append("upstream_auth must be @FILE, so that no password stands in the configuration")
    if settings.upstream_auth and not settings.mode.startswith("upstream:"):
        found.append("upstream_auth needs mode 'upstream:'")
    return found
