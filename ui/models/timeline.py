# SPDX-License-Identifier: Apache-2.0
"""Calls over time in equal buckets, stacked by how they ended."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ui.models import formats

STACK = ("bar", "bar_warn", "bar_bad", "bar_none")
"""The stacked layers from the bottom, by their colour."""

LAYERS = {
    "bar": ("complete", "complete"),
    "bar_warn": ("interrupted", "interrupted"),
    "bar_bad": ("error", "error or blocked"),
    "bar_none": ("unparsed", "unparsed or opaque"),
}
"""Icon and word of each layer, for the legend."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """`layers[name][n]` is the number of calls of that layer in bucket `n`, which begins at `start + n * step`."""

    start: datetime
    step: timedelta
    layers: dict[str, list[int]]

    @property
    def buckets(self) -> int:
        """How many buckets there are."""
        return len(self.layers[STACK[0]])

    @property
    def end(self) -> datetime:
        """Where the last bucket ends."""
        return self.start + self.step * self.buckets

    @property
    def total(self) -> int:
        """All calls in it."""
        return sum(map(sum, self.layers.values()))

    def at(self, bucket: int) -> datetime:
        """Where a bucket begins."""
        return self.start + self.step * bucket

    def bucket(self, seconds: float) -> int:
        """The bucket of a time given in seconds since 1970, kept within the timeline."""
        place = int((seconds - self.start.timestamp()) // self.step.total_seconds())
        return min(max(place, 0), self.buckets - 1)

    def describe(self, bucket: int) -> str:
        """One bucket in words, for tooltips."""
        since = self.at(bucket).astimezone(UTC)
        parts = [f"{self.layers[name][bucket]:,} {LAYERS[name][1]}" for name in STACK if self.layers[name][bucket]]
        return f"{since:%d %b %H:%M} UTC, {formats.span(self.step)}: {', '.join(parts) or 'no calls'}"

    def summary(self) -> str:
        """The whole in words, for screen readers."""
        sums = [sum(column) for column in zip(*self.layers.values(), strict=True)]
        busiest = max(range(len(sums)), key=sums.__getitem__)
        return (
            f"{formats.count(self.total, 'call')} from {formats.timestamp(self.start)} to "
            f"{formats.timestamp(self.end)} UTC. Busiest: {self.describe(busiest)}."
        )
