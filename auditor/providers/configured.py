# SPDX-License-Identifier: Apache-2.0
"""Hosts an operator names: `--provider-host HOST[:PORT]=DIALECT` for self-hosted and internal endpoints."""

from auditor.calls import Value
from auditor.errors import InputError
from auditor.providers.model import FAMILIES, Provider, Surface


class ProviderHost(Value, frozen=True):
    """A host of the operator's own; without a port it stands for every port. `dialect` is a family or a dialect."""

    host: str
    port: int | None
    dialect: str

    @classmethod
    def parse(cls, text: str) -> "ProviderHost":
        """Read `HOST[:PORT]=DIALECT`; an IPv6 address stands in brackets. Raises InputError."""
        place, _, dialect = text.strip().partition("=")
        if not place or dialect.split(".")[0] not in FAMILIES:
            raise InputError(f"'{text}' names no host and dialect.", _ADVICE)
        host, port = _split_port(place)
        if port is not None and not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
            raise InputError(f"'{text}' has no valid port.", _ADVICE)
        return cls(host.strip("[]").lower(), int(port) if port else None, dialect)

    @property
    def family(self) -> str:
        """The family of the dialect."""
        return self.dialect.split(".")[0]

    def provider(self) -> Provider:
        """The provider this host stands for."""
        name = "ollama" if self.family == "ollama" else "self_hosted"
        return Provider(name=name, title=self.host, surface=Surface("self_hosted"), family=self.family)


_ADVICE = f"Write HOST[:PORT]=DIALECT with one of {', '.join(FAMILIES)}."


def _split_port(place: str) -> tuple[str, str | None]:
    if place.count(":") > 1 and not place.startswith("["):
        return place, None
    head, colon, tail = place.rpartition(":")
    if not colon or tail.endswith("]"):
        return place, None
    return head, tail
