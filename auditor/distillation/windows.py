# SPDX-License-Identifier: Apache-2.0
"""The unit that is weighed: one actor's calls to one teacher in a window of seven days, with the sinks seen in it.

A window opens with a call (or with an upload whose rows came from earlier calls) and keeps at most `KEPT`
observations: the first half as they come, then an even thinning of the rest, so that a long window's memory is bounded.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from auditor.distillation.gate import Teacher
from auditor.distillation.harvest import chain, traits
from auditor.distillation.intent import answered_prompts, confirmed, open_prompts, read_intent
from auditor.distillation.lineage import Lineage
from auditor.distillation.observation import Observation
from auditor.distillation.rows import teach_labels
from auditor.distillation.scoring import Case
from auditor.distillation.sinks import Sink
from auditor.distillation.skeletons import Skeleton, mine

LENGTH: Final = timedelta(days=7)
KEPT: Final = 600

_WRITES_NOTHING: Final = re.compile(r"bert|electra|setfit|minilm|mpnet|\bbge\b|\be5\b|embed|rerank|classif", re.I)
"""Base models that are trained to classify, rank or embed."""


class Window:
    """One actor, one teacher, seven days from `start`."""

    def __init__(self, actor: str, teacher: Teacher, start: datetime) -> None:
        self.actor, self.teacher, self.start = actor, teacher, start
        self.last = start
        self.count = 0
        self.sinks: list[Sink] = []
        self.proofs: list[tuple[Lineage, Sink]] = []
        self._kept: list[Observation] = []
        self._step = 1

    def is_over(self, now: datetime) -> bool:
        """Whether a call at this time belongs to a later window."""
        return now >= self.start + LENGTH

    def take(self, one: Observation) -> None:
        """Add a call of this window."""
        self.count += 1
        self.last = max(self.last, one.call.time)
        if self.count % self._step == 0:
            self._kept.append(one)
        if len(self._kept) > KEPT:
            half = KEPT // 2
            self._kept = self._kept[:half] + self._kept[half::2]
            self._step *= 2

    def prove(self, lineage: Lineage, sink: Sink) -> None:
        """Attach an upload with its lineage."""
        self.last = max(self.last, sink.call.time)
        self.proofs.append((lineage, sink))

    @property
    def observations(self) -> Sequence[Observation]:
        """The calls kept."""
        return self._kept

    @property
    def classifier(self) -> bool:
        """Whether what is trained tells classes or texts apart and writes none."""
        jobs = [sink.base_model or "" for sink in self.sinks if sink.kind == "job"]
        if jobs and all(map(_WRITES_NOTHING.search, jobs)):
            return True
        uploads = [sink.rows for sink in self.sinks if sink.rows]
        return bool(uploads) and all(map(teach_labels, uploads))

    def case(self, without: frozenset[str] = frozenset()) -> tuple[Case, tuple[Skeleton, ...]]:
        """What was found but for the rules left out, and the skeletons it was found in."""
        skeletons, links = mine(self._kept), chain(self._kept)
        intents = (*(read_intent(one, without) for one in skeletons), open_prompts(self._kept, without))
        deed = answered_prompts(self._kept, links)
        case = Case(
            intents=(
                *confirmed([one for one in intents if one and one.points], links.values(), without),
                *([deed] if deed and "generator.deed" not in without else []),
            ),
            traits=tuple(one for one in traits(self._kept, skeletons, links) if one.rule not in without),
            sinks=tuple(self.sinks),
        )
        return case, skeletons
