# SPDX-License-Identifier: Apache-2.0
"""All expressions over a text in one pass: Hyperscan where it is installed, RE2 elsewhere.

Both give the same hits: for every expression and start, the longest match. Work is bounded: hits an expression may
have in a text, and callbacks altogether; what was cut is told.
"""

import contextlib
import importlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import re2

from auditor.detectors.cache import cached
from auditor.detectors.patterns import Pattern

try:
    hyperscan: Any = importlib.import_module("hyperscan")
except ImportError:  # no wheel for this machine
    hyperscan = None

HITS_PER_PATTERN = 2_000
_BYTES_PER_HIT = 200
"""Texts beyond `HITS_PER_PATTERN * _BYTES_PER_HIT` bytes may have more hits."""
CALLBACKS = 1_500_000
"""Hits of all patterns in one text; only a hostile one has more, and is searched no further."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Ends by (pattern number, start), in bytes; `truncated` where a bound was reached."""

    ends: dict[tuple[int, int], int]
    truncated: bool


class Engine(Protocol):
    """A compiled pattern table."""

    def find(self, data: bytes) -> Hits:
        """All hits in the UTF-8 of a text."""
        ...


type End = tuple[int, int]
"""Of a hit, the number of the pattern, and where it ends, in bytes."""


class EndEngine(Protocol):
    """A compiled pattern table that tells ends only: half the size, and twice as fast."""

    def ends(self, data: bytes) -> Sequence[End]:
        """The end of every hit; of hits with one start, at least the longest."""
        ...


def compile_engine(patterns: Sequence[Pattern], most: int = HITS_PER_PATTERN) -> Engine:
    """The fastest engine this machine has for a pattern table; `most` hits of an expression in a text."""
    if not patterns:
        return NoEngine()
    return Re2Engine(patterns, most) if hyperscan is None else HyperscanEngine(patterns, most)


def compile_ends(patterns: Sequence[Pattern]) -> EndEngine:
    """The fastest engine this machine has for patterns whose start nobody asks for."""
    return Re2Engine(patterns) if hyperscan is None else HyperscanEnds(patterns)


class NoEngine:
    """The engine of an empty table."""

    def find(self, data: bytes) -> Hits:
        """Nothing."""
        return Hits({}, truncated=False)


class HyperscanEngine:
    """Hyperscan (Vectorscan) in block mode with start offsets; not for use by two threads at once."""

    def __init__(self, patterns: Sequence[Pattern], most: int = HITS_PER_PATTERN) -> None:
        self._most = most
        self._beginnings = [None if p.starts else _beginning(p) for p in patterns]
        self._database = _database(patterns)

    def find(self, data: bytes) -> Hits:
        """All hits in the UTF-8 of a text."""
        ends: dict[tuple[int, int], int] = {}
        most = max(self._most, len(data) // _BYTES_PER_HIT)
        collect, is_cut = _collector(data, ends, self._beginnings, most)
        try:
            self._database.scan(data, match_event_handler=collect)
        except hyperscan.ScanTerminated:
            return Hits(ends, truncated=True)
        return Hits(ends, is_cut())


class HyperscanEnds:
    """Hyperscan without start offsets; not for use by two threads at once."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._database = _database(patterns, starts=False)

    def ends(self, data: bytes) -> Sequence[End]:
        """The ends of all hits, up to a bound that is beyond any text but a hostile one."""
        ends: list[End] = []

        def collect(pattern: int, _start: int, end: int, _flags: int, _context: object) -> bool:
            ends.append((pattern, end))
            return len(ends) > CALLBACKS

        with contextlib.suppress(hyperscan.ScanTerminated):
            self._database.scan(data, match_event_handler=collect)
        return ends


type Beginning = Callable[[bytes, int], int | None]
"""Where the match that ends at this place begins."""


def _beginning(pattern: Pattern) -> Beginning:
    """Finds the beginning of a match whose end alone the engine tells; of a label, any byte of it will do."""
    if pattern.label:
        return lambda _data, end: end - 1
    form = re.compile(rb"(?:%b)\Z" % pattern.expression.encode(), re.IGNORECASE if pattern.caseless else 0)

    def beginning(data: bytes, end: int) -> int | None:
        whole = form.search(data, max(0, end - pattern.late), end)
        return whole and whole.start()

    return beginning


def _collector(
    data: bytes, ends: dict[tuple[int, int], int], beginnings: Sequence[Beginning | None], most: int
) -> tuple[Callable[..., bool], Callable[[], bool]]:
    """A callback that keeps the longest end by pattern and start, within bounds."""
    counts: dict[int, int] = {}
    full: set[int] = set()
    left = CALLBACKS

    def collect(pattern: int, start: int | None, end: int, _flags: int, _context: object) -> bool:
        nonlocal left
        left -= 1
        if beginning := beginnings[pattern]:
            start = None if pattern in full else beginning(data, end)
        if start is None:
            return left < 0
        known = ends.get((pattern, start))
        if known is not None:
            ends[pattern, start] = max(known, end)
        elif pattern not in full:
            ends[pattern, start] = end
            counts[pattern] = count = counts.get(pattern, 0) + 1
            if count >= most:
                full.add(pattern)
        return left < 0

    return collect, lambda: bool(full)


def _database(patterns: Sequence[Pattern], starts: bool = True) -> Any:
    """The compiled database, from the user's cache where it lies there."""
    mode = hyperscan.HS_MODE_BLOCK
    table = repr([(p.expression, p.caseless, starts and p.starts) for p in patterns])
    blob = cached(f"hyperscan-{hyperscan.__version__}", table, lambda: hyperscan.dumpb(_compile(patterns, starts)))
    try:
        database = hyperscan.loadb(blob, mode)
    except hyperscan.HyperscanError:  # serialised on another processor or by another build
        database = _compile(patterns, starts)
    database.scratch = hyperscan.Scratch(database)
    return database


def _compile(patterns: Sequence[Pattern], starts: bool) -> Any:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    caseless, start = hyperscan.HS_FLAG_CASELESS, hyperscan.HS_FLAG_SOM_LEFTMOST
    database.compile(
        expressions=[p.expression.encode() for p in patterns],
        ids=list(range(len(patterns))),
        elements=len(patterns),
        flags=[(start if starts and p.starts else 0) | (caseless if p.caseless else 0) for p in patterns],
    )
    return database


class Re2Engine:
    """RE2, one expression after the other: slower, everywhere available, and as safe against bad input."""

    def __init__(self, patterns: Sequence[Pattern], most: int = HITS_PER_PATTERN) -> None:
        self._most = most
        self._expressions = [_re2(p) for p in patterns]

    def find(self, data: bytes) -> Hits:
        """All hits in the UTF-8 of a text."""
        ends: dict[tuple[int, int], int] = {}
        truncated, most = False, max(self._most, len(data) // _BYTES_PER_HIT)
        for number, expression in enumerate(self._expressions):
            for count, found in enumerate(expression.finditer(data)):
                if count >= most:
                    truncated = True
                    break
                ends[number, found.start()] = found.end()
        return Hits(ends, truncated)

    def ends(self, data: bytes) -> Sequence[End]:
        """The ends of all hits."""
        return [
            (n, found.end()) for n, expression in enumerate(self._expressions) for found in expression.finditer(data)
        ]


def _re2(pattern: Pattern) -> Any:
    options = re2.Options()
    options.longest_match = True
    options.case_sensitive = not pattern.caseless
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    return re2.compile(pattern.expression.encode(), options)
