# SPDX-License-Identifier: Apache-2.0
"""The registry of provider terms: loaded whole from its data files, checked, and looked up by clause or provider.

Invariants after loading: every clause id is unique and begins with its provider's id, names a document of that
provider, and uses only the registry's kinds and signals; every marker names clauses that exist. A file that breaks
one of these is refused with a sentence that names it, since a clause quoted wrong accuses the innocent.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

import msgspec

from auditor.calls import Value
from auditor.errors import InputError
from auditor.terms.model import Clause, Common, Document, Marker, ProviderTerms, Role, Status

COMMON: Final = "registry.toml"
_DATA: Final = resources.files("auditor.terms") / "data"
_TABLE: Final = re.compile(rb"^\[", re.MULTILINE)
STALE_AFTER_DAYS: Final = 90


class Registry:
    """All providers' terms. Make it with `load`."""

    def __init__(self, common: Common, providers: Iterable[ProviderTerms]) -> None:
        self.compiled_on = date.fromisoformat(common.compiled_on)
        self.kinds: Mapping[str, str] = common.kinds
        self.signals: Mapping[str, str] = common.signals
        self.providers: Mapping[str, ProviderTerms] = {terms.id: _completed(terms) for terms in providers}
        self.clauses: Mapping[str, Clause] = {c.id: c for terms in self.providers.values() for c in terms.clause}
        self.markers: tuple[Marker, ...] = (
            *common.marker,
            *(marker for terms in self.providers.values() for marker in terms.marker),
        )
        self._by_name = {name: terms for terms in self.providers.values() for name in terms.serves}
        for problem in self._problems():
            raise InputError(f"The terms registry is wrong: {problem}.", "Correct its data file.")

    @classmethod
    @cache
    def load(cls) -> "Registry":
        """The built-in registry. Raises `InputError` naming the file and the reason where one is wrong."""
        return cls.read(_DATA)

    @classmethod
    def read(cls, folder: Traversable) -> "Registry":
        """The registry in a folder of data files."""
        common = _decode(folder / COMMON, Common)
        return cls(common, [_decode(file, ProviderTerms) for file in _files(folder)])

    def clause(self, clause_id: str) -> Clause:
        """One clause. Raises `InputError` where there is none of that id."""
        if clause_id not in self.clauses:
            raise InputError(f"There is no clause {clause_id} in the registry.", "`auditor terms list` shows them all.")
        return self.clauses[clause_id]

    def document(self, clause: Clause) -> Document:
        """The document a clause stands in."""
        documents = self.providers[clause.provider].document
        return next(document for document in documents if document.id == clause.document)

    def serving(self, provider_name: str) -> ProviderTerms | None:
        """The terms of a `gen_ai.provider.name`, where the registry has them."""
        return self._by_name.get(provider_name)

    def of(self, provider_id: str, kind: str | None = None, role: Role | None = None) -> tuple[Clause, ...]:
        """A provider's clauses, of one kind or role where given."""
        return tuple(
            clause
            for clause in self.providers[provider_id].clause
            if kind in (None, clause.kind) and role in (None, clause.role)
        )

    def is_stale(self, today: date) -> bool:
        """Whether the registry was compiled more than 90 days before `today`."""
        return (today - self.compiled_on).days > STALE_AFTER_DAYS

    def _problems(self) -> Iterator[str]:
        total = sum(len(terms.clause) for terms in self.providers.values())
        if len(self.clauses) != total:
            yield "a clause id occurs twice"
        for terms in self.providers.values():
            documents = {document.id for document in terms.document}
            for clause in terms.clause:
                yield from self._clause_problems(clause, terms.id, documents)
        for marker in self.markers:
            yield from _marker_problems(marker, self.clauses)

    def _clause_problems(self, clause: Clause, provider: str, documents: set[str]) -> Iterator[str]:
        if not clause.id.startswith(f"{provider}."):
            yield f"clause {clause.id} stands in the file of {provider}"
        if clause.document not in documents:
            yield f"clause {clause.id} names the unknown document {clause.document}"
        if clause.kind not in self.kinds:
            yield f"clause {clause.id} is of the unknown kind {clause.kind}"
        for signal in set(clause.signals) - set(self.signals):
            yield f"clause {clause.id} names the unknown signal {signal}"


class _Head(Value, frozen=True, kw_only=True):
    """What a provider's file says ahead of its tables."""

    id: str
    serves: tuple[str, ...] = ()


@cache
def serving() -> Mapping[str, tuple[str, ...]]:
    """The built-in registry's providers by their ids, and the names they serve, from the heads of the files: whoever
    needs no clause does not wait for hundreds of them to be parsed."""
    heads = (_decode(file, _Head, _TABLE.split(file.read_bytes(), maxsplit=1)[0]) for file in _files(_DATA))
    return {head.id: head.serves for head in heads}


def may_alarm(clause: Clause) -> bool:
    """Whether a finding on this clause may be more than informational: its text was seen, and it binds the customer."""
    return clause.status is Status.VERIFIED and clause.role in (Role.PROHIBITION, Role.OBLIGATION)


def _completed(terms: ProviderTerms) -> ProviderTerms:
    """The terms with each clause filled in from its document."""
    documents = {document.id: document for document in terms.document}
    markers = tuple(msgspec.structs.replace(marker, provider=terms.id) for marker in terms.marker)
    clauses = tuple(_filled(clause, terms.id, documents.get(clause.document)) for clause in terms.clause)
    return msgspec.structs.replace(terms, clause=clauses, marker=markers)


def _filled(clause: Clause, provider: str, document: Document | None) -> Clause:
    if document is None:
        return msgspec.structs.replace(clause, provider=provider)
    return msgspec.structs.replace(
        clause,
        provider=provider,
        document_title=document.title,
        url=clause.url or document.url,
        effective_or_updated=clause.effective_or_updated or document.effective_date or document.last_updated,
        seen_via=clause.seen_via or document.seen_via,
        stored_copy_date=clause.stored_copy_date or document.stored_copy_date,
    )


def _marker_problems(marker: Marker, clauses: Mapping[str, Clause]) -> Iterator[str]:
    try:
        re.compile(marker.match)
    except re.error:
        yield f"marker {marker.id} holds no regular expression"
    for clause_id in marker.clauses:
        if clause_id not in clauses:
            yield f"marker {marker.id} names the unknown clause {clause_id}"


def _files(folder: Traversable) -> list[Traversable]:
    """The files of providers, in the order of their names."""
    return sorted(
        (one for one in folder.iterdir() if one.name.endswith(".toml") and one.name != COMMON),
        key=lambda file: file.name,
    )


def _decode[T](file: Traversable, form: type[T], content: bytes | None = None) -> T:
    """What a file says, or its `content` says."""
    try:
        return msgspec.toml.decode(file.read_bytes() if content is None else content, type=form)
    except msgspec.MsgspecError as error:
        raise InputError(f"The terms file {file.name} is malformed: {error}.", "Correct it.") from error
