# SPDX-License-Identifier: Apache-2.0
"""What the Findings page has done for it: analysing and searching the store, and writing the report of a finding."""

from datetime import UTC, datetime
from pathlib import Path

from auditor.analysis import analyze
from auditor.archive import Archive, Tally
from auditor.detectors import Organisation, Scanner
from auditor.exports.finding_report import finding_html
from auditor.findings import Case
from auditor.policy import Policy
from auditor.rescan import rescan
from auditor.rules.folder import RuleFolder
from auditor.store import files
from auditor.terms import Registry
from ui.background import Job
from ui.models import formats


def run_analyses(archive: Archive, job: Job, policy: Policy) -> Tally:
    """All analyses over the whole store, as `auditor analyze` runs them; what is news is recorded."""
    rules = RuleFolder.of(archive.location).running()
    return analyze(archive, Registry.load(), rules, job.report, None, policy)


def search_again(archive: Archive, job: Job, folder: Path, reason: str) -> Tally:
    """All calls searched again, as `auditor rescan` does it, with what the policy's folder calls data; what is news is
    recorded. Raises `InputError` where a file of the folder is wrong, and what opening content raises."""
    return rescan(archive, Scanner(Organisation.of(folder)), reason, progress=job.report)


def told(tally: Tally) -> str:
    """What an analysis brought, in a sentence."""
    return f"Analysed: {_counts(tally)}"


def found_again(tally: Tally) -> str:
    """What a search of all calls brought, in a sentence."""
    return f"Searched again: {_counts(tally)} The reading is in the access log."


def _counts(tally: Tally) -> str:
    more = f", {tally.more:,} with more evidence" if tally.more else ""
    return f"{formats.count(tally.new, 'new finding')}{more}, {tally.known:,} known already."


def write_report(archive: Archive, case: Case, path: Path) -> Path:
    """Write the report of a finding as HTML. Raises `EnvironmentFailure` where it cannot be written."""
    page = finding_html(archive.case(case.finding.id), archive.location.facts().id, datetime.now(UTC))
    files.write(path, page.encode())
    return path
