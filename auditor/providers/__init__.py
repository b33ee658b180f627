# SPDX-License-Identifier: Apache-2.0
"""Who is behind a host: providers, their endpoints and regions, as data with a lookup.

The facts lie in `data/*.toml`; `Providers` looks them up. Three questions are answered: is a host worth decrypting
(`is_ai_host`, asked at each TLS ClientHello, so it is cached), who serves a host and path (`match`), and which program
sent a request (`client_name`). Hosts nobody listed fall back to the public provider list of genai-prices.

Invariants: a host on the list of an operator wins over ours, ours over the public one; names are OpenTelemetry's
`gen_ai.provider.name` values where one exists; a fact that is not known is `None`.
"""

from auditor.providers.clients import client_name
from auditor.providers.configured import ProviderHost
from auditor.providers.lookup import Providers
from auditor.providers.model import FAMILIES, Provider, Surface

__all__ = ["FAMILIES", "Provider", "ProviderHost", "Providers", "Surface", "client_name"]
