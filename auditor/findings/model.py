# SPDX-License-Identifier: Apache-2.0
"""What a rule or an analysis reports for review, as `auditor findings --json` prints it.

A finding is an indication, never a verdict. Its id is a digest of what makes it the same finding again (rule, actor,
window), so that analysing twice reports it once. Texts are masked excerpts or measured figures, never raw content.
"""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from auditor.calls import Value


class Level(StrEnum):
    """Sigma's levels (https://sigmahq.io/docs/basics/rules.html#level)."""

    INFORMATIONAL = "informational"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Kind(StrEnum):
    """What a finding is about."""

    TERMS = "terms"
    DATA = "data"
    POLICY = "policy"
    DISTILLATION = "distillation"
    LINEAGE = "lineage"
    INTEGRITY = "integrity"


class Grade(StrEnum):
    """How strong the evidence is: the first two call for review, the next two are context, the last is permitted."""

    EVIDENCED = "evidenced"
    PROBABLE = "probable"
    WATCH = "watch"
    INCONCLUSIVE = "inconclusive"
    INFORMATIONAL = "informational"


class State(StrEnum):
    """Where a finding stands in triage."""

    NEW = "new"
    TRIAGE = "triage"
    CONFIRMED = "confirmed"
    REMEDIATED = "remediated"
    DISMISSED = "dismissed"
    ACCEPTED = "accepted"


class RuleName(Value, frozen=True, kw_only=True):
    """The rule or analysis that reported."""

    id: str
    title: str
    level: Level


class CitedClause(Value, frozen=True, kw_only=True):
    """The clause a finding rests on, as it stood when it was cited."""

    id: str
    provider: str
    document: str
    section: str | None = None
    url: str | None = None
    effective: str | None = None
    paraphrase: str
    status: str


class Evidence(Value, frozen=True, kw_only=True):
    """One point a finding rests on: the call it was seen in, and a masked excerpt or a measured figure.

    Of lineage, `upload` is the call whose row number `row` holds what was first seen in `call`.
    """

    call: str | None = None
    kind: Literal["intent", "pattern", "lineage", "data", "config"]
    text: str
    upload: str | None = None
    row: int | None = None


class Finding(Value, frozen=True, kw_only=True):
    """A finding. `score` is 0 to 1; `calls` are the calls it rests on, the first ones where there are many."""

    id: str
    rule: RuleName
    kind: Kind
    clause: CitedClause | None = None
    status: State = State.NEW
    actor: str | None = None
    credential: str | None = None
    first_seen: datetime
    last_seen: datetime
    count: int
    calls: tuple[str, ...] = ()
    score: float
    grade: Grade
    explanation: str
    evidence: tuple[Evidence, ...] = ()
