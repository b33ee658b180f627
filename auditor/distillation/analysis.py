# SPDX-License-Identifier: Apache-2.0
"""The analysis of one group (an actor, or a team of the policy): its opened calls in time order, into findings.

No IO. The plan says which windows are weighed and which of their calls are looked at; uploads are traced through the
group's own traffic, so that what one of a team gathers and another uploads is joined. What is held is bounded by two
weeks' windows and by the uploads. A team's window is reported only where it says more than every member's own.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from auditor.archive.analysed import UNKNOWN
from auditor.calls import Call, Content, Exchange
from auditor.distillation.gate import Teacher, Verdict, judge, teacher_of
from auditor.distillation.intent import means_classifier
from auditor.distillation.lineage import Lineage, Tracer
from auditor.distillation.observation import is_generative, is_result_file, observe
from auditor.distillation.report import CALLS_SHOWN, Scan, Subject, finding
from auditor.distillation.scoring import SEVERITY, Assessment, Case, assess
from auditor.distillation.sinks import Sink
from auditor.distillation.weighing import View, Weighed
from auditor.distillation.windows import Plan, Window, originator
from auditor.findings import Finding, Grade
from auditor.policy import UNSAID, Policy
from auditor.privacy import texts
from auditor.privacy.fingerprints import Fingerprinter
from auditor.terms import Registry

_PLAIN: Final = SEVERITY.index(Grade.PROBABLE)


class Means(NamedTuple):
    """What the analysis works with: terms, keyed fingerprints, the scanner that masks excerpts, what the organisation
    says of itself; `without` leaves out rules by their ids, so that their worth can be measured."""

    registry: Registry
    prints: Fingerprinter
    scan: Scan
    policy: Policy = UNSAID
    without: frozenset[str] = frozenset()


class Loose(NamedTuple):
    """A window's calls whose prompts follow no template of their own unit: to be compared over all actors."""

    unit: str
    maker: str
    week: datetime
    calls: tuple[str, ...]


class _Weight(NamedTuple):
    """A view with what it weighs."""

    view: View
    case: Case
    verdict: Verdict
    assessment: Assessment

    @property
    def severity(self) -> int:
        grade = self.assessment.grade
        return -1 if grade is None else SEVERITY.index(grade)


