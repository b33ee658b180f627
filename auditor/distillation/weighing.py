# SPDX-License-Identifier: Apache-2.0
"""A window with what was opened of it: observations, uploads and proofs, and the case they make."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from auditor.distillation.deeds import deeds
from auditor.distillation.harvest import chain, traits
from auditor.distillation.intent import read_intent
from auditor.distillation.lineage import Lineage
from auditor.distillation.observation import Observation
from auditor.distillation.rows import teach_labels
from auditor.distillation.scoring import Case
from auditor.distillation.sinks import Sink
from auditor.distillation.skeletons import Skeleton, mine
from auditor.distillation.windows import WEEK, Sample, Window

_WRITES_NOTHING: Final = re.compile(r"bert|electra|setfit|minilm|mpnet|\bbge\b|\be5\b|embed|rerank|classif", re.I)
"""Base models that are trained to classify, rank or embed."""


class View(NamedTuple):
    """A part of a window that is weighed by itself: what was kept of its calls, how many there were, and when."""

    observations: tuple[Observation, ...]
    calls: int
    first: datetime
    last: datetime


class Weighed:
    """A window under analysis."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.sinks: list[Sink] = []
        self.proofs: list[tuple[Lineage, Sink]] = []
        self._observed: dict[str, Observation] = {}
        self._kept = window.kept()

    def holds(self, call: str) -> bool:
        """Whether a call's content is looked at here."""
        return call in self._kept

    def take(self, one: Observation) -> None:
        """Add what was opened of a call."""
        self._observed[one.call.id] = one

    def is_over(self, now: datetime) -> bool:
        """Whether no upload from now on can reach this window."""
        return now >= self.window.start + 2 * WEEK

    def prove(self, lineage: Lineage, sink: Sink) -> None:
        """Attach an upload with its lineage."""
        if sink not in self.sinks:
            self.sinks.append(sink)
        self.proofs.append((lineage, sink))

    @property
    def week(self) -> View:
        """The whole window, its uploads included."""
        ends = [sink.call.time for sink in self.sinks]
        first = self.window.first or min(ends, default=self.window.start)
        observations = self._seen(self.window.week)
        return View(observations, self.window.week.count, first, max([self.window.last, *ends]))

    @property
    def days(self) -> Iterator[View]:
        """Its days, where there are several."""
        for day in self.window.days.values() if len(self.window.days) > 1 else ():
            seen = self._seen(day)
            yield View(seen, day.count, seen[0].call.time, seen[-1].call.time)

    @property
    def classifier(self) -> bool:
        """Whether what is trained tells classes or texts apart and writes none."""
        jobs = [sink.base_model or "" for sink in self.sinks if sink.kind == "job"]
        if jobs and all(map(_WRITES_NOTHING.search, jobs)):
            return True
        uploads = [sink.rows for sink in self.sinks if sink.rows]
        return bool(uploads) and all(map(teach_labels, uploads))

    def case(self, view: View, without: frozenset[str] = frozenset()) -> tuple[Case, tuple[Skeleton, ...]]:
        """What was found in a view but for the rules left out, and the skeletons it was found in."""
        seen: Sequence[Observation] = view.observations
        skeletons, links = mine(seen), chain(seen)
        intents = [read_intent(one, without) for one in skeletons]
        case = Case(
            intents=deeds(seen, skeletons, links, intents, without),
            traits=tuple(one for one in traits(seen, skeletons, links) if one.rule not in without),
            sinks=tuple(self.sinks),
        )
        return case, skeletons

    def _seen(self, sample: Sample) -> tuple[Observation, ...]:
        return tuple(self._observed[id_] for id_ in sample.ids if id_ in self._observed)
