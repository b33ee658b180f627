# SPDX-License-Identifier: Apache-2.0
"""Everything that looks at the whole store, one after the other: what it finds is reported for review.

Idempotent: findings have ids made of what they are about, and what says nothing new is not recorded again. With
`since`, rules look at whole weeks from then on. The windows of the distillation analysis, and what it traces uploads
to, depend on everything that came before, so it always reads all calls and only its findings are cut.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from auditor import distillation, integrity
from auditor import rules as sigma
from auditor.archive import Archive, Tally
from auditor.findings import Finding
from auditor.policy import UNSAID, Policy
from auditor.rules import Rules
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

    `policy` is what the organisation says of itself.

    Raises what opening content and the ledger's writer raise; then nothing is reported.
    """
    return archive.report(
        [
            *integrity.analyze(archive, since),
            *sigma.analyze(archive, registry, rules, progress, since, policy),
            *_read(archive, registry, progress, since, policy),
        ]
    )


def _read(
    archive: Archive, registry: Registry, progress: Progress | None, since: datetime | None, policy: Policy
) -> Iterator[Finding]:
    """What the analysis of contents finds, as far as it was seen from `since` on."""
    for finding in distillation.analyze(archive, registry, progress, policy=policy):
        if since is None or finding.last_seen >= since:
            yield held(finding, registry)
