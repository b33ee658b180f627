# SPDX-License-Identifier: Apache-2.0
"""The unit that is weighed: one actor's (or one team's) calls to one teacher, by the week and by the day.

Which calls make a window, and which of them are looked at, is told from their metadata alone, before anything is
opened. Weeks begin on Mondays, days at midnight UTC: a window is the same whatever else the store holds, and in
whatever order it arrived. Of a week as of each of its days at most `KEPT` calls are kept: the first half as they come,
then an even thinning of the rest. So what is opened is bounded, and a short burst still shows in a busy week.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from auditor.archive.analysed import UNKNOWN
from auditor.calls import Call, Value
from auditor.distillation.gate import Teacher, teacher_of
from auditor.distillation.observation import is_generative
from auditor.distillation.sinks import may_be_sink
from auditor.terms import Registry

WEEK: Final = timedelta(days=7)
DAY: Final = timedelta(days=1)
KEPT: Final = 600


def week_of(time: datetime) -> datetime:
    """The Monday, 00:00 UTC, of a time's week."""
    day = time.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday())


def originator(call: Call) -> str:
    """Whose a call is: the actor's, else the credential's."""
    return call.actor or call.credential or UNKNOWN


class Group(Value, frozen=True, kw_only=True):
    """Originators that act together: a team of the policy, or one alone (then `team` is None)."""

    members: tuple[str, ...]
    team: str | None = None


class Sample:
    """At most `KEPT` ids of calls: the first half as they came, an even thinning of the rest."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.count = 0
        self._step = 1

    def take(self, id_: str) -> None:
        """Add a call."""
        self.count += 1
        if self.count % self._step == 0:
            self.ids.append(id_)
        if len(self.ids) > KEPT:
            half = KEPT // 2
            self.ids = self.ids[:half] + self.ids[half::2]
            self._step *= 2


class Window:
    """One unit's calls to one teacher in the week from `start`. `news`: some came since the last analysis."""

    def __init__(self, unit: str, team: str | None, teacher: Teacher, start: datetime) -> None:
        self.unit, self.team, self.teacher, self.start = unit, team, teacher, start
        self.first: datetime | None = None
        self.last = start
        self.week = Sample()
        self.days: dict[datetime, Sample] = {}
        self.members: set[str] = set()
        self.news = False

    def take(self, call: Call, *, new: bool) -> None:
        """Add a call of this week, in time order."""
        self.first = self.first or call.time
        self.last = max(self.last, call.time)
        self.news = self.news or new
        self.members.add(originator(call))
        self.week.take(call.id)
        day = self.start + (call.time - self.start) // DAY * DAY
        self.days.setdefault(day, Sample()).take(call.id)

    def kept(self) -> set[str]:
        """The calls of which the window's content is looked at."""
        return {*self.week.ids, *(id_ for day in self.days.values() for id_ in day.ids)}

    def reached_by(self, sink: Call) -> bool:
        """Whether an upload may hold this window's outputs: made by the unit, in that week or the seven days after its
        last call."""
        of_unit = self.team is not None or originator(sink) == self.unit
        return of_unit and self.start <= sink.time < max(self.start + WEEK, self.last + WEEK)


class Plan:
    """What is to be looked at of a group, from its calls' metadata in time order."""

    def __init__(self, group: Group, registry: Registry) -> None:
        self.group = group
        self._registry = registry
        self.windows: dict[tuple[str, str, datetime], Window] = {}
        self.sinks: list[Call] = []
        self._news: datetime | None = None

    def take(self, call: Call, *, new: bool = True) -> None:
        """Add a call; `new` where the last analysis did not know it."""
        if new and self._news is None:
            self._news = call.time
        if may_be_sink(call):
            self.sinks.append(call)
        teacher = teacher_of(call, self._registry) if is_generative(call) else None
        if teacher is None:
            return
        for unit in filter(None, (originator(call), self.group.team)):
            self.window(unit, teacher, call.time).take(call, new=new)

    def window(self, unit: str, teacher: Teacher, time: datetime) -> Window:
        """The window of a unit and a teacher at a time, made where there is none."""
        key = (unit, teacher.maker, week_of(time))
        if key not in self.windows:
            team = self.group.team if unit == self.group.team else None
            self.windows[key] = Window(unit, team, teacher, key[2])
        return self.windows[key]

    def traced(self) -> list[Call]:
        """The uploads and jobs whose lineage has to be told (anew): those of the weeks that are weighed."""
        weeks = self._weeks()
        return [sink for sink in self.sinks if week_of(sink.time) in weeks]

    def open_windows(self) -> list[Window]:
        """The windows that have to be weighed (anew)."""
        weeks = self._weeks()
        return [window for window in self.windows.values() if window.start in weeks]

    def _weeks(self) -> set[datetime]:
        """The weeks that have to be weighed: with new calls, or reached by uploads that are new or have new calls
        before them; and those of uploads that reach such weeks, since a window is weighed with all its uploads."""
        new = [sink for sink in self.sinks if self._news is not None and self._news <= sink.time]
        weeks = {one.start for one in self.windows.values() if one.news or any(map(one.reached_by, new))}
        weeks |= {week_of(sink.time) for sink in new}
        for sink in self.sinks:
            if any(one.start in weeks and one.reached_by(sink) for one in self.windows.values()):
                weeks.add(week_of(sink.time))
        return weeks
