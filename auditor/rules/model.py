# SPDX-License-Identifier: Apache-2.0
"""A rule as it is evaluated: what Sigma says, what we add to it, and the condition it became.

What Sigma has no place for stands in a rule's own section `auditor` (Sigma keeps attributes it does not know): the
clauses it rests on, how strong its evidence is, what no traffic shows, and samples that must and must not match.
"""

from pathlib import Path
from typing import Any, Literal

import msgspec
from sqlalchemy import ColumnElement, or_

from auditor.archive.fields import Field
from auditor.archive.times import MICROSECONDS
from auditor.calls import Value
from auditor.findings import Grade, Kind, Level
from auditor.policy import UNSAID, Policy
from auditor.rules.sql import Compiler

type EvidenceKind = Literal["intent", "pattern", "lineage", "data", "config"]


class Sample(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Exchanges that a rule has to match, or must not; `auditor.exercise` says how they are written. `repeat` plays
    them so often; `{i}` in any text of theirs is the number of the turn. A match may say at which level, and on which
    clause."""

    name: str
    repeat: int = 1
    level: Level | None = None
    clause: str | None = None
    exchanges: tuple[dict[str, Any], ...]


class Samples(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Material of a rule's own test: `match` has to raise it, `miss` comes near and must not. `policy` is the
    organisation's, as its file says it; `{credential:KEY}` and `{actor:NAME}` in it become their pseudonyms."""

    policy: dict[str, Any] = msgspec.field(default_factory=dict)
    match: tuple[Sample, ...] = ()
    miss: tuple[Sample, ...] = ()


class Section(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The section `auditor` of a rule's file. `permissions` are clauses that turn a match into an informational note;
    `unknown` says what no traffic shows; `evidence` is what kind of point its evidence makes."""

    kind: Kind = Kind.POLICY
    grade: Grade = Grade.PROBABLE
    evidence: EvidenceKind = "pattern"
    clauses: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    samples: Samples = Samples()


class Detection(msgspec.Struct, frozen=True):
    """Conditions as pySigma parsed them, of which one has to hold. Compiled under the policy they are asked with."""

    nodes: tuple[Any, ...]

    def sql(self, policy: Policy = UNSAID) -> ColumnElement[bool]:
        """The condition a row of `calls` fulfils."""
        compiler = Compiler(policy)
        return or_(*map(compiler.condition, self.nodes))

    def fields(self) -> tuple[Field, ...]:
        """The fields it looks at. Raises `Unsupported` where the index cannot answer."""
        compiler = Compiler()
        for node in self.nodes:
            compiler.condition(node)
        return tuple(compiler.fields.values())


class Correlation(msgspec.Struct, frozen=True, kw_only=True):
    """When several calls together match, of one group within `seconds`: at least `least` calls (or values of `counted`,
    where it is set), or one of each of the `stages` (in their order, where `ordered`)."""

    group_by: tuple[Field, ...]
    counted: Field | None
    least: int
    seconds: int
    stages: tuple[Detection, ...] = ()
    ordered: bool = False

    @property
    def span(self) -> int:
        """The length of its window in microseconds."""
        return self.seconds * MICROSECONDS


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule, ready to run. `detection` holds for single calls; `fields` are those it looks at; `source` is a hash of
    the text it was read from."""

    id: str
    title: str
    level: Level
    description: str
    falsepositives: tuple[str, ...]
    references: tuple[str, ...]
    section: Section
    detection: Detection
    fields: tuple[Field, ...]
    correlation: Correlation | None = None
    source: str = ""
    path: Path | None = None


class BadRule(Value, frozen=True, kw_only=True):
    """A rule that cannot be run, where it stands, and why."""

    path: str
    title: str
    what: str


class Rules(msgspec.Struct, frozen=True):
    """Rules that run, and those that do not: one bad rule never stops the others."""

    rules: tuple[Rule, ...]
    bad: tuple[BadRule, ...] = ()
