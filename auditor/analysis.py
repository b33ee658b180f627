# SPDX-License-Identifier: Apache-2.0
"""Everything that looks at the whole store, one after the other: what it finds is reported for review.

Idempotent: findings have ids made of what they are about, and what says nothing new is not recorded again.
"""

from collections.abc import Callable
from datetime import datetime

from auditor import rules as sigma
from auditor.archive import Archive, Tally
from auditor.rules import Rules
from auditor.terms import Registry

type Progress = Callable[[int, int], None]


def analyze(
    archive: Archive,
    registry: Registry,
    rules: Rules,
    progress: Progress | None = None,
    since: datetime | None = None,
) -> Tally:
    """Run all analyses over a refreshed archive and record what is news. Raises what the ledger's writer raises."""
    return archive.report(sigma.analyze(archive, registry, rules, progress, since))
