# SPDX-License-Identifier: Apache-2.0
"""Findings: what is reported for review, and how staff work it."""

from auditor.findings.model import CitedClause, Evidence, Finding, Grade, Kind, Level, RuleName, State

__all__ = ["CitedClause", "Evidence", "Finding", "Grade", "Kind", "Level", "RuleName", "State"]
