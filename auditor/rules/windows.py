# SPDX-License-Identifier: Apache-2.0
"""The windows of correlations, slid over the calls of one group: enough of them, or one of each stage.

One pass over the calls in time, whatever the window holds. What is returned are, by week of the call that completed a
window, the calls the windows rest on, each once.
"""

from collections import Counter, deque
from collections.abc import Callable, Container, Iterable
from itertools import takewhile
from typing import Protocol

from auditor.rules.model import Correlation


class Event(Protocol):
    """A call in time: `value` is what is counted, the bits of `stages` are the stages it is one of."""

    @property
    def n(self) -> int: ...  # noqa: D102
    @property
    def time(self) -> int: ...  # noqa: D102
    @property
    def value(self) -> str | None: ...  # noqa: D102
    @property
    def stages(self) -> int: ...  # noqa: D102


type Hits[E] = dict[int, dict[int, E]]


def weeks[E: Event](events: Iterable[E], correlation: Correlation, span: int, week_of: Callable[[int], int]) -> Hits[E]:
    """By week, the calls of every window (of `span` microseconds) that held what the correlation asks for."""
    if not correlation.stages:
        return _counted(events, correlation, span, week_of)
    find = _ordered if correlation.ordered else _together
    return find(events, len(correlation.stages), span, week_of)


def _counted[E: Event](
    events: Iterable[E], correlation: Correlation, span: int, week_of: Callable[[int], int]
) -> Hits[E]:
    window: deque[E] = deque()
    values: Counter[str | None] = Counter()
    found: Hits[E] = {}
    for event in events:
        window.append(event)
        values[event.value] += 1
        while window[0].time <= event.time - span:
            gone = window.popleft()
            values[gone.value] -= 1
            if not values[gone.value]:
                del values[gone.value]
        if (len(window) if correlation.counted is None else len(values)) >= correlation.least:
            hits = found.setdefault(week_of(event.time), {})
            hits.update(_newest(window, hits))
    return found


def _newest[E: Event](window: deque[E], known: Container[int]) -> list[tuple[int, E]]:
    """The calls of a window that are not known, in time; those before a known one are known, too."""
    new = [(event.n, event) for event in takewhile(lambda event: event.n not in known, reversed(window))]
    return new[::-1]


def _together[E: Event](events: Iterable[E], stages: int, span: int, week_of: Callable[[int], int]) -> Hits[E]:
    """One of each stage, in any order: the newest of each."""
    newest: list[E | None] = [None] * stages
    found: Hits[E] = {}
    for event in events:
        for stage in range(stages):
            if event.stages >> stage & 1:
                newest[stage] = event
        near = [one for one in newest if one is not None and one.time > event.time - span]
        if len(near) == stages:
            found.setdefault(week_of(event.time), {}).update((one.n, one) for one in near)
    return found


def _ordered[E: Event](events: Iterable[E], stages: int, span: int, week_of: Callable[[int], int]) -> Hits[E]:
    """One of each stage, one call after the other. `chains` holds, for each stage, the way to it that began last."""
    chains: list[tuple[E, ...]] = [()] * stages
    found: Hits[E] = {}
    for event in events:
        for stage in reversed(range(stages)):  # from the end, so that a call is one stage of a chain only
            if event.stages >> stage & 1 and (stage == 0 or chains[stage - 1]):
                chains[stage] = (*(chains[stage - 1] if stage else ()), event)
                if stage == stages - 1 and chains[stage][0].time > event.time - span:
                    found.setdefault(week_of(event.time), {}).update((one.n, one) for one in chains[stage])
    return found
