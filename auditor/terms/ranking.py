# SPDX-License-Identifier: Apache-2.0
"""How high a finding may rank on the strength of a clause: the one place that decides it, for rules and analyses.

Invariants: on a clause whose text we did not see in force, or that binds nobody, a finding is informational; what a
rule says of its evidence is context at most; on a permission it is a note. Nothing ever ranks higher than it did.
"""

from typing import Final

import msgspec

from auditor.findings import Finding, Grade, Level
from auditor.terms.model import Clause, Role, Status
from auditor.terms.registry import Registry, may_alarm

_GRADES: Final = tuple(Grade)
_BINDING: Final = (Role.PROHIBITION, Role.OBLIGATION)


def ranked(level: Level, grade: Grade, clause: Clause | None) -> tuple[Level, Grade]:
    """The level and grade that may be said of a match on this clause."""
    if clause is None or may_alarm(clause):
        return level, grade
    if clause.role is Role.PERMISSION:
        return Level.INFORMATIONAL, Grade.INFORMATIONAL
    return Level.INFORMATIONAL, max(grade, Grade.WATCH, key=_GRADES.index)


def held(finding: Finding, registry: Registry) -> Finding:
    """A finding no higher than its clause allows.

    Where the provider's own text was seen, if in an earlier version, only the level is held: the grade of an analysis
    says how strong the evidence is, and strong evidence calls for someone to read the present text.
    """
    clause = None if finding.clause is None else registry.clause(finding.clause.id)
    level, grade = ranked(finding.rule.level, finding.grade, clause)
    if clause and clause.status is Status.OLDER_VERSION and clause.role in _BINDING:
        grade = finding.grade
    if (level, grade) == (finding.rule.level, finding.grade):
        return finding
    rule = msgspec.structs.replace(finding.rule, level=level)
    return msgspec.structs.replace(finding, rule=rule, grade=grade)
