# SPDX-License-Identifier: Apache-2.0
"""How a gateway is doing: latencies as histograms, and what its processes hold. Numbers for `/metrics` only."""

import bisect
import os
from pathlib import Path
from typing import Final

import msgspec

BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
"""Upper bounds of the buckets in seconds; a last bucket holds what took longer."""


class Histogram(msgspec.Struct):
    """Counts of durations by bucket, and their sum in seconds. Any one thread may add, any may read."""

    counts: list[int] = msgspec.field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one duration."""
        self.counts[bisect.bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds

    def merge(self, counts: tuple[int, ...], total: float) -> None:
        """Add what was counted elsewhere."""
        self.counts = [mine + theirs for mine, theirs in zip(self.counts, counts, strict=True)]
        self.total += total

    def take(self) -> tuple[tuple[int, ...], float]:
        """What was counted since the last time."""
        taken = tuple(self.counts), self.total
        self.counts, self.total = [0] * (len(BOUNDS) + 1), 0.0
        return taken

    def cumulative(self) -> list[tuple[str, float]]:
        """Buckets as Prometheus wants them: upper bound, and how many lie at or below it."""
        found, so_far = [], 0
        for bound, count in zip((*map(str, BOUNDS), "+Inf"), self.counts, strict=True):
            so_far += count
            found.append((bound, float(so_far)))
        return found


class Writing(msgspec.Struct, frozen=True):
    """What a ledger's writer does: how long commits took, records that are durable, records and bytes that wait."""

    commits: Histogram
    written: int
    waiting: int
    waiting_bytes: int


def resident_bytes() -> int:
    """Memory of this process, where the system tells it as Linux does; else 0."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def open_descriptors() -> int:
    """File descriptors of this process, likewise."""
    try:
        return len(os.listdir("/proc/self/fd"))
    except OSError:
        return 0
