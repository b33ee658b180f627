# SPDX-License-Identifier: Apache-2.0
"""How far each rule was evaluated: the number of the last call that the index held then.

A mark counts only for the very rule, policy, clauses and program that made it, and until something is erased: else the
rule is evaluated over everything again. Marks lie in the index, which is a cache: made anew, it has none. They are
written once what was found is on record, so that a run that is broken off loses nothing.
"""

import hashlib
from collections.abc import Iterable
from typing import Final

import msgspec
from sqlalchemy import Connection, delete, func, insert, select

from auditor.archive.index import Index
from auditor.archive.schema import erased, evaluated
from auditor.policy import Policy
from auditor.rules.model import Rule
from auditor.terms import Registry

EVALUATION: Final = 1
"""Raised where the same rule would find something else in the same calls, or say it differently."""


class Marks:
    """The marks of an index under a policy, with those of this run beside them. For one thread."""

    def __init__(self, registry: Registry, policy: Policy) -> None:
        self._registry = registry
        self._policy = msgspec.json.encode(policy)
        self._reached: dict[str, tuple[str, int]] = {}

    def after(self, connection: Connection, rule: Rule, last: int) -> int | None:
        """The call up to which a rule was evaluated as it is now; None where it never was. Now it is up to `last`."""
        state = self._state(connection, rule)
        self._reached[rule.id] = state, last
        query = select(evaluated.c.last).where(evaluated.c.rule == rule.id, evaluated.c.state == state)
        return connection.scalar(query)

    def save(self, index: Index) -> None:
        """Keep what this run reached: what it found is recorded."""
        rows = [{"rule": rule, "state": state, "last": last} for rule, (state, last) in self._reached.items()]
        if rows:
            with index.writing() as connection:
                connection.execute(delete(evaluated).where(evaluated.c.rule.in_(list(self._reached))))
                connection.execute(insert(evaluated), rows)

    def _state(self, connection: Connection, rule: Rule) -> str:
        erasures = connection.scalar(select(func.count()).select_from(erased))
        said = [EVALUATION, rule.source, self._clauses(rule), erasures]
        return hashlib.blake2b(msgspec.json.encode(said) + self._policy, digest_size=16).hexdigest()

    def _clauses(self, rule: Rule) -> Iterable[object]:
        return [self._registry.clause(name) for name in (*rule.section.clauses, *rule.section.permissions)]
