# SPDX-License-Identifier: Apache-2.0
"""Precision and recall over labelled texts, as the open set of the field is scored.

A record is `{"text", "spans": [{"start", "end", "type"}], "labelled": [types], "set"}`. A labelled span is found where
any match of its type touches it; a match is false where its type is labelled throughout the record and it touches
neither such a span nor one to ignore. SECRET, PASSWORD and PRIVATE_KEY count as one type besides: CREDENTIAL.
"""

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from auditor.calls import Match
from auditor.detectors import Scanner

OPEN_SET = Path(__file__).parents[2].parent / "shared" / "data" / "detect-dev.jsonl.gz"
CREDENTIALS = frozenset({"SECRET", "PASSWORD", "PRIVATE_KEY"})
CREDENTIAL = "CREDENTIAL"


class Score(NamedTuple):
    """One type's counts over a set."""

    gold: int
    found: int
    right: int
    false: int

    @property
    def precision(self) -> float:
        """Right matches of those that can be judged; 0 where there are none."""
        return self.right / (self.right + self.false) if self.right + self.false else 0.0

    @property
    def recall(self) -> float:
        """Found spans of all labelled ones."""
        return self.found / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def records(path: Path = OPEN_SET) -> Iterator[dict[str, Any]]:
    """The records of a set."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def scores(rows: Iterable[dict[str, Any]], without: frozenset[str] = frozenset()) -> Mapping[str, Score]:
    """The scores of the detectors by type, some sets left out."""
    scanner, counts = Scanner(), Counter[tuple[str, str]]()
    for row in rows:
        if row["set"] not in without:
            _count(row, scanner.scan(row["text"]), counts)
    types = sorted({type_ for type_, what in counts if what == "gold"})
    return {t: Score(*(counts[t, what] for what in ("gold", "found", "right", "false"))) for t in types}


def _count(row: dict[str, Any], matches: Iterable[Match], counts: Counter[tuple[str, str]]) -> None:
    spans = [(span["start"], span["end"], span["type"]) for span in row["spans"]]
    found = [(match.start, match.end, match.type) for match in matches]
    for type_ in {type_ for _, _, type_ in (*spans, *found)} - {"_IGNORE", "_IGNORE_PII"}:
        _count_type(frozenset({type_}), type_, spans, found, frozenset(row["labelled"]), counts)
    _count_type(CREDENTIALS, CREDENTIAL, spans, found, frozenset(row["labelled"]), counts)


type _Span = tuple[int, int, str]


def _count_type(
    types: frozenset[str],
    name: str,
    spans: list[_Span],
    found: list[_Span],
    labelled: frozenset[str],
    counts: Counter[tuple[str, str]],
) -> None:
    gold = [span for span in spans if span[2] in types]
    ours = [match for match in found if match[2] in types]
    counts[name, "gold"] += len(gold)
    counts[name, "found"] += sum(any(_touch(span, match) for match in ours) for span in gold)
    if not types & labelled:
        return
    strict = bool(types & CREDENTIALS) or types == {"SOURCE_CODE"}
    ignored = {"_IGNORE"} if strict else {"_IGNORE", "_IGNORE_PII"}
    spared = [s for s in spans if s[2] in ignored or (types < CREDENTIALS and s[2] in CREDENTIALS)]
    for match in ours:
        if any(_touch(span, match) for span in gold):
            counts[name, "right"] += 1
        elif not any(_touch(span, match) for span in spared):
            counts[name, "false"] += 1


def _touch(one: _Span, other: _Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
