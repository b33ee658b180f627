# SPDX-License-Identifier: Apache-2.0
"""A line of the pattern table: what the engine looks for, and who confirms what it found.

Expressions are the common subset of Hyperscan, RE2 and `re`: no look-around, no back references, no long bounded
repeats (Hyperscan must be able to tell where a match starts). They are matched on UTF-8 bytes, longest match first.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from auditor.calls import Match
from auditor.detectors.view import View

type Confirm = Callable[[View, int, int], Iterable[Match]]
"""Says what a candidate at (start, end) really is: the matches in it, mostly none or one."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One expression and what happens when it occurs.

    With `confirm`, it is a candidate of the family's type; with `words`, it marks context words of that kind for
    whoever asks `View.near`.
    """

    name: str
    expression: str
    confirm: Confirm | None = None
    words: str = ""
    caseless: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """All patterns of one family of data, and the data types they report."""

    types: frozenset[str]
    patterns: tuple[Pattern, ...]


def context(kind: str, *words: str) -> Pattern:
    """Context words of a kind: literal words or small expressions, in any case, from a word boundary."""
    return Pattern(f"context.{kind}", rf"(?:\b|_)(?:{'|'.join(words)})", words=kind, caseless=True)
