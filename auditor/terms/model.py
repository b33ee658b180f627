# SPDX-License-Identifier: Apache-2.0
"""The values of the registry: what a provider's documents say, in our own words, and how sure we are of it.

A clause never quotes: `paraphrase` is one sentence of ours, `document`, `section` and `url` say where to read the
original. What no traffic shows (contract, tier, purpose) is not in here; it comes from the organisation's policy.
"""

from enum import StrEnum
from typing import Literal

from auditor.calls import Value


class Status(StrEnum):
    """How a statement was seen. Only `VERIFIED` may raise more than an informational finding."""

    VERIFIED = "verified"
    OLDER_VERSION = "verified-older-version"
    SECONDARY = "unverified-secondary"
    UNVERIFIED = "unverified"


class Role(StrEnum):
    """What a clause does: a breach is possible of the first two, a practice is a risk, a permission suppresses."""

    PROHIBITION = "prohibition"
    OBLIGATION = "obligation"
    PRACTICE = "provider_practice"
    PERMISSION = "permission"


class Detectability(StrEnum):
    """What traffic can show of a clause."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    WEAK = "weak"
    CONTEXT = "context"


type SeenVia = Literal["full_text", "older_full_text", "older_excerpt", "excerpt", "secondary", "unseen"]


class Fact(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One fact about a provider, with where it was read. `value` is absent where nothing is known."""

    value: bool | int | str | tuple[str, ...] | None = None
    status: Status
    source: str | None = None
    note: str | None = None


class Facts(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who a provider is and how it treats inputs."""

    legal_entity: Fact
    hq_country: Fact
    api_hosts: Fact
    default_input_retention_days: Fact
    api_inputs_train_by_default: Fact
    zero_retention_option: Fact
    baa_option: Fact
    eu_region_option: Fact


class ArchivePlace(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where Open Terms Archive (https://opentermsarchive.org) keeps a document, and the commit we read."""

    collection: str
    repository: str
    service: str
    terms_type: str
    commit: str | None = None
    last_change_recorded: str | None = None
    recorded_changes: int | None = None
    note: str | None = None

    @property
    def path(self) -> str:
        """The document's file inside the versions repository."""
        return f"{self.service}/{self.terms_type}.md"


class Document(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One document of a provider; dates as it states them."""

    id: str
    title: str
    url: str | None = None
    effective_date: str | None = None
    last_updated: str | None = None
    seen_via: SeenVia
    stored_copy_date: str | None = None
    stored_copy_as_of: str | None = None
    note: str | None = None
    archive: ArchivePlace | None = None


class Clause(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One provider term. What a data file leaves out holds as its document says; the registry fills it in."""

    id: str
    document: str
    section: str | None = None
    url: str | None = None
    effective_or_updated: str | None = None
    kind: str
    role: Role
    paraphrase: str
    applies_to: str | None = None
    traffic_evidence: str | None = None
    signals: tuple[str, ...] = ()
    detectability: Detectability
    status: Status
    confidence: Literal["high", "medium", "low", "unverified"]
    seen_via: SeenVia | None = None
    stored_copy_date: str | None = None
    note: str | None = None
    provider: str = ""
    document_title: str = ""


class Marker(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sign in traffic that brings clauses into force: `match` is a regular expression over the part `where`."""

    id: str
    where: Literal[
        "host", "path", "model_id", "header", "response_header", "request_param", "response_field", "user_agent"
    ]
    match: str
    meaning: str
    status: Status
    source: str | None = None
    clauses: tuple[str, ...] = ()
    provider: str = "*"


class ProviderTerms(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One provider's file. `serves` are its `gen_ai.provider.name` values; a licence of weights serves none."""

    id: str
    name: str
    serves: tuple[str, ...] = ()
    facts: Facts
    document: tuple[Document, ...] = ()
    clause: tuple[Clause, ...] = ()
    marker: tuple[Marker, ...] = ()


class Common(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What holds for the whole registry: its date, the words its files use, markers of every provider."""

    compiled_on: str
    kinds: dict[str, str]
    signals: dict[str, str]
    marker: tuple[Marker, ...] = ()
