# SPDX-License-Identifier: Apache-2.0
"""The options of `auditor gateway run`: named as the settings they override, with their help."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer


class Intent(StrEnum):
    """When a request may leave."""

    WAIT = "wait"
    QUEUE = "queue"


class OnStoreFailure(StrEnum):
    """What happens to a call that cannot be recorded."""

    BLOCK = "block"
    ALLOW = "allow"


class LogFormat(StrEnum):
    """How the log is written."""

    TEXT = "text"
    JSON = "json"


Listen = Annotated[str | None, typer.Option(metavar="HOST:PORT", help="Where clients connect.")]
Mode = Annotated[
    str | None,
    typer.Option(metavar="MODE", help="regular, transparent, reverse:URL, upstream:URL, wireguard, local or socks5."),
]
ProviderHosts = Annotated[
    list[str] | None,
    typer.Option(metavar="HOST[:PORT]=DIALECT", help="A self-hosted endpoint; may be given several times."),
]
Resolve = Annotated[
    list[str] | None,
    typer.Option(metavar="HOST:PORT=ADDRESS[:PORT]", help="Where to find a host; may be given several times."),
]
UpstreamCa = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Further authorities for the way to the providers, as PEM.")
]
IntentOption = Annotated[
    Intent | None,
    typer.Option("--intent", help="A request leaves when its record is durable, or is recorded right behind."),
]
OnStoreFailureOption = Annotated[
    OnStoreFailure | None,
    typer.Option("--on-store-failure", help="Without a working store: refuse calls, or let them pass and count."),
]
Metrics = Annotated[str | None, typer.Option(metavar="HOST:PORT", help="Where to publish health and metrics.")]
Publish = Annotated[
    str | None, typer.Option(metavar="HOST:PORT", help="Where readers with a token get sealed records by HTTPS.")
]
Workers = Annotated[int | None, typer.Option(metavar="N", help="Proxy processes.")]
ProxyAuth = Annotated[
    str | None, typer.Option(metavar="@FILE", help="Who may use the proxy: an Apache htpasswd file (bcrypt).")
]
UpstreamAuth = Annotated[
    str | None, typer.Option(metavar="@FILE", help="USER:PASSWORD for the proxy of mode upstream.")
]
ClientCerts = Annotated[
    Path | None, typer.Option(metavar="PATH", help="Certificate with key for providers that ask for one, as PEM.")
]
AllowNetworks = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-network", metavar="NETWORK", help="A network that is not public and may be reached; several times."
    ),
]
LogFormatOption = Annotated[LogFormat | None, typer.Option("--log-format", help="How the log is written.")]

SETTINGS = frozenset(
    [
        "listen",
        "mode",
        "provider_host",
        "resolve",
        "upstream_ca",
        "intent",
        "on_store_failure",
        "publish",
        "metrics",
        "workers",
        "proxy_auth",
        "upstream_auth",
        "client_certs",
        "allow_network",
        "log_format",
    ]
)
"""The options, by the names of the settings they override."""


def as_setting(name: str, value: Any) -> Any:
    """An option's value as `gateway.toml` would have it; paths whole, since a reload may come from another folder."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Path):
        return str(value.resolve())
    if isinstance(value, list):
        return tuple(value)
    if name in ("proxy_auth", "upstream_auth") and value.startswith("@"):
        return f"@{Path(value[1:]).resolve()}"
    return value
