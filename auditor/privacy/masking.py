# SPDX-License-Identifier: Apache-2.0
"""Hides what detectors found: each match's characters give way to its mask."""

from collections.abc import Iterable

from auditor.calls import Match


def mask(text: str, matches: Iterable[Match]) -> str:
    """The text with every match masked; where matches overlap, the first one's mask covers them all."""
    pieces: list[str] = []
    done = 0
    for found in sorted(matches, key=lambda match: (match.start, -match.end)):
        if found.start >= done:
            pieces += (text[done : found.start], found.masked or f"[{found.type}]")
        done = max(done, found.end)
    return "".join((*pieces, text[done:]))
