# SPDX-License-Identifier: Apache-2.0
"""Where matches of different types claim the same characters, the surer one stays, then the longer one.

Source code and confidentiality marks say something about a passage, not about a value: they stand beside others.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable

from auditor.calls import Match

PASSAGES = frozenset({"SOURCE_CODE", "CONFIDENTIAL_MARK"})


def without_overlaps(matches: Iterable[Match]) -> tuple[Match, ...]:
    """The matches that stay, in order of their place."""
    kept: list[Match] = []
    taken: list[tuple[int, int]] = []
    for match in sorted(matches, key=_claim):
        if match.type in PASSAGES:
            kept.append(match)
        elif _is_free(taken, match.start, match.end):
            insort(taken, (match.start, match.end))
            kept.append(match)
    return tuple(sorted(kept, key=lambda match: (match.start, match.end, match.type)))


def _claim(match: Match) -> tuple[float, int, int, str]:
    return -match.score, match.start - match.end, match.start, match.type


def _is_free(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    """Whether no taken span overlaps; the taken ones are disjoint and in order."""
    place = bisect_left(taken, (end,))
    return place == 0 or taken[place - 1][1] <= start
