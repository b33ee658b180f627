# SPDX-License-Identifier: Apache-2.0
"""`Providers`: the lookup from host, port and path to the provider behind them."""

from collections.abc import Iterable
from functools import lru_cache

import msgspec

from auditor.providers.configured import ProviderHost
from auditor.providers.model import Provider, Site, Surface
from auditor.providers.public import public_site
from auditor.providers.tables import Tables, compatible, entries, last_labels, tables

_HOSTS_REMEMBERED = 8192
_OLLAMA_PORT = 11434
_LOCAL_OLLAMA = Provider(name="ollama", title="Ollama", surface=Surface("self_hosted"), family="ollama")


class Providers:
    """Looks up who is behind a host. Immutable; safe to share between threads."""

    def __init__(self, known: Tables, extra: Iterable[ProviderHost] = ()) -> None:
        self._known = known
        self._extra = {(one.host, one.port): one.provider() for one in extra}
        self._extra_hosts = frozenset(host for host, _ in self._extra)
        # Bound per instance, so that the operator's hosts of one instance never answer for another.
        self._site = lru_cache(maxsize=_HOSTS_REMEMBERED)(self._find)

    @classmethod
    def load(cls, extra: Iterable[ProviderHost] = ()) -> "Providers":
        """The packaged tables, with the operator's own hosts above them."""
        return cls(tables(), extra)

    def names(self) -> frozenset[str]:
        """Every provider there is a name of."""
        listed = {entry.name for entry in entries()} | set(compatible().values())
        return frozenset(listed | {provider.name for provider in self._extra.values()} | {_LOCAL_OLLAMA.name})

    def is_ai_host(self, host: str) -> bool:
        """Whether a connection to this host may carry model calls, so that it is worth opening.

        On shared hosts (a data platform, a content network) only some paths do; `match` tells once the path is known.
        """
        host = _plain(host)
        return host in self._extra_hosts or self._site(host) is not None

    def match(self, host: str, port: int | None = None, path: str = "") -> Provider | None:
        """Who serves this host, or None: unknown, or a path of a shared host that goes to no model."""
        host = _plain(host)
        configured = self._extra.get((host, port)) or self._extra.get((host, None))
        if configured:
            return configured
        region, site = self._site(host) or (None, None)
        if site is None:
            return _LOCAL_OLLAMA if port == _OLLAMA_PORT else None
        if path and not site.serves(path):
            return None
        return _placed(site, region, path)

    def _find(self, host: str) -> tuple[str | None, Site] | None:
        literal = self._known.literal.get(host)
        if literal:
            return None, literal
        for site in self._known.patterns.get(last_labels(host), ()):
            found = site.host.fullmatch(host) if site.host else None
            if found:
                return found.groupdict().get("region"), site
        public = public_site(host)
        return (None, public) if public else None


def _plain(host: str) -> str:
    return host.lower().rstrip(".")


def _placed(site: Site, region: str | None, path: str) -> Provider:
    if region is None and site.region_path:
        found = site.region_path.search(path)
        region = found.group(1) if found else None
    return msgspec.structs.replace(site.provider, region=region) if region else site.provider
