# SPDX-License-Identifier: Apache-2.0
"""Lineage: rows of a training upload traced to the outputs of a model they were first seen in.

The uploads are read first, so that only word runs occurring in them are followed while the traffic passes in time
order: memory grows with the uploads, not with the traffic. A run belongs to whoever showed it first: in a prompt, to
nobody, for quoting what one was given proves nothing; in an output, to that call. A run that many outputs or many rows
share is formulaic (SQL, boilerplate, a template's opening) and weighs less; and a row counts only with novel words,
neither given in that call's prompt nor common in the outputs, so that two people's SQL over one schema is no copy of
each other, or with one long piece unbroken. Short texts are followed whole, as lines or
JSON strings of an output: a generated question betrays its row where the answer is a single word.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Final, NamedTuple

import msgspec

from auditor.calls import Call, Value
from auditor.distillation.hits import (
    ALARM_ROWS,
    ALARM_SHARE,
    LONG_ROW_WORDS,
    NOVEL_WORDS,
    UNBROKEN,
    Seen,
    is_hit,
    measure,
)
from auditor.distillation.rows import Row
from auditor.privacy.fingerprints import RUN, WHOLE, Fingerprinter

_COMMON: Final = 2
"""Outputs or rows that may share a run before it counts less."""


class RowMatch(Value, frozen=True, kw_only=True):
    """A row and the call its text was first seen in; `share` of the text's word runs, `longest` piece in words."""

    row: int
    source: str
    side: str
    share: float
    longest: int
    words: int


class Lineage(Value, frozen=True, kw_only=True):
    """What an upload owes to recorded outputs: the rows that match, and of how many."""

    matches: tuple[RowMatch, ...]
    rows: int

    @property
    def share(self) -> float:
        """Share of the rows that match."""
        return len(self.matches) / self.rows if self.rows else 0.0

    @property
    def words(self) -> int:
        """Words of the rows that match, by the share that does."""
        return sum(round(one.words * one.share) for one in self.matches)

    @property
    def sources(self) -> tuple[str, ...]:
        """The calls the rows came from, most rows first."""
        return tuple(source for source, _ in Counter(one.source for one in self.matches).most_common())

    @property
    def is_proof(self) -> bool:
        """Whether so much matches that chance or common phrases do not explain it."""
        enough = len(self.matches) >= ALARM_ROWS or self.words >= LONG_ROW_WORDS
        return enough and self.share >= ALARM_SHARE


class _Source(NamedTuple):
    """An output that holds followed runs: its call, and the words of its prompt."""

    call: str
    given: frozenset[int]


class _Origin(msgspec.Struct):
    """Where a followed run was first seen: `call` numbers an output, -1 an input; `outputs` held it."""

    call: int
    outputs: int = 0


class Tracer:
    """Follows the word runs of some uploads through the traffic of those who act together. Feed it in time order."""

    def __init__(self, fingerprinter: Fingerprinter, uploads: Iterable[Sequence[Row]]) -> None:
        self._prints = fingerprinter
        self._wanted: set[int] = set()
        for rows in uploads:
            for row in rows:
                for text in (*row.prompts, *row.targets):
                    self._wanted.update(fingerprinter.runs(text).tolist(), fingerprinter.wholes(text).tolist())
        self._origins: dict[int, _Origin] = {}
        self._sources: list[_Source] = []
        self._usual: Counter[int] = Counter()

    def take(self, call: Call, inputs: Iterable[str], outputs: Iterable[str]) -> None:
        """Follow one call: what was sent claims runs for nobody, what came back claims them for the call."""
        number, given = len(self._sources), tuple(inputs)
        for text in given:
            for run in self._followed(text):
                self._origins.setdefault(run, _Origin(-1))
        answers = tuple(outputs)
        found = {run for text in answers for run in self._followed(text)}
        if found:
            self._sources.append(_Source(call.id, self._vocabulary(given)))
            self._usual.update(self._vocabulary(answers))
        for run in found:
            self._origins.setdefault(run, _Origin(number)).outputs += 1

    def knows(self, call: str) -> bool:
        """Whether the call that was taken last holds followed runs."""
        return bool(self._sources) and self._sources[-1].call == call

    def trace(self, rows: Sequence[Row]) -> Lineage:
        """The lineage of an upload, from the outputs so far."""
        units = [(row, side, text) for row in rows for side, text in _units(row)]
        marks = [self._prints.runs(text).tolist() for _, _, text in units]
        common = Counter(mark for one in marks for mark in set(one))
        found: dict[int, RowMatch] = {}
        for (row, side, text), runs in zip(units, marks, strict=True):
            match = self._match(row, side, text, runs, common)
            if match and (row.number not in found or found[row.number].words < match.words):
                found[row.number] = match
        return Lineage(matches=tuple(found.values()), rows=len(rows))

    def _vocabulary(self, texts: Iterable[str]) -> frozenset[int]:
        return frozenset(one for text in texts for one in self._prints.words(text).tolist())

    def _novel(self, source: int, found: Set[int]) -> int:
        """How many different words are neither the prompt's nor common in the outputs."""
        given, often = self._sources[source].given, max(_COMMON, len(self._sources) // 10)
        return sum(one not in given and self._usual[one] <= often for one in found)

    def _followed(self, text: str) -> Iterator[int]:
        for marks in (self._prints.runs(text), self._prints.wholes(text)):
            yield from (mark for mark in marks.tolist() if mark in self._wanted)

    def _match(self, row: Row, side: str, text: str, runs: Sequence[int], common: Counter[int]) -> RowMatch | None:
        owned = [
            Seen(place, origin.call, _weight(origin, common[run]))
            for place, run in enumerate(runs)
            if (origin := self._origins.get(run)) is not None and origin.call >= 0
        ]
        found: list[int] = self._prints.words(text).tolist()
        measured = measure(owned, len(runs))
        if measured and is_hit(measured):
            seen = {found[place] for one in owned for place in range(one.place, one.place + RUN)}
            if measured.longest >= UNBROKEN or self._novel(measured.source, seen) >= NOVEL_WORDS[side]:
                return RowMatch(
                    row=row.number, source=self._sources[measured.source].call, side=side, share=measured.share,
                    longest=measured.longest, words=len(found),
                )  # fmt: skip
        return self._whole_match(row, side, text, found)

    def _whole_match(self, row: Row, side: str, text: str, found: Sequence[int]) -> RowMatch | None:
        """A generated question or instruction that stands in the row as it is."""
        if not WHOLE[0] <= len(found) <= WHOLE[1] or side != "prompt":
            return None
        origin = self._origins.get(self._prints.whole(text))
        if origin is None or origin.call < 0 or not self._novel(origin.call, set(found)):
            return None
        return RowMatch(
            row=row.number, source=self._sources[origin.call].call, side=side, share=1.0, longest=len(found),
            words=len(found),
        )  # fmt: skip


def _units(row: Row) -> Iterator[tuple[str, str]]:
    yield from (("target", text) for text in row.targets)
    yield from (("prompt", text) for text in row.prompts)


def _weight(origin: _Origin, rows: int) -> float:
    return min(1.0, _COMMON / max(1, origin.outputs)) * min(1.0, _COMMON / max(1, rows))
