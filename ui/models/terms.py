# SPDX-License-Identifier: Apache-2.0
"""The registry of provider terms beside what is sent to each provider, in the shapes the page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from auditor.archive import Archive, Share
from auditor.archive.crossing import Crossing, cross
from auditor.terms import Clause, Document, ProviderTerms, Registry, Role
from auditor.terms.model import Fact
from ui.models import formats

NOT_KNOWN = "not known"

FACTS = (
    ("legal_entity", "Contracting entity"),
    ("hq_country", "Home country"),
    ("default_input_retention_days", "Keeps inputs for"),
    ("api_inputs_train_by_default", "Trains on API inputs by default"),
    ("zero_retention_option", "Zero retention can be agreed"),
    ("baa_option", "Agreement on health data (BAA)"),
    ("eu_region_option", "Processing in the EU can be chosen"),
    ("api_hosts", "API hosts"),
)
"""The facts of a provider in the order of a review, with the question each answers."""

ROLES: dict[Role, tuple[str, str]] = {
    Role.PROHIBITION: ("Prohibitions", "prohibits"),
    Role.OBLIGATION: ("Obligations", "obliges"),
    Role.PRACTICE: ("Practices", "what the provider does"),
    Role.PERMISSION: ("Permissions", "permits"),
}

SEEN: dict[str, str] = {
    "full_text": "read in full",
    "older_full_text": "an older version read in full",
    "older_excerpt": "an excerpt of an older version read",
    "excerpt": "read in excerpts",
    "secondary": "known from others only",
    "unseen": "not seen",
}


class KnownFact(NamedTuple):
    """One fact in words: question, answer, how sure we are, and where it was read."""

    question: str
    answer: str
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A provider: its terms where the registry has them, and what is sent there."""

    id: str
    name: str
    terms: ProviderTerms | None
    names: tuple[str, ...] = ()
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
    sent: tuple[tuple[str, int], ...] = ()

    def clauses(self, role: Role | None = None) -> list[Clause]:
        """Its clauses, of one role where given; what may raise an alarm first."""
        roles = list(Role)
        held = self.terms.clause if self.terms else ()
        chosen = [clause for clause in held if role in (None, clause.role)]
        return sorted(chosen, key=lambda clause: roles.index(clause.role))

    def holds(self, words: Sequence[str]) -> bool:
        """Whether all words stand in its name, its ids or its clauses."""
        clauses = " ".join(f"{one.kind} {one.paraphrase} {one.section}" for one in self.clauses())
        text = f"{self.id} {self.name} {' '.join(self.names)} {clauses}".casefold()
        return all(word in text for word in words)


@dataclass(frozen=True, slots=True)
class Book:
    """All providers: those called first, the most called before the others, then by name."""

    compiled_on: date
    stale: bool
    entries: tuple[Entry, ...]

    def age(self, today: date) -> str:
        """How old the registry is, in words."""
        days = (today - self.compiled_on).days
        when = "today" if days <= 0 else f"{formats.count(days, 'day')} ago"
        total = sum(len(entry.terms.clause) for entry in self.entries if entry.terms)
        return f"{formats.count(total, 'clause')} in our words, compiled {self.compiled_on} ({when})"


def read_book(archive: Archive, today: date) -> Book:
    """The registry with the figures of all recorded calls."""
    registry = Registry.load()
    shares = archive.top("provider", limit=1_000)
    return book(registry, shares, cross(archive.index, "sent"), today)


def book(registry: Registry, shares: Sequence[Share], cells: Sequence[Crossing], today: date) -> Book:
    """Terms and figures together; a provider without terms stands there too."""
    known = [_entry(terms.id, terms.name, terms, terms.serves, shares, cells) for terms in registry.providers.values()]
    others = [share.value for share in shares if registry.serving(share.value) is None]
    known += [_entry(name, name, None, (name,), shares, cells) for name in others]
    known.sort(key=lambda entry: (-entry.calls, entry.name.casefold()))
    return Book(registry.compiled_on, registry.is_stale(today), tuple(known))


def _entry(
    id_: str,
    name: str,
    terms: ProviderTerms | None,
    names: tuple[str, ...],
    shares: Sequence[Share],
    cells: Sequence[Crossing],
) -> Entry:
    ours = [share for share in shares if share.value in names]
    sent: dict[str, int] = {}
    for cell in cells:
        if cell.provider in names:
            sent[cell.data] = sent.get(cell.data, 0) + cell.calls
    return Entry(
        id=id_,
        name=name,
        terms=terms,
        names=names,
        calls=sum(share.calls for share in ours),
        input_tokens=sum(share.input_tokens for share in ours),
        output_tokens=sum(share.output_tokens for share in ours),
        cost_usd=sum(share.cost_usd for share in ours),
        sent=tuple(sorted(sent.items(), key=lambda item: (-item[1], item[0]))),
    )


def facts(terms: ProviderTerms) -> list[KnownFact]:
    """The facts of a provider in words."""
    held = [(name, question, getattr(terms.facts, name)) for name, question in FACTS]
    return [KnownFact(question, _answer(name, fact), fact.status, _source(fact)) for name, question, fact in held]


def _answer(name: str, fact: Fact) -> str:
    match fact.value:
        case None:
            return NOT_KNOWN
        case bool(yes):
            return "yes" if yes else "no"
        case int(number):
            return formats.count(number, "day") if name.endswith("_days") else f"{number:,}"
        case str(text):
            return text or NOT_KNOWN
        case several:
            return ", ".join(several) or NOT_KNOWN


def _source(fact: Fact) -> str:
    return " · ".join(part for part in (fact.source, fact.note) if part)


def document_line(document: Document) -> str:
    """When a document took effect or was changed, and how much of it we saw."""
    parts = [SEEN[document.seen_via]]
    if document.effective_date:
        parts.append(f"in effect since {document.effective_date}")
    elif document.last_updated:
        parts.append(f"last changed {document.last_updated}")
    if document.stored_copy_date:
        parts.append(f"our copy is of {document.stored_copy_date}")
    return " · ".join(parts)
