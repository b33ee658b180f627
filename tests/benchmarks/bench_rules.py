# SPDX-License-Identifier: Apache-2.0
"""The built-in rules over synthetic calls of a thousand actors who share fifty keys: everything a rule can match does.

    python -m tests.benchmarks.bench_rules [CALLS]

Wall times of each rule, the slowest first, with the findings they come to; then of the last week alone, as a run with
--since does it.
"""

import sys
import tempfile
import time
from datetime import datetime, timedelta
from itertools import batched
from pathlib import Path

from auditor.archive import Archive
from auditor.rules import Rules, analyze, load
from auditor.store import Enrolment, Identity, LedgerWriter, Location, create_store
from auditor.store.identity import Argon2
from auditor.terms import Registry
from tests.benchmarks.bench_archive import FIRST, drafts, synthetic

CALLS = 200_000


def main(calls: int = CALLS) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        created = create_store(Path(folder) / "out", b"bench", argon2=Argon2(iterations=1, memory_kib=64, lanes=1))
        location = Location.parse(created.store)
        identity = Identity.open(created.identity, b"bench")
        with LedgerWriter.for_gateway(Enrolment.load(created.gateway), location) as writer:
            for batch in batched(drafts(synthetic(calls)), 4000):
                writer.append(batch)
        with Archive.open(location, identity, cache=Path(folder) / "cache") as archive:
            archive.refresh()
            measure(archive, f"all {calls:,} calls", None)
            measure(archive, "the last week", FIRST + timedelta(days=20))


def measure(archive: Archive, what: str, since: datetime | None) -> None:
    """Print the time of every rule."""
    rows = []
    for rule in load().rules:
        start = time.perf_counter()
        found = list(analyze(archive, Registry.load(), Rules((rule,)), since=since))
        rows.append((time.perf_counter() - start, len(found), rule.title))
    print(f"{what}: {sum(row[0] for row in rows):.2f} s in all")  # noqa: T201
    for seconds, count, title in sorted(rows, reverse=True):
        print(f"  {seconds:8.3f} s  {count:7,} findings  {title}")  # noqa: T201


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
