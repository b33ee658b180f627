# SPDX-License-Identifier: Apache-2.0
"""The values of this room: a provider at a surface, and the form of the data files."""

import re
from typing import NewType

import msgspec

from auditor.calls import Value

Surface = NewType("Surface", str)
"""Which of a provider's faces a host is: `api`, `router`, `gateway`, `foundry`, `chatgpt`, `web`, `self_hosted` …"""

FAMILIES = (
    "openai", "anthropic", "gemini", "bedrock", "cohere", "ollama", "huggingface", "replicate", "watsonx", "deepgram",
    "elevenlabs", "assemblyai", "sagemaker", "aleph_alpha", "media", "chatgpt", "claude_web", "other",
)  # fmt: skip
"""The dialect families a host can speak by default; its paths may still lead to dialects of other families."""


class Provider(Value, frozen=True, kw_only=True):
    """Who serves a host, as far as its name and path tell.

    `entity` and `country` are the party most business customers contract with and its seat (ISO 3166), as read in
    `entity_source`: a page, or a file of the terms registry, which knows the parties of other regions too. `region` is
    the place the host or path names. `credential_headers` and `credential_query` hold keys, `organization_headers`
    name accounts, `request_id_headers` identify a request towards the provider's support.
    """

    name: str
    title: str
    surface: Surface = Surface("api")
    entity: str | None = None
    country: str | None = None
    entity_source: str | None = None
    region: str | None = None
    family: str = "openai"
    credential_headers: tuple[str, ...] = ("authorization", "api-key", "x-api-key")
    credential_query: tuple[str, ...] = ()
    organization_headers: tuple[str, ...] = ()
    request_id_headers: tuple[str, ...] = ("x-request-id",)


class SurfaceEntry(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One surface of a data file: hosts are literal, or hold `*` (anything) and `{region}` (one label or part)."""

    name: str
    hosts: tuple[str, ...]
    paths: tuple[str, ...] = ()


class ProviderEntry(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One provider of a data file."""

    name: str
    title: str
    family: str
    surface: tuple[SurfaceEntry, ...]
    entity: str | None = None
    country: str | None = None
    entity_source: str | None = None
    credential_headers: tuple[str, ...] = ("authorization", "api-key", "x-api-key")
    credential_query: tuple[str, ...] = ()
    organization_headers: tuple[str, ...] = ()
    request_id_headers: tuple[str, ...] = ("x-request-id",)
    region_path: str | None = None


class ProviderFile(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A data file: providers in full, or hosts that only have a name and speak the OpenAI dialect."""

    provider: tuple[ProviderEntry, ...] = ()
    compatible: dict[str, str] = msgspec.field(default_factory=dict)


class Site(Value, frozen=True, kw_only=True):
    """A host pattern ready to match: its provider, and what the path must look like on a shared host."""

    provider: Provider
    host: re.Pattern[str] | None = None
    paths: re.Pattern[str] | None = None
    region_path: re.Pattern[str] | None = None

    def serves(self, path: str) -> bool:
        """Whether requests to `path` go to the provider's models; on unshared hosts all do."""
        return self.paths is None or self.paths.search(path) is not None
