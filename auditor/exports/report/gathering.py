# SPDX-License-Identifier: Apache-2.0
"""Gathers a report from an archive: sums of the period, what went where, findings by clause, completeness."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

import auditor
from auditor.archive import Archive
from auditor.archive.crossing import Crossing, cross
from auditor.exports.report.model import ByClause, Destination, Method, Note, ProviderFact, Report
from auditor.findings import Case, Level, State
from auditor.policy import UNSAID, Policy
from auditor.providers.tables import entries
from auditor.rules import Rules
from auditor.rules.coverage import coverage
from auditor.terms import Registry
from auditor.terms.model import Fact

OPEN: Final = (State.NEW, State.TRIAGE, State.CONFIRMED)
_LEVELS: Final = tuple(Level)
_MANY: Final = 1000
"""Providers that are listed."""
_FACTS: Final = {
    "legal_entity": "Contracting party",
    "hq_country": "Seat",
    "default_input_retention_days": "Kept (days)",
    "api_inputs_train_by_default": "Trains by default",
    "zero_retention_option": "Zero retention",
    "baa_option": "Health agreement",
    "eu_region_option": "EU region",
}


def gather(
    archive: Archive,
    registry: Registry,
    rules: Rules,
    policy: Policy = UNSAID,
    *,
    since: datetime,
    until: datetime,
    made_by: str,
) -> Report:
    """The report of the days from `since` to `until` (UTC), from a refreshed archive."""
    cases = [case for case in archive.cases() if case.finding.last_seen >= since and case.finding.first_seen <= until]
    open_ = [case for case in cases if case.finding.status in OPEN]
    return Report(
        organisation=policy.organisation.name,
        since=since,
        until=until,
        made=datetime.now(UTC),
        made_by=made_by,
        store=archive.location.facts().id,
        summary=archive.summary(since, until),
        destinations=_destinations(archive, registry, policy, since, until),
        findings=_by_clause(case for case in open_ if case.finding.rule.level is not Level.INFORMATIONAL),
        closed=len(cases) - len(open_),
        notes=_notes(case for case in open_ if case.finding.rule.level is Level.INFORMATIONAL),
        ledgers=archive.status(),
        method=_method(registry, rules, policy),
    )


def _destinations(
    archive: Archive, registry: Registry, policy: Policy, since: datetime, until: datetime
) -> tuple[Destination, ...]:
    sent = cross(archive.index, "sent", since, until)
    received = cross(archive.index, "received", since, until)
    titles = {entry.name: entry.title for entry in reversed(entries())}
    return tuple(
        Destination(
            name=share.value,
            title=titles.get(share.value, share.value),
            calls=share.calls,
            input_tokens=share.input_tokens,
            output_tokens=share.output_tokens,
            cost_usd=share.cost_usd,
            sent=_types(sent, share.value),
            received=_types(received, share.value),
            standing=policy.standing(share.value),
            facts=_facts(registry, share.value),
        )
        for share in archive.top("provider", since, until, limit=_MANY)
    )


def _types(crossings: Iterable[Crossing], provider: str) -> dict[str, int]:
    return {one.data: one.calls for one in crossings if (one.provider or "").lower() == provider.lower()}


def _facts(registry: Registry, provider: str) -> tuple[ProviderFact, ...]:
    terms = registry.serving(provider)
    if terms is None:
        return ()
    facts = ((title, getattr(terms.facts, name)) for name, title in _FACTS.items())
    return tuple(ProviderFact(name=title, said=_said(fact), status=fact.status.value) for title, fact in facts)


def _said(fact: Fact) -> str:
    match fact.value:
        case None:
            return "not known"
        case bool():
            return "yes" if fact.value else "no"
        case tuple():
            return ", ".join(fact.value)
        case _:
            return str(fact.value)


def _by_clause(cases: Iterable[Case]) -> tuple[ByClause, ...]:
    """By clause, the most severe first; those on no clause together."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        clause = case.finding.clause
        groups.setdefault(clause.id if clause else "", []).append(case)
    found = [
        ByClause(clause=some[0].finding.clause, cases=tuple(sorted(some, key=_severity, reverse=True)))
        for some in groups.values()
    ]
    return tuple(sorted(found, key=_order))


def _order(group: ByClause) -> tuple[int, bool, str]:
    return -_LEVELS.index(group.level), group.clause is None, group.clause.id if group.clause else ""


def _severity(case: Case) -> tuple[int, float, int]:
    finding = case.finding
    return _LEVELS.index(finding.rule.level), finding.score, finding.count


def _notes(cases: Iterable[Case]) -> tuple[Note, ...]:
    findings: Counter[tuple[str, str | None, str | None]] = Counter()
    calls: Counter[tuple[str, str | None, str | None]] = Counter()
    for case in cases:
        clause = case.finding.clause
        key = (case.finding.rule.title, clause.id if clause else None, clause.provider if clause else None)
        findings[key] += 1
        calls[key] += case.finding.count
    return tuple(
        Note(title=key[0], clause=key[1], provider=key[2], findings=count, calls=calls[key])
        for key, count in sorted(findings.items(), key=lambda pair: (-pair[1], str(pair[0])))
    )


def _method(registry: Registry, rules: Rules, policy: Policy) -> Method:
    covered = list(coverage(registry, rules))
    return Method(
        version=auditor.__version__,
        rules=len(rules.rules),
        clauses=len(covered),
        watched=sum(bool(one.watched_by) for one in covered),
        may_alarm=sum(one.may_alarm for one in covered),
        providers=len(registry.providers),
        compiled_on=registry.compiled_on,
        is_stale=registry.is_stale(datetime.now(UTC).date()),
        policy_stated=policy != UNSAID,
    )
