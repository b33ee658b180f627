# SPDX-License-Identifier: Apache-2.0
"""The analysis over calls in time order: observations into windows, uploads through lineage, windows into findings.

No IO: `Analysis` is fed calls with their content and yields findings as windows close. What it holds is bounded by the
open windows, by the uploads it was told of, and by a pool of prompts that follow no template of their own actor.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import datetime
from typing import Final

import msgspec

from auditor.calls import Call, Content, Exchange
from auditor.distillation.gate import Teacher, Verdict, judge, teacher_of
from auditor.distillation.intent import means_classifier, read_intent
from auditor.distillation.lineage import Lineage, Tracer
from auditor.distillation.observation import Observation, is_generative, is_result_file, observe
from auditor.distillation.report import CALLS_SHOWN, Scan, Subject, finding
from auditor.distillation.scoring import FIRM_INTENT, SEVERITY, Case, assess
from auditor.distillation.sinks import Sink
from auditor.distillation.skeletons import mine
from auditor.distillation.windows import LENGTH, Window
from auditor.findings import Finding
from auditor.policy import UNSAID, Policy
from auditor.privacy import texts
from auditor.privacy.fingerprints import Fingerprinter
from auditor.terms import Registry

POOLED: Final = 2_000
"""Prompts without a template of their own actor that are compared over all actors."""

SPREAD_ACTORS: Final = 3
"""Actors that must share a template before it is reported for all of them."""

_UNKNOWN: Final = "unknown"


class Analysis:
    """Feed it every call with `take`, in time order, then take the rest with `close`."""

    def __init__(
        self,
        registry: Registry,
        sinks: Mapping[str, Sink],
        prints: Fingerprinter,
        scan: Scan,
        without: frozenset[str] = frozenset(),
        follow: Set[str] | None = None,
        policy: Policy = UNSAID,
    ) -> None:
        """`without` leaves out rules by their ids, so that their worth can be measured; `follow` are the calls that may
        hold text of an upload (all, where it is None); `policy` says what the organisation trains."""
        self._registry, self._sinks, self._scan, self._without = registry, sinks, scan, without
        self._policy = policy
        uploads = [sink.rows for sink in sinks.values() if sink.rows]
        self._tracer = Tracer(prints, uploads, _actor)
        self._follow = follow if uploads else frozenset()
        self._windows: dict[tuple[str, str], Window] = {}
        self._teachers: dict[str, Teacher] = {}
        self._pool: list[tuple[Observation, Teacher]] = []
        self._swept: datetime | None = None

    def take(self, call: Call, content: Content, exchange: Exchange | None = None) -> Iterator[Finding]:
        """One call; yields the findings of windows that ended before it."""
        yield from self._sweep(call.time)
        if sink := self._sinks.get(call.id):
            self._take_sink(call, sink)
        if self._follow is None or call.id in self._follow:
            self._trace(call, content, exchange)
        teacher = teacher_of(call, self._registry) if is_generative(call) else None
        if teacher:
            self._window(_actor(call), teacher, call.time).take(observe(call, content, exchange))

    def close(self) -> Iterator[Finding]:
        """The findings of all windows still open, then those of templates spread over actors."""
        for window in self._windows.values():
            yield from self._finding(window)
        self._windows.clear()
        yield from self._spread()

    def _sweep(self, now: datetime) -> Iterator[Finding]:
        if self._swept is not None and now - self._swept < LENGTH / 28:
            return
        self._swept = now
        for key in [key for key, window in self._windows.items() if window.is_over(now)]:
            yield from self._finding(self._windows.pop(key))

    def _window(self, actor: str, teacher: Teacher, now: datetime) -> Window:
        key = (actor, teacher.maker)
        if key not in self._windows:
            self._windows[key] = Window(actor, teacher, now)
        return self._windows[key]

    def _trace(self, call: Call, content: Content, exchange: Exchange | None) -> None:
        placed = tuple(texts(content))
        sent = (one.text for one in placed if one.direction == "sent")
        self._tracer.take(call, sent, (one.text for one in placed if one.direction == "received"))
        told = is_generative(call) or is_result_file(exchange)
        if told and self._tracer.knows(call.id) and (teacher := teacher_of(call, self._registry)):
            self._teachers[call.id] = teacher

    def _take_sink(self, call: Call, sink: Sink) -> None:
        """Attach a sink to the actor's open windows, and its lineage to the teachers its rows came from."""
        actor = _actor(call)
        for (of, _), window in self._windows.items():
            if of == actor:
                window.sinks.append(sink)
                window.last = max(window.last, call.time)
        lineage = self._tracer.trace(call, sink.rows)
        if not lineage.is_proof:
            return
        for teacher, share in self._shares(lineage):
            window = self._window(actor, teacher, call.time)
            if sink not in window.sinks:
                window.sinks.append(sink)
            window.prove(share, sink)

    def _shares(self, lineage: Lineage) -> Iterator[tuple[Teacher, Lineage]]:
        """A lineage by teacher: the parts that prove something alone, or else the whole for the one with most rows."""
        parts: defaultdict[str, list[str]] = defaultdict(list)
        for match in lineage.matches:
            if teacher := self._teachers.get(match.source):
                parts[teacher.maker].append(match.source)
        cut = {maker: _part(lineage, set(sources)) for maker, sources in parts.items()}
        proven = {maker: one for maker, one in cut.items() if one.is_proof}
        if not proven and cut:
            proven = {max(cut, key=lambda maker: len(cut[maker].matches)): lineage}
        for maker, one in proven.items():
            yield self._teachers[parts[maker][0]], one

    def _finding(self, window: Window) -> Iterator[Finding]:
        case, skeletons = window.case(self._without)
        case, verdict = self._worst(window, case)
        templated = {id_ for one in skeletons for id_ in one.calls}
        for one in window.observations:
            if one.call.id not in templated and len(self._pool) < POOLED:
                self._pool.append((one, window.teacher))
        calls = [one.call for one in window.observations]
        subject = Subject(
            actor=None if window.actor == _UNKNOWN else window.actor,
            teacher=window.teacher,
            first=window.start,
            last=window.last,
            count=window.count,
            calls=tuple(call.id for call in calls[:CALLS_SHOWN]),
            credential=calls[0].credential if calls else None,
        )
        found = finding(subject, case, assess(case, verdict), verdict, self._scan)
        if found:
            yield found

    def _worst(self, window: Window, case: Case) -> tuple[Case, Verdict]:
        """The case with the sink that counts: what was proven before what was only seen, the strictest terms first."""
        said = self._policy.trains_private_classifiers(window.actor)
        classifier = said or window.classifier or (not window.sinks and means_classifier(case.intents))
        open_cases = [
            msgspec.structs.replace(case, lineage=lineage, traced=sink) for lineage, sink in window.proofs
        ] or [case]
        uploads: list[Sink | None] = [sink for sink in window.sinks if sink.kind == "upload"]
        uploads = uploads or [*window.sinks] or [None]
        judged = [
            (one, judge(window.teacher, sink, self._registry, classifier=classifier))
            for one in open_cases
            for sink in ([one.traced] if one.traced else uploads)
        ]
        return max(judged, key=lambda pair: (SEVERITY.index(pair[1].ceiling), _rows(pair[0])))

    def _spread(self) -> Iterator[Finding]:
        """Templates that many actors follow a little each: splitting over keys and people is the known evasion."""
        teachers = {one.call.id: teacher for one, teacher in self._pool}
        for skeleton in mine([one for one, _ in self._pool]):
            intent = read_intent(skeleton, self._without)
            actors = {one.call.actor for one in skeleton.members}
            if intent.points < FIRM_INTENT or len(actors) < SPREAD_ACTORS:
                continue
            times = [one.call.time for one in skeleton.members]
            teacher = teachers[skeleton.calls[0]]
            subject = Subject(
                actor=None, teacher=teacher, first=min(times), last=max(times), count=len(times),
                calls=skeleton.calls[:CALLS_SHOWN],
            )  # fmt: skip
            case, verdict = Case(intents=(intent,)), judge(teacher, None, self._registry)
            if found := finding(subject, case, assess(case, verdict), verdict, self._scan):
                yield found


def _actor(call: Call) -> str:
    return call.actor or call.credential or _UNKNOWN


def _rows(case: Case) -> int:
    return len(case.lineage.matches) if case.lineage else 0


def _part(lineage: Lineage, sources: Iterable[str]) -> Lineage:
    wanted = set(sources)
    return msgspec.structs.replace(lineage, matches=tuple(one for one in lineage.matches if one.source in wanted))
