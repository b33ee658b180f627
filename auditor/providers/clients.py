# SPDX-License-Identifier: Apache-2.0
"""Which program sent a request: a name from its user agent, by the patterns of `data/clients.toml`."""

import re
from functools import cache, lru_cache
from importlib import resources

import msgspec

from auditor.calls import Value


class _Entry(Value, frozen=True, forbid_unknown_fields=True):
    name: str
    pattern: str


class _File(Value, frozen=True, forbid_unknown_fields=True):
    client: tuple[_Entry, ...]


@lru_cache(maxsize=1024)
def client_name(user_agent: str) -> str | None:
    """The client a user agent stands for (`openai-python`, `claude-code` …), or None where no pattern fits."""
    return next((name for name, pattern in _patterns() if pattern.search(user_agent)), None)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    data = (resources.files(__package__) / "data" / "clients.toml").read_bytes()
    listed = msgspec.toml.decode(data, type=_File).client
    return tuple((one.name, re.compile(one.pattern, re.IGNORECASE)) for one in listed)
