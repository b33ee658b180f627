# SPDX-License-Identifier: Apache-2.0
"""mitmproxy's options for a gateway's settings: https://docs.mitmproxy.org/stable/concepts/options/."""

import os
from pathlib import Path

import certifi

from auditor.gateway.config import GatewayConfig
from auditor.store import files


def of(config: GatewayConfig, folder: Path) -> dict[str, object]:
    """All that are not left as mitmproxy has them; `folder` is the process's own. Raises `InputError` for a file that
    cannot be read."""
    host, port = config.listen
    return {
        "mode": [config.settings.mode],
        "listen_host": host,
        "listen_port": port or None,
        "confdir": str(config.authority),
        "connection_strategy": "lazy",
        "upstream_cert": False,
        "http3": False,
        "proxyauth": config.settings.proxy_auth,
        "upstream_auth": upstream_password(config),
        "client_certs": config.settings.client_certs,
        "ssl_verify_upstream_trusted_ca": authorities(config, folder),
    }


def upstream_password(config: GatewayConfig) -> str | None:
    """`USER:PASSWORD` for the proxy of mode `upstream:`, from its file."""
    if config.settings.upstream_auth is None:
        return None
    path = Path(config.settings.upstream_auth.removeprefix("@"))
    return files.read(path, "The upstream proxy's password").decode("utf-8", "surrogateescape").strip()


def authorities(config: GatewayConfig, folder: Path) -> str | None:
    """A bundle of the public authorities and the operator's own, or `None` for the public ones alone."""
    if config.settings.upstream_ca is None:
        return None
    bundle = folder / f"upstream-{os.getpid()}.pem"
    own = files.read(Path(config.settings.upstream_ca), "The file of authorities")
    bundle.write_bytes(Path(certifi.where()).read_bytes() + b"\n" + own)
    return str(bundle)
