# SPDX-License-Identifier: Apache-2.0
"""When a text counts as copied: how many of its word runs were seen in outputs, how long in one piece, how rare.

A copy betrays itself by a quarter of its runs, by one long piece, or, where it was edited, by several short pieces
that all come from one output. Formulaic runs weigh less, so that they alone never suffice.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Final, NamedTuple

from auditor.privacy.fingerprints import RUN

LEAST_HITS: Final = 3.0
"""Weighted word runs a text must share with outputs."""

LEAST_SHARE: Final = 0.25
"""Share of a text's runs from which hits count wherever they lie."""

LONG_RUN: Final = 14
"""Words in one piece that suffice alone, where they are rare."""

SCATTERED: Final = 3.0
"""Weighted hits of one output in several places that betray an edited copy."""

RARE: Final = 0.5
"""Weight from which a run counts as rare."""

NOVEL_WORDS: Final = {"target": 2, "prompt": 1}
"""Different words a copied text must hold that were not given and are not common; a question asked of the model would
have been seen as an input first, so one suffices there."""

UNBROKEN: Final = 40
"""Rare words in one piece that are a copy whatever the words are: chance does not repeat so long a run."""

ALARM_ROWS: Final = 3
ALARM_SHARE: Final = 0.05
LONG_ROW_WORDS: Final = 120
"""Matched words that make up for too few rows."""


class Seen(NamedTuple):
    """A run of a text that was first seen in an output: its place in the text, the output, its weight."""

    place: int
    call: int
    weight: float


class Measured(NamedTuple):
    """What the runs seen amount to; `source` is the output with most of them, and `ours` its weight."""

    weight: float
    share: float
    longest: int
    source: int
    ours: float
    pieces: int


def measure(seen: Sequence[Seen], runs: int) -> Measured | None:
    """Sum up the runs of a text that were seen; None where none was."""
    if not seen:
        return None
    sums: Counter[int] = Counter()
    for one in seen:
        sums[one.call] += one.weight  # type: ignore[assignment]
    source = max(sums, key=lambda call: (sums[call], -call))
    lengths = _lengths([one.place for one in seen if one.weight >= RARE])
    pieces = len(_lengths([one.place for one in seen if one.call == source and one.weight >= RARE]))
    longest = max(lengths) + RUN - 1 if lengths else 0
    return Measured(sum(one.weight for one in seen), len(seen) / runs, longest, source, sums[source], pieces)


def is_hit(measured: Measured) -> bool:
    """Whether this much is a copy."""
    if measured.longest >= LONG_RUN:
        return True
    if measured.weight >= LEAST_HITS and measured.share >= LEAST_SHARE:
        return True
    return measured.ours >= SCATTERED and measured.pieces >= 2


def _lengths(places: Sequence[int]) -> list[int]:
    """Lengths of the unbroken stretches of places."""
    return [len(list(group)) for _, group in groupby(enumerate(places), lambda pair: pair[1] - pair[0])]
