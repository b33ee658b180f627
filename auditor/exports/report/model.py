# SPDX-License-Identifier: Apache-2.0
"""What a report says, as values: no database and no text of a page here."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from auditor.archive import LedgerStatus, Summary
from auditor.calls import Value
from auditor.findings import Case, CitedClause, Level


class ProviderFact(Value, frozen=True, kw_only=True):
    """A fact of the registry about a provider, in words, with how it was seen."""

    name: str
    said: str
    status: str


class Destination(Value, frozen=True, kw_only=True):
    """One provider that was called: how often, what data went there, and what is known of it."""

    name: str
    title: str
    calls: int
    input_tokens: int
    output_tokens: int
    cost_usd: float
    sent: Mapping[str, int]
    received: Mapping[str, int]
    standing: str | None = None
    facts: tuple[ProviderFact, ...] = ()


class ByClause(Value, frozen=True, kw_only=True):
    """The findings on one clause (None: on no clause), the most severe first."""

    clause: CitedClause | None
    cases: tuple[Case, ...]

    @property
    def level(self) -> Level:
        """The highest level among them."""
        levels = tuple(Level)
        return max((case.finding.rule.level for case in self.cases), key=levels.index)


class Note(Value, frozen=True, kw_only=True):
    """Informational findings of one rule on one clause, told together."""

    title: str
    clause: str | None
    provider: str | None
    findings: int
    calls: int


class Method(Value, frozen=True, kw_only=True):
    """How the findings came about, and what they rest on."""

    version: str
    rules: int
    clauses: int
    watched: int
    may_alarm: int
    providers: int
    compiled_on: date
    is_stale: bool
    policy_stated: bool


class Report(Value, frozen=True, kw_only=True):
    """The whole report. Persons are pseudonyms in it, and it holds no content but masked excerpts of evidence."""

    organisation: str | None
    since: datetime
    until: datetime
    made: datetime
    made_by: str
    store: str
    summary: Summary
    destinations: tuple[Destination, ...]
    findings: tuple[ByClause, ...]
    closed: int
    notes: tuple[Note, ...]
    ledgers: tuple[LedgerStatus, ...]
    method: Method

    @property
    def last(self) -> datetime:
        """The last moment of the period, whose end may be the midnight after it."""
        return max(self.until - timedelta(microseconds=1), self.since)

    @property
    def by_level(self) -> dict[Level, int]:
        """How many open findings there are of each level above informational, the highest first."""
        levels = [case.finding.rule.level for one in self.findings for case in one.cases]
        return {level: levels.count(level) for level in reversed(Level) if level is not Level.INFORMATIONAL}

    @property
    def lost(self) -> int:
        """Calls that passed and were not recorded, as far as gateways know."""
        return sum(one.lost for one in self.ledgers)
