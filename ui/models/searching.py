# SPDX-License-Identifier: Apache-2.0
"""Searches what was said in listed calls: for words, or for one data type. The reading is recorded first."""

from dataclasses import dataclass

from auditor.archive import Archive
from auditor.privacy import texts
from ui.background import Job
from ui.models.exporting import Wanted

MOST = 2_000
"""Calls that are opened in one search: the first of the list."""


@dataclass(frozen=True, slots=True)
class Searched:
    """The calls that hold the words, of so many that were opened; `left` could not be opened any more."""

    found: tuple[str, ...]
    opened: int
    left: int


def search(archive: Archive, job: Job, wanted: Wanted, words: str, reason: str) -> Searched:
    """Open the first `MOST` calls of a list and look for all of the words, without case.

    The access is recorded before anything is opened, with the ids of all these calls; the words are not recorded,
    since they may be what must not be written down. Raises what the archive raises; then nothing was opened.
    """
    ids = [call.id for call in archive.listing(wanted.filter, wanted.sort).page(0, MOST)]
    parts, found, left = words.casefold().split(), [], 0
    for done, opened in enumerate(archive.content(ids, reason, action="search", scope=f"{len(ids)} calls")):
        job.report(done, len(ids))
        if opened.sealed is None:
            left += 1
        held = "\n".join(one.text for one in texts(opened.content)).casefold()
        if all(part in held for part in parts):
            found.append(opened.call.id)
    return Searched(tuple(found), len(ids), left)
