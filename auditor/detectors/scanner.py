# SPDX-License-Identifier: Apache-2.0
"""The front door: a text in, the data found in it out.

One pass of the engine finds candidates and context words; each family confirms its candidates; where matches of
different types cover the same characters, the surer one stays; what the organisation itself calls data stands beside
the rest. Same text, same result: bounds are counts first, and the CPU budget only ends what counts could not.

Of several texts, the engine passes over some first, and the rest follows: its tables are larger than a processor's
cache, and do not have to be fetched anew for every text.
"""

import re
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice

from auditor.batching import by_weight
from auditor.calls import Match
from auditor.detectors.engine import Engine, Hits, compile_engine
from auditor.detectors.fields import Field, columns, labelled
from auditor.detectors.overlaps import without_overlaps
from auditor.detectors.own.organisation import MOST, Organisation
from auditor.detectors.own.organisation import TYPES as OWN_TYPES
from auditor.detectors.patterns import Confirm, Pattern
from auditor.detectors.table import FAMILIES, TYPES
from auditor.detectors.view import View
from auditor.errors import InputError

KNOWN_TYPES = TYPES | OWN_TYPES
BUDGET_S = 1.5
MATCHES_PER_TYPE = 10_000
MATCHES_PER_READER = MATCHES_PER_TYPE + 1
_BEHIND_LABEL = "\"'`*_)] \t:=|>,;\n\u00a0"
_BACKWARDS = re.compile(rf"[^{re.escape(_BEHIND_LABEL)}]+")
_LONGEST_LABEL = 80
"""Characters before a value in which its label is looked for."""
_BLOCK = 1 << 16
"""Characters of texts that the engine passes over at a time."""


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What was found; `truncated` where a bound (hits of a pattern, CPU seconds) left part of a text unread."""

    matches: tuple[Match, ...]
    truncated: bool = False


class Scanner:
    """Finds data in texts, and what an `organisation` adds. Compiled patterns are shared; one scan at a time."""

    def __init__(self, organisation: Organisation | None = None) -> None:
        self._organisation = organisation
        self._lock = threading.Lock()

    def scan(self, text: str, types: Collection[str] | None = None, budget_s: float = BUDGET_S) -> tuple[Match, ...]:
        """Matches in order of their place, offsets in characters of `text`; `types` limits to some data types.

        Raises InputError for a type nobody detects.
        """
        return self.examine(text, types, budget_s).matches

    def examine(self, text: str, types: Collection[str] | None = None, budget_s: float = BUDGET_S) -> ScanResult:
        """As `scan`, with the word whether the whole text was read."""
        return self.examine_all((text,), types, budget_s)[0]

    def examine_all(
        self, texts: Iterable[str], types: Collection[str] | None = None, budget_s: float = BUDGET_S
    ) -> list[ScanResult]:
        """As `examine` of each text; the more at once, the less time for each. The budget is that of a text."""
        wanted = KNOWN_TYPES if types is None else frozenset(types)
        if wanted - KNOWN_TYPES:
            unknown = _listed(wanted - KNOWN_TYPES)
            raise InputError(f"No detector finds {unknown}.", f"Types: {_listed(KNOWN_TYPES)}.")
        table, own = _table(wanted & TYPES), wanted & OWN_TYPES
        results: list[ScanResult] = []
        for block in by_weight(texts, len, _BLOCK):
            views = [View(text, budget_s) for text in block]
            with self._lock:
                results += [self._with_own(view, result, own) for view, result in table.examine(views)]
        return results

    def _with_own(self, view: View, result: ScanResult, types: frozenset[str]) -> ScanResult:
        if self._organisation is None:
            return result
        own = list(islice(view.paced(self._organisation.matches(view, types)), MOST + 1))
        matches = sorted((*result.matches, *own[:MOST]), key=lambda match: (match.start, match.end, match.type))
        return ScanResult(tuple(matches), result.truncated or view.is_late or len(own) > MOST)


class _Table:
    """The patterns of some types, compiled."""

    def __init__(self, types: frozenset[str]) -> None:
        families = [family for family in FAMILIES if family.types & types]
        self._types = types
        self._patterns: tuple[Pattern, ...] = tuple(p for family in families for p in family.patterns)
        self._engine: Engine = compile_engine(self._patterns)
        self._readers = [reader for family in families for reader in family.readers]
        self._fields: dict[str, list[Confirm]] = {}
        for family in families:
            for kind, confirm in family.fields.items():
                self._fields.setdefault(kind, []).append(confirm)

    def examine(self, views: Sequence[View]) -> Iterator[tuple[View, ScanResult]]:
        found = [self._engine.find(view.data) for view in views]
        for view, hits in zip(views, found, strict=True):
            yield view, self._confirmed(view, hits)

    def _confirmed(self, view: View, hits: Hits) -> ScanResult:
        view.begin()
        candidates = self._placed(view, hits.ends)
        crowd = _Crowd()
        matches = [m for m in self._matches(view, candidates) if m.type in self._types and crowd.admits(m)]
        return ScanResult(without_overlaps(matches), hits.truncated or view.is_late or crowd.overflowed)

    def _matches(self, view: View, candidates: list[tuple[Pattern, int, int]]) -> Iterator[Match]:
        for pattern, start, end in view.paced(candidates):
            if pattern.confirm is not None:
                yield from pattern.confirm(view, start, end)
        for kind, start, end in view.paced(self._labelled(view)):
            for confirm in self._fields[kind]:
                yield from confirm(view, start, end)
        for reader in self._readers:
            found = iter(reader(view))
            first = next(found, None)
            if first is not None:  # most find nothing
                yield from islice(view.paced(chain((first,), found)), MATCHES_PER_READER)

    def _labelled(self, view: View) -> Iterator[Field]:
        yield from labelled(view, self._fields)
        yield from columns(view, self._fields)

    def _placed(self, view: View, ends: dict[tuple[int, int], int]) -> list[tuple[Pattern, int, int]]:
        """Candidates in characters; context words go to the view."""
        words: dict[str, dict[tuple[int, int], None]] = {}
        candidates = []
        for number, start, end in view.in_characters(ends):
            pattern = self._patterns[number]
            if pattern.words:
                span = _word(view.text, end) if pattern.label else (start, end)
                words.setdefault(pattern.words, {})[span] = None
            if pattern.confirm is not None:
                candidates.append((pattern, start, end))
        view.set_words(words)
        return candidates


def _word(text: str, end: int) -> tuple[int, int]:
    """The word ahead of the separators that end here."""
    label = text[max(0, end - _LONGEST_LABEL) : end].rstrip(_BEHIND_LABEL)
    word = _BACKWARDS.match(label[::-1])
    if word is None:
        return end - 1, end
    stop = end - min(end, _LONGEST_LABEL) + len(label)
    return stop - word.end(), stop


class _Crowd:
    """Counts matches by type; beyond a bound they are told as truncated, not kept."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self.overflowed = False

    def admits(self, match: Match) -> bool:
        """Whether one more match of this type is kept."""
        self._counts[match.type] += 1
        self.overflowed |= self._counts[match.type] > MATCHES_PER_TYPE
        return self._counts[match.type] <= MATCHES_PER_TYPE


@lru_cache(maxsize=8)
def _table(types: frozenset[str]) -> _Table:
    return _Table(types)


def _listed(types: Iterable[str]) -> str:
    return ", ".join(sorted(types))
