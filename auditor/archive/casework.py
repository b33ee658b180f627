# SPDX-License-Identifier: Apache-2.0
"""Writing casework: findings and the steps of their triage become records of the auditor's own ledger.

Invariant: a report that says nothing new leaves no record, so analysing twice writes nothing.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import batched

import msgspec

from auditor.archive import cases
from auditor.archive.index import Index
from auditor.calls import Value
from auditor.findings import Case, Finding, Step
from auditor.findings.triage import check, is_news
from auditor.store import Identity, LedgerWriter, Location
from auditor.store.format.records import Draft, Reported, Triaged

_AT_ONCE = 1000


class Tally(Value, frozen=True, kw_only=True):
    """What a report brought: findings that are new, known ones with more evidence, and known ones without."""

    new: int = 0
    more: int = 0
    known: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(new=self.new + other.new, more=self.more + other.more, known=self.known + other.known)


class Casework:
    """Writes to the desk of an identity; `index` says what is known already."""

    def __init__(self, location: Location, identity: Identity, index: Index) -> None:
        self._location = location
        self._identity = identity
        self._index = index

    def report(self, found: Iterable[Finding]) -> Tally:
        """Record those findings that say something new; of several of one id, the last."""
        latest = list({finding.id: finding for finding in found}.values())
        with self._index.reading() as connection:
            there = cases.load(connection, [finding.id for finding in latest])
        news = [finding for finding in latest if is_news(there.get(finding.id), finding)]
        now = datetime.now(UTC)
        self._write([Draft(Reported(time=now, finding=finding)) for finding in news])
        new = sum(finding.id not in there for finding in news)
        return Tally(new=new, more=len(news) - new, known=len(latest) - len(news))

    def step(self, case: Case, step: Step) -> None:
        """Record a step with a case. Raises `InputError` where it may not be taken."""
        check(case, step)
        signed = msgspec.structs.replace(step, auditor=self._identity.name)
        self._write([Draft(Triaged(time=datetime.now(UTC), finding=case.finding.id, step=signed))])

    def _write(self, drafts: list[Draft]) -> None:
        if not drafts:
            return
        with LedgerWriter.for_desk(self._location, self._identity) as writer:
            for block in batched(drafts, _AT_ONCE):
                writer.append(block)
