# SPDX-License-Identifier: Apache-2.0
"""What the Findings page has done for it: analysing the store, and writing the report of a finding."""

from datetime import UTC, datetime
from pathlib import Path

from auditor.analysis import analyze
from auditor.archive import Archive, Tally
from auditor.exports.finding_report import finding_html
from auditor.findings import Case
from auditor.policy import Policy
from auditor.rules.folder import RuleFolder
from auditor.store import files
from auditor.terms import Registry
from ui.background import Job
from ui.models import formats


def run_analyses(archive: Archive, job: Job, policy: Policy) -> Tally:
    """All analyses over the whole store, as `auditor analyze` runs them; what is news is recorded."""
    rules = RuleFolder.of(archive.location).running()
    return analyze(archive, Registry.load(), rules, job.report, None, policy)


def told(tally: Tally) -> str:
    """What an analysis brought, in a sentence."""
    more = f", {tally.more:,} with more evidence" if tally.more else ""
    return f"Analysed: {formats.count(tally.new, 'new finding')}{more}, {tally.known:,} known already."


def write_report(archive: Archive, case: Case, path: Path) -> Path:
    """Write the report of a finding as HTML. Raises `EnvironmentFailure` where it cannot be written."""
    page = finding_html(archive.case(case.finding.id), archive.location.facts().id, datetime.now(UTC))
    files.write(path, page.encode())
    return path
