# SPDX-License-Identifier: Apache-2.0
"""Everything that looks at the whole store, one after the other: what it finds is reported for review.

Idempotent: findings have ids made of what they are about, and what says nothing new is not recorded again. With
`since`, rules and windows look at whole weeks from then on, else at what came since they were evaluated last. The
analysis of contents reports in portions, so that one that is broken off goes on where it stopped.
"""

from collections.abc import Callable
from datetime import datetime

from auditor import distillation, integrity
from auditor import rules as sigma
from auditor.archive import Archive, Tally
from auditor.policy import UNSAID, Policy
from auditor.rules import Rules
from auditor.rules.marks import Marks
from auditor.terms import Registry
from auditor.terms.ranking import held

type Progress = Callable[[int, int], None]


def analyze(
    archive: Archive,
    registry: Registry,
    rules: Rules,
    progress: Progress | None = None,
    since: datetime | None = None,
    policy: Policy = UNSAID,
) -> Tally:
    """Run all analyses over a refreshed archive and record what is news. Reading content leaves access records.

    `policy` is what the organisation says of itself. Without `since`, what is known counts whether looked at or not.

    Raises what opening content and the ledger's writer raise; what was reported before stays, and the analysis of
    contents goes on from there the next time.
    """
    marks = None if since else Marks(registry, policy)
    told = sigma.analyze(archive, registry, rules, progress, since, policy, marks)
    tally = archive.report([*integrity.analyze(archive, since), *told])
    if marks:
        marks.save(archive.index)
    for portion in distillation.analyze(archive, registry, progress, since, policy):
        if portion:
            tally += archive.report([held(finding, registry) for finding in portion])
    if marks is None:
        return tally
    return Tally(new=tally.new, more=tally.more, known=len(archive.cases()) - tally.new - tally.more)
