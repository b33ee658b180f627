# SPDX-License-Identifier: Apache-2.0
"""The built-in rules over an index of a million calls: everything at once, then what a thousand new calls touch.

    python -m tests.benchmarks.bench_rules [CALLS [all]]

Wall and processor time of the correlations, and of the rules on single calls beside them, with the slowest; in an
ordinary organisation, and (with `all`) in one where nearly every call matches.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from auditor.archive import Archive
from auditor.policy import UNSAID
from auditor.rules import Rules, analyze, load
from auditor.rules.marks import Marks
from auditor.store import Identity, Location, create_store
from auditor.store.keys.identity import Argon2
from auditor.terms import Registry
from tests.benchmarks.index_material import Facts, crowded, fill, ordinary

CALLS = 1_000_000
NEW = 1_000
SLOWEST = 4


def main(calls: int = CALLS, crowd: bool = False) -> None:
    """Print the figures."""
    for name, material in (("ordinary", ordinary), ("crowded", crowded))[: 2 if crowd else 1]:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), name, material, calls)


def measure(folder: Path, name: str, material: Callable[[int], Iterator[Facts]], calls: int) -> None:
    """Print the figures of one organisation."""
    created = create_store(folder / "out", b"bench", argon2=Argon2(iterations=1, memory_kib=64, lanes=1))
    location, identity = Location.parse(created.store), Identity.open(created.identity, b"bench")
    facts = material(calls + NEW)
    with Archive.open(location, identity, cache=folder / "cache") as archive:
        begun = time.perf_counter()
        fill(archive.index, (next(facts) for _ in range(calls)))
        print(f"{name}: {calls:,} calls indexed in {time.perf_counter() - begun:.0f} s")  # noqa: T201
        run(archive, "cold")
        fill(archive.index, facts, start=calls + 1, bare=False)
        run(archive, f"{NEW:,} new calls")
        run(archive, "nothing new")


def run(archive: Archive, what: str) -> None:
    """Evaluate all rules and print what it took."""
    for kind in ("correlations", "single calls"):
        rules = [rule for rule in load().rules if (rule.correlation is not None) is (kind == "correlations")]
        marks, begun = Marks(Registry.load(), UNSAID), list[float]()
        wall, cpu = time.perf_counter(), time.process_time()
        told = analyze(archive, Registry.load(), Rules(tuple(rules)), partial(_note, begun), marks=marks)
        found = Counter(finding.rule.id for finding in told)
        marks.save(archive.index)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(f"  {what}, {kind}: {wall:.2f} s by the clock, {cpu:.2f} s of processor; {found.total():,} findings")  # noqa: T201
        taken = [(end - start, rule) for start, end, rule in zip(begun, begun[1:], rules, strict=False)]
        for seconds, rule in sorted(taken, key=lambda one: -one[0])[:SLOWEST]:
            print(f"    {seconds:7.2f} s  {found[rule.id]:6,} findings  {rule.title}")  # noqa: T201


def _note(begun: list[float], *_: int) -> None:
    begun.append(time.process_time())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), crowd="all" in sys.argv[2:])
