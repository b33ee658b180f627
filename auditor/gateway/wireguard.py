# SPDX-License-Identifier: Apache-2.0
"""Keys of mode `wireguard`, and the configuration its clients import.

mitmproxy would make them itself, readable by everyone. The file has its form: `wireguard.conf` in the folder of the
certificate authority, JSON with two private keys (https://docs.mitmproxy.org/stable/concepts/modes/#wireguard).
"""

import base64
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from auditor.errors import InputError
from auditor.gateway.config import GatewayConfig
from auditor.store import files

FILE = "wireguard.conf"
ADDRESS, RESOLVER = "10.0.0.1/32", "10.0.0.53"
"""The client's address and the name server it is given; mitmproxy has no others."""


def ensure(folder: Path) -> Path:
    """Make both keys where there are none; returns the file."""
    path = folder / FILE
    if not path.exists():
        keys = {name: _text(X25519PrivateKey.generate().private_bytes_raw()) for name in ("server_key", "client_key")}
        files.write(path, json.dumps(keys).encode(), files.PRIVATE)
    return path


def client(config: GatewayConfig, host: str) -> str:
    """What a client imports to send everything through the gateway at `host`; raises `InputError` for broken keys."""
    path = ensure(config.authority)
    try:
        keys = json.loads(path.read_bytes())
        server = X25519PrivateKey.from_private_bytes(base64.b64decode(keys["server_key"]))
        own = str(keys["client_key"])
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(f"{path} holds no WireGuard keys.", "Remove it; the next run makes new ones.") from None
    return (
        f"[Interface]\nPrivateKey = {own}\nAddress = {ADDRESS}\nDNS = {RESOLVER}\n\n"
        f"[Peer]\nPublicKey = {_text(server.public_key().public_bytes_raw())}\n"
        f"AllowedIPs = 0.0.0.0/0\nEndpoint = {host}:{config.listen[1]}\n"
    )


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()
