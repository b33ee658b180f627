# SPDX-License-Identifier: Apache-2.0
"""Findings: what is reported for review, and how staff work it."""

from auditor.findings.model import CitedClause, Evidence, Finding, Grade, Kind, Level, RuleName, State
from auditor.findings.triage import Case, Done, Reason, Step

__all__ = [
    "Case",
    "CitedClause",
    "Done",
    "Evidence",
    "Finding",
    "Grade",
    "Kind",
    "Level",
    "Reason",
    "RuleName",
    "State",
    "Step",
]
