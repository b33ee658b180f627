# SPDX-License-Identifier: Apache-2.0
"""The terms that hold for a call: its provider's, and the maker's where another one made the model."""

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.archive.rows import maker
from auditor.calls import Call
from auditor.terms import Clause, Registry, Role

NO_TERMS = "The registry has no terms of this provider."


@dataclass(frozen=True, slots=True)
class Applying:
    """Whose terms, under which title, and their clauses by role; no clause where the registry has none."""

    id: str
    title: str
    clauses: Mapping[Role, tuple[Clause, ...]]


def terms_for(call: Call) -> tuple[Applying, ...]:
    """The terms that hold for a call, the provider's first; none where nobody is known behind the host."""
    registry, found = Registry.load(), []
    if call.provider:
        terms = registry.serving(call.provider)
        title = f"{terms.name}, who serves the model" if terms else call.provider
        found.append(_applying(registry, terms.id if terms else "", title))
    if beside := maker(call):
        found.append(_applying(registry, beside, f"{registry.providers[beside].name}, who made the model"))
    return tuple(found)


def _applying(registry: Registry, id_: str, title: str) -> Applying:
    held = {role: registry.of(id_, role=role) for role in Role} if id_ else {}
    return Applying(id_, title, {role: clauses for role, clauses in held.items() if clauses})
