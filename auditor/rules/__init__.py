# SPDX-License-Identifier: Apache-2.0
"""Sigma rules over the calls of an archive: read, compiled to SQL, evaluated, reported as findings."""

from auditor.rules.analysis import analyze
from auditor.rules.model import BadRule, Rule, Rules
from auditor.rules.reading import load

__all__ = ["BadRule", "Rule", "Rules", "analyze", "load"]
