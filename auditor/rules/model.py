# SPDX-License-Identifier: Apache-2.0
"""A rule as it is evaluated: what Sigma says, what we add to it, and the condition it became.

What Sigma has no place for stands in a rule's own section `auditor` (Sigma keeps attributes it does not know): the
clauses it rests on, how strong its evidence is, what no traffic shows, and samples that must and must not match.
"""

from pathlib import Path
from typing import Any, Literal

import msgspec
from sqlalchemy import ColumnElement

from auditor.archive.fields import Field
from auditor.calls import Value
from auditor.findings import Grade, Kind, Level

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
    """Material of a rule's own test: `match` has to raise it, `miss` comes near and must not."""

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


class Correlation(msgspec.Struct, frozen=True, kw_only=True):
    """When several calls together match: at least `least` calls (or values of `counted`, where it is set) of one group
    within `seconds`."""

    group_by: tuple[Field, ...]
    counted: Field | None
    least: int
    seconds: int


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule, ready to run. `condition` holds for single calls; `fields` are those it looks at."""

    id: str
    title: str
    level: Level
    description: str
    falsepositives: tuple[str, ...]
    references: tuple[str, ...]
    section: Section
    condition: ColumnElement[bool]
    fields: tuple[Field, ...]
    correlation: Correlation | None = None
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
