# SPDX-License-Identifier: Apache-2.0
"""How the SDKs' clients find their way: through a proxy, trusting its authority, with one person's keys.

Apart from the clients, because the SDKs take seconds to import and whoever only sets the stage needs none of them.
"""

import ssl
from typing import Any

import msgspec


class Keys(msgspec.Struct, frozen=True):
    """One person's API keys."""

    openai: str
    anthropic: str
    gemini: str


class Route(msgspec.Struct, frozen=True):
    """A proxy's address (with user and password where it asks for them) and the authority it is to be trusted by."""

    proxy: str
    authority: str

    def arguments(self) -> dict[str, Any]:
        """What httpx and its successor need to take this route."""
        return {"proxy": self.proxy, "verify": ssl.create_default_context(cafile=self.authority), "trust_env": False}
