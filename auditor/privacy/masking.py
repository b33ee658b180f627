# SPDX-License-Identifier: Apache-2.0
"""Hides what detectors found: each match's characters give way to its mask.

Invariant: no character of a match is left; where a match does not lie in the text any more (it was read by another
version of a dialect), the whole text is withheld.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from auditor.calls import Match

WITHHELD: Final = "[withheld: the data found here cannot be placed any more]"


class Segment(NamedTuple):
    """A run of text; `match` is set where the text is a mask."""

    text: str
    match: Match | None = None


def segments(text: str, matches: Iterable[Match]) -> tuple[Segment, ...]:
    """The text in runs, each match replaced by its mask; the first of overlapping matches covers them all."""
    runs: list[Segment] = []
    done = 0
    for found in sorted(matches, key=lambda match: (match.start, -match.end)):
        if found.end > len(text) or found.start < 0:
            return (Segment(WITHHELD),)
        if found.start >= done:
            runs += [Segment(text[done : found.start])] if found.start > done else []
            runs.append(Segment(found.masked or f"[{found.type}]", found))
        done = max(done, found.end)
    return (*runs, Segment(text[done:])) if done < len(text) else tuple(runs)


def mask(text: str, matches: Iterable[Match]) -> str:
    """The text with every match masked."""
    return "".join(run.text for run in segments(text, matches))
