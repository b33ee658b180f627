# SPDX-License-Identifier: Apache-2.0
"""Searches what was said in listed calls: for words, or for one data type. The reading is recorded first."""

from auditor import searching
from auditor.archive import Archive
from auditor.searching import MOST, Searched
from ui.background import Job
from ui.models import formats
from ui.models.exporting import Wanted

__all__ = ["MOST", "Searched", "outcome", "search"]


def search(archive: Archive, job: Job, wanted: Wanted, words: str, reason: str) -> Searched:
    """Find the calls of a list that hold all of some words; see `auditor.searching`, which raises what this raises."""
    return searching.search(archive, words, reason, wanted.filter, wanted.sort, job.report)


def outcome(searched: Searched, shown: int) -> str:
    """What a search found, in one sentence; so many of the calls are listed now."""
    which = f"{searched.listed:,}" if searched.whole else f"the first {MOST:,} of {searched.named:,} that may"
    more = f", the first {shown:,} are listed" if shown < searched.total else ""
    return f"{formats.count(searched.total, 'call')} of {which} hold the words{more}. The reading is in the access log."
