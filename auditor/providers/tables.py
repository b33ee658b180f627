# SPDX-License-Identifier: Apache-2.0
"""Reads the data files into tables for lookup: literal hosts by name, patterns by their last two labels."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec

from auditor.providers.model import Provider, ProviderEntry, ProviderFile, Site, Surface, SurfaceEntry

_FILES = ("labs.toml", "clouds.toml", "platforms.toml", "media.toml", "consumer.toml", "compatible.toml")
_PLACEHOLDERS = {re.escape("{region}"): "(?P<region>[a-z0-9-]+)", re.escape("*"): "[a-z0-9._-]+"}


class Tables(NamedTuple):
    """Sites by literal host, and pattern sites by the last two labels of their host."""

    literal: Mapping[str, Site]
    patterns: Mapping[str, tuple[Site, ...]]


@cache
def tables() -> Tables:
    """The tables of the packaged data files. A defect in a file is a defect of ours and raises."""
    literal: dict[str, Site] = {}
    patterns: dict[str, tuple[Site, ...]] = {}
    for host, site in _sites():
        if site.host is None:
            literal[host] = site
        else:
            tail = last_labels(host)
            patterns[tail] = (*patterns.get(tail, ()), site)
    return Tables(literal, patterns)


@cache
def entries() -> tuple[ProviderEntry, ...]:
    """Every provider of the data files in their order, those of one name apart."""
    return tuple(entry for file in _files() for entry in file.provider)


@cache
def compatible() -> Mapping[str, str]:
    """The hosts that only have a name, with a path where only that is an API: place → provider."""
    return {place: name for file in _files() for place, name in file.compatible.items()}


def last_labels(host: str) -> str:
    """The last two labels of a host: the key under which its patterns lie."""
    return ".".join(host.rsplit(".", 2)[-2:])


@cache
def _files() -> tuple[ProviderFile, ...]:
    folder = resources.files(__package__) / "data"
    return tuple(msgspec.toml.decode((folder / name).read_bytes(), type=ProviderFile) for name in _FILES)


def _sites() -> Iterator[tuple[str, Site]]:
    for entry in entries():
        for surface in entry.surface:
            for host in surface.hosts:
                yield host, _site(entry, surface, host)
    for place, name in compatible().items():
        host, slash, path = place.partition("/")
        provider = Provider(name=name, title=name.replace("_", " ").title())
        yield host, Site(provider=provider, paths=re.compile(f"^/{path}(/|$)") if slash else None)


def _site(entry: ProviderEntry, surface: SurfaceEntry, host: str) -> Site:
    provider = Provider(
        name=entry.name,
        title=entry.title,
        surface=Surface(surface.name),
        entity=entry.entity,
        country=entry.country,
        entity_source=entry.entity_source,
        family=entry.family,
        credential_headers=entry.credential_headers,
        credential_query=entry.credential_query,
        organization_headers=entry.organization_headers,
        request_id_headers=entry.request_id_headers,
    )
    return Site(
        provider=provider,
        host=_host_pattern(host),
        paths=re.compile("|".join(surface.paths)) if surface.paths else None,
        region_path=re.compile(entry.region_path) if entry.region_path else None,
    )


def _host_pattern(host: str) -> re.Pattern[str] | None:
    pattern = re.escape(host)
    for placeholder, part in _PLACEHOLDERS.items():
        pattern = pattern.replace(placeholder, part)
    return re.compile(pattern) if pattern != re.escape(host) else None