class Analysis:
    """Feed it the calls of a plan with `take`, in time order, then take the rest with `close`."""

    def __init__(
        self,
        plan: Plan,
        means: Means,
        sinks: Mapping[str, Sink],
        follow: Set[str] | None = None,
    ) -> None:
        """`sinks` are those that are to be traced, by their calls; `follow` the calls that may hold text of an upload
        (all, where it is None)."""
        self._plan, self._means, self._sinks = plan, means, sinks
        uploads = [sink.rows for sink in sinks.values() if sink.rows]
        self._tracer = Tracer(means.prints, uploads)
        self._follow = follow if uploads else frozenset()
        self._open = {id(one): Weighed(one) for one in plan.open_windows()}
        self._sources: dict[str, tuple[Teacher, str]] = {}
        self._best: dict[tuple[str, datetime], int] = {}
        self.loose: list[Loose] = []

    def wanted(self) -> set[str]:
        """The calls that have to be opened beside the sinks."""
        return {*(self._follow or ()), *(id_ for one in self._open.values() for id_ in one.window.kept())}

    def take(self, call: Call, content: Content, exchange: Exchange | None = None) -> Iterator[Finding]:
        """One call; yields the findings of windows that nothing can reach any more."""
        yield from self._finish([one for one in self._open.values() if one.is_over(call.time)])
        if sink := self._sinks.get(call.id):
            self._take_sink(call, sink)
        if self._follow is None or call.id in self._follow:
            self._trace(call, content, exchange)
        holding = [one for one in self._open.values() if one.holds(call.id)]
        if holding:
            observation = observe(call, content, exchange)
            for one in holding:
                one.take(observation)

    def close(self) -> Iterator[Finding]:
        """The findings of all windows still open."""
        yield from self._finish(list(self._open.values()))

    def _finish(self, over: Iterable[Weighed]) -> Iterator[Finding]:
        """Weigh windows, members' before their team's."""
        for one in sorted(over, key=lambda one: (one.window.start, one.window.team is not None, one.window.unit)):
            del self._open[id(one.window)]
            yield from self._finding(one)

    def _weighed(self, window: Window) -> Weighed:
        return self._open.setdefault(id(window), Weighed(window))

    def _trace(self, call: Call, content: Content, exchange: Exchange | None) -> None:
        placed = tuple(texts(content))
        sent = (one.text for one in placed if one.direction == "sent")
        self._tracer.take(call, sent, (one.text for one in placed if one.direction == "received"))
        told = is_generative(call) or is_result_file(exchange)
        if told and self._tracer.knows(call.id) and (teacher := teacher_of(call, self._means.registry)):
            self._sources[call.id] = teacher, originator(call)

    def _take_sink(self, call: Call, sink: Sink) -> None:
        """Attach a sink to the windows it reaches, and its lineage to the teachers its rows came from."""
        for one in self._open.values():
            if one.window.reached_by(call):
                one.sinks.append(sink)
        lineage = self._tracer.trace(sink.rows)
        if lineage.is_proof:
            for teacher, share in self._shares(lineage):
                self._weighed(self._plan.window(originator(call), teacher, call.time)).prove(share, sink)

    def _shares(self, lineage: Lineage) -> Iterator[tuple[Teacher, Lineage]]:
        """A lineage by teacher: the parts that prove something alone, or else the whole for the one with most rows."""
        parts: defaultdict[str, list[str]] = defaultdict(list)
        for match in lineage.matches:
            if source := self._sources.get(match.source):
                parts[source[0].maker].append(match.source)
        cut = {maker: _part(lineage, set(sources)) for maker, sources in parts.items()}
        proven = {maker: one for maker, one in cut.items() if one.is_proof}
        if not proven and cut:
            proven = {max(cut, key=lambda maker: len(cut[maker].matches)): lineage}
        for maker, one in proven.items():
            yield self._sources[parts[maker][0]][0], one

    def _finding(self, weighed: Weighed) -> Iterator[Finding]:
        window, weight = weighed.window, self._weight(weighed)
        best = (window.teacher.maker, window.start)
        if window.team is None:
            self._best[best] = max(weight.severity, self._best.get(best, -1))
        elif len(window.members) < 2 or weight.severity <= self._best.get(best, -1):
            return
        subject = self._subject(window, weight)
        if found := finding(subject, weight.case, weight.assessment, weight.verdict, self._means.scan):
            yield found

    def _weight(self, weighed: Weighed) -> _Weight:
        """What the whole week weighs, or a day of it that weighs more."""
        case, skeletons = weighed.case(weighed.week, self._means.without)
        self._loosen(weighed, {id_ for one in skeletons for id_ in one.calls})
        weight = self._worst(weighed, weighed.week, case)
        for day in weighed.days:
            if weight.severity >= _PLAIN or weight.assessment.grade is weight.verdict.ceiling:
                break
            other = self._worst(weighed, day, weighed.case(day, self._means.without)[0])
            weight = max(weight, other, key=lambda one: one.severity)
        return weight

    def _loosen(self, weighed: Weighed, templated: Set[str]) -> None:
        window, seen = weighed.window, [one.call.id for one in weighed.week.observations]
        if window.team is None:
            left = tuple(id_ for id_ in seen if id_ not in templated)
            self.loose.append(Loose(window.unit, window.teacher.maker, window.start, left))

    def _worst(self, weighed: Weighed, view: View, case: Case) -> _Weight:
        """The case with the sink that counts: what was proven before what was only seen, the strictest terms first."""
        said = self._means.policy.trains_private_classifiers(weighed.window.unit)
        classifier = said or weighed.classifier or (not weighed.sinks and means_classifier(case.intents))
        open_cases = [
            msgspec.structs.replace(case, lineage=lineage, traced=sink) for lineage, sink in weighed.proofs
        ] or [case]
        uploads: list[Sink | None] = [sink for sink in weighed.sinks if sink.kind == "upload"]
        uploads = uploads or [*weighed.sinks] or [None]
        judged = [
            (one, judge(weighed.window.teacher, sink, self._means.registry, classifier=classifier))
            for one in open_cases
            for sink in ([one.traced] if one.traced else uploads)
        ]
        case, verdict = max(judged, key=lambda pair: (SEVERITY.index(pair[1].ceiling), _rows(pair[0])))
        return _Weight(view, case, verdict, assess(case, verdict))

    def _subject(self, window: Window, weight: _Weight) -> Subject:
        view = weight.view
        calls = [one.call for one in view.observations]
        alone = window.team is None and window.unit != UNKNOWN
        rows_from = weight.case.lineage.sources if weight.case.lineage else ()
        sources = {self._sources[id_][1] for id_ in rows_from if id_ in self._sources}
        members = window.members | sources | ({window.unit} if alone else set())
        return Subject(
            actor=window.unit if alone else None,
            team=window.team or (self._plan.group.team if sources - {window.unit} else None),
            actors=len(members),
            teacher=window.teacher,
            window=window.start,
            first=view.first,
            last=view.last,
            count=view.calls or len(rows_from),
            calls=tuple(call.id for call in calls[:CALLS_SHOWN]),
            credential=calls[0].credential if calls and alone else None,
        )


def _rows(case: Case) -> int:
    return len(case.lineage.matches) if case.lineage else 0


def _part(lineage: Lineage, sources: Iterable[str]) -> Lineage:
    wanted = set(sources)
    return msgspec.structs.replace(lineage, matches=tuple(one for one in lineage.matches if one.source in wanted))
