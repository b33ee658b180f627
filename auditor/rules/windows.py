# SPDX-License-Identifier: Apache-2.0
"""The windows of correlations, slid over the calls of one group: enough of them, or one of each stage.

What is returned are, by week of the call that completed a window, the calls the windows rest on, each once, in the
order of the calls: as their places in the arrays. Counts are arithmetic on whole arrays, so that a group of a million
calls takes no time; stages are looked for one call after the other.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.rules.model import Correlation

type Ints = NDArray[np.int64]
type Weeks = Callable[[Any], Any]
"""The number of the week of a moment (or of an array of them), in microseconds."""


def weeks(times: Ints, values: Ints, correlation: Correlation, week_of: Weeks) -> dict[int, Ints]:
    """By week, the places of the calls of every window that held what the correlation asks for.

    `times` (microseconds) ascend. `values` are what is counted, as numbers, or the bits of the stages a call is one of.
    """
    span = correlation.span
    if correlation.stages:
        return _staged(times, values, correlation, week_of)
    if correlation.counted is not None and len(np.unique(values)) < correlation.least:
        return {}
    first = np.searchsorted(times, times - span, side="right")
    places = np.arange(len(times))
    sizes = places - first + 1 if correlation.counted is None else _distinct(times, values, span)
    last = np.flatnonzero(sizes >= correlation.least)
    numbers = week_of(times[last])
    return {int(week): _covered(first, last[numbers == week]) for week in np.unique(numbers)}


def _distinct(times: Ints, values: Ints, span: int) -> Ints:
    """How many different values the window holds that ends with each call: a call counts until the next of the same
    value comes, or until it has left the window."""
    order = np.argsort(values, kind="stable")
    same = values[order[1:]] == values[order[:-1]]
    until = np.searchsorted(times, times + span, side="left")
    until[order[:-1][same]] = np.minimum(until[order[:-1][same]], order[1:][same])
    return np.cumsum(1 - np.bincount(until, minlength=len(times) + 1)[: len(times)])


def _covered(first: Ints, last: Ints) -> Ints:
    """The places that lie in one of the windows, each from its first call to its last."""
    edges = np.bincount(first[last], minlength=len(first) + 1) - np.bincount(last + 1, minlength=len(first) + 1)
    return np.flatnonzero(np.cumsum(edges[:-1]))


def _staged(times: Ints, stages: Ints, correlation: Correlation, week_of: Weeks) -> dict[int, Ints]:
    find = _ordered if correlation.ordered else _together
    found: dict[int, set[int]] = {}
    for completed, rests in find(times.tolist(), stages.tolist(), len(correlation.stages), correlation.span):
        found.setdefault(week_of(completed), set()).update(rests)
    return {week: np.array(sorted(rests)) for week, rests in found.items()}


type _Windows = list[tuple[int, tuple[int, ...]]]
"""When a window was complete, and the places it rests on."""


def _together(times: list[int], stages: list[int], many: int, span: int) -> _Windows:
    """One of each stage, in any order: the newest of each."""
    newest: list[int | None] = [None] * many
    found: _Windows = []
    for place, time in enumerate(times):
        for stage in range(many):
            if stages[place] >> stage & 1:
                newest[stage] = place
        near = tuple(one for one in newest if one is not None and times[one] > time - span)
        if len(near) == many:
            found.append((time, near))
    return found


def _ordered(times: list[int], stages: list[int], many: int, span: int) -> _Windows:
    """One of each stage, one call after the other. `chains` holds, for each stage, the way to it that began last."""
    chains: list[tuple[int, ...]] = [()] * many
    found: _Windows = []
    for place, time in enumerate(times):
        for stage in reversed(range(many)):  # from the end, so that a call is one stage of a chain only
            if stages[place] >> stage & 1 and (stage == 0 or chains[stage - 1]):
                chains[stage] = (*(chains[stage - 1] if stage else ()), place)
                if stage == many - 1 and times[chains[stage][0]] > time - span:
                    found.append((time, chains[stage]))
    return found
