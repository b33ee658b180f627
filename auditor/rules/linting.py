# SPDX-License-Identifier: Apache-2.0
"""What is wrong or careless in rules: those that cannot be run, and those that say too little to be trusted."""

from collections.abc import Iterator
from typing import Final

from auditor.findings import Kind, Level
from auditor.rules.model import BadRule, Rule, Rules

_ALARMING: Final = (Level.MEDIUM, Level.HIGH, Level.CRITICAL)


def problems(rules: Rules) -> Iterator[BadRule]:
    """Everything that should be mended before the rules are trusted."""
    yield from rules.bad
    for rule in rules.rules:
        for what in _of(rule):
            yield BadRule(path=str(rule.path or ""), title=rule.title, what=what)


def _of(rule: Rule) -> Iterator[str]:
    section = rule.section
    if section.kind is Kind.TERMS and not section.clauses:
        yield "it is about terms and names no clause"
    if rule.level in _ALARMING and not rule.falsepositives:
        yield "it says nothing of false positives"
    if not rule.description:
        yield "it has no description"
    if not section.samples.match or not section.samples.miss:
        yield "it has no sample that matches, or none that nearly does"
