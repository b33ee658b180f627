# SPDX-License-Identifier: Apache-2.0
"""Underneath our own tables: the public provider list of genai-prices (MIT), for hosts nobody listed.

Its patterns are prefixes of URLs, some of which end within a host name; only one that covers the whole host counts.
Two of them take in far more than models and are left out: every Google API, and every app of a general hosting
platform.
"""

import re
from functools import cache

from auditor.providers.model import Provider, Site

_TOO_WIDE = frozenset({"google", "modal"})
_OTEL_NAMES = {"x-ai": "x_ai", "mistral": "mistral_ai", "aws": "aws.bedrock", "azure": "azure.ai.openai"}


@cache
def _public() -> tuple[tuple[re.Pattern[str], Provider], ...]:
    from genai_prices.data_snapshot import get_snapshot  # takes most of a second, and most hosts are our own

    return tuple(
        (re.compile(listed.api_pattern), Provider(name=_name(listed.id), title=listed.name))
        for listed in get_snapshot().providers
        if listed.id not in _TOO_WIDE
    )


def public_site(host: str) -> Site | None:
    """The site of a host on the public list, or None."""
    origin = f"https://{host}"
    for pattern, provider in _public():
        found = pattern.match(f"{origin}/")
        if found and found.end() >= len(origin):
            return Site(provider=provider)
    return None


def _name(public_id: str) -> str:
    return _OTEL_NAMES.get(public_id, public_id.replace("-", "_"))
