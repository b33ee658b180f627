# SPDX-License-Identifier: Apache-2.0
"""Which clause of the registry is watched by what, and which cannot be seen in traffic and why.

A clause is covered by the rules that name it, by the distillation analysis where it is about training on outputs, or
by nothing: then a reason is given, its own or that of its kind. A test holds the documentation to this.
"""

from collections.abc import Iterator
from typing import Final

from auditor.calls import Value
from auditor.rules.model import Rules
from auditor.terms import Clause, Registry
from auditor.terms.model import Detectability
from auditor.terms.registry import may_alarm

DISTILLATION: Final = "distillation analysis"
_TRAINING: Final = frozenset({"competing_model_training", "output_training_any_model", "permission"})

OWN_REASONS: Final = {
    "aws_bedrock.provider_training.1": (
        "these services are no model providers: their hosts are tunnelled, not decrypted, and only counted"
    ),
    "aws_bedrock.processing_region.2": "the host of that product was not known to us when the registry was compiled",
    "minimax.product_scope.1": "the kind of a key shows in its beginning, and of a key only the fingerprint is kept",
    "mistral.product_scope.2": "neither host nor model says which products are in beta",
}
"""Why clauses that traffic could show are not watched."""

KIND_REASONS: Final = {
    "ai_disclosure": "what people are told about the model happens outside its calls",
    "benchmarking_publishing": "publication happens elsewhere",
    "biometrics": "whether a person agreed is not in the call",
    "children_age": "the age of users and of the persons spoken of is not in the call",
    "credential_sharing": "who holds a key is not in the call",
    "export_control": "the seat and the end use are not in the call",
    "health_data_phi": "the agreement is a contract; the policy file can state it",
    "human_review": "the review happens after the call",
    "key_transfer": "a sale or hand-over happens outside the calls",
    "processing_region": "the provider decides it; the contract can bind it",
    "product_scope": "the plan is part of the contract",
    "professional_advice": "whether a professional looks on is not in the call",
    "prohibited_use": "the use is a purpose, and a call shows only words",
    "provider_training": "it is the provider's own practice; the contract or a setting decides it",
    "provenance_tampering": "marks are taken off after the call",
    "reselling": "customers of the organisation's own are not in its calls",
    "retention": "it is the provider's own practice; the contract or a setting decides it",
    "safety_circumvention": "the intention is not in the call",
    "security_testing": "permission to test is given outside the calls",
    "sensitive_personal_data": "consent and legal ground are not in the call",
    "third_party_terms": "other documents apply; the call only names the model",
    "unsupported_region": "where users and owners are is not in the call",
}
_HEAD: Final = ("| Clause | In traffic | May alarm | Watched by |", "|---|---|---|---|")
_ANY_REASON: Final = "it describes a relation, a contract or an event outside the calls"


class Covered(Value, frozen=True, kw_only=True):
    """One clause, what watches it, and why nothing does."""

    clause: str
    provider: str
    kind: str
    detectability: Detectability
    may_alarm: bool
    watched_by: tuple[str, ...] = ()
    unseen_because: str | None = None


def coverage(registry: Registry, rules: Rules) -> Iterator[Covered]:
    """The coverage of every clause, in the registry's order."""
    titles: dict[str, list[str]] = {}
    for rule in rules.rules:
        for name in (*rule.section.clauses, *rule.section.permissions):
            titles.setdefault(name, []).append(rule.title)
    for clause in registry.clauses.values():
        watchers = (*titles.get(clause.id, ()), *((DISTILLATION,) if clause.kind in _TRAINING else ()))
        yield Covered(
            clause=clause.id,
            provider=clause.provider,
            kind=clause.kind,
            detectability=clause.detectability,
            may_alarm=may_alarm(clause),
            watched_by=watchers,
            unseen_because=None if watchers else _reason(clause),
        )


def _reason(clause: Clause) -> str:
    return OWN_REASONS.get(clause.id) or KIND_REASONS.get(clause.kind, _ANY_REASON)


def table(covered: list[Covered]) -> str:
    """The coverage in Markdown, provider by provider, for the documentation."""
    lines: list[str] = []
    for number, one in enumerate(covered):
        if number == 0 or covered[number - 1].provider != one.provider:
            lines += [
                "",
                f"## {one.provider}",
                "",
                "| Clause | In traffic | May alarm | Watched by |",
                "|---|---|---|---|",
            ]
        watched = "; ".join(one.watched_by) or f"— {one.unseen_because}"
        name = one.clause.removeprefix(f"{one.provider}.")
        lines.append(f"| {name} | {one.detectability} | {'yes' if one.may_alarm else 'no'} | {watched} |")
    return "\n".join(lines).strip() + "\n"
