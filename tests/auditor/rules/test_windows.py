# SPDX-License-Identifier: Apache-2.0
"""A window slid in one pass holds what looking at every call anew would give."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from auditor.archive.fields import NAMES
from auditor.rules.matching import week_of
from auditor.rules.model import Correlation, Detection
from auditor.rules.windows import weeks

MINUTE = 60_000_000


def found(given: list[tuple[int, int]], correlation: Correlation) -> dict[int, list[int]]:
    times, values = (np.array([one[part] for one in given], np.int64) for part in (0, 1))
    return {week: places.tolist() for week, places in weeks(times * MINUTE, values, correlation, week_of).items()}


@given(
    st.lists(st.tuples(st.one_of(st.integers(0, 60), st.integers(0, 30_000)), st.integers(0, 2)), max_size=30),
    st.integers(1, 5),
    st.one_of(st.integers(1, 20), st.integers(5_000, 25_000)),
    st.booleans(),
)
def test_a_window_holds_what_looking_at_every_call_gives(
    given: list[tuple[int, int]], least: int, minutes: int, counts_values: bool
) -> None:
    field = NAMES["credential"] if counts_values else None
    correlation = Correlation(group_by=(NAMES["actor"],), counted=field, least=least, seconds=minutes * 60)
    events = sorted(given)
    expected: dict[int, set[int]] = {}
    for at, (last, _) in enumerate(events):
        window = [n for n, (time, _) in enumerate(events[: at + 1]) if time > last - minutes]
        size = len({events[n][1] for n in window}) if counts_values else len(window)
        if size >= least:
            expected.setdefault(week_of(last * MINUTE), set()).update(window)
    assert found(events, correlation) == {week: sorted(calls) for week, calls in expected.items()}


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 7)), max_size=10), st.integers(1, 20), st.booleans())
def test_stages_are_found_where_looking_at_every_call_finds_them(
    given: list[tuple[int, int]], minutes: int, ordered: bool
) -> None:
    stages = (Detection(()),) * 3
    correlation = Correlation(group_by=(), counted=None, least=3, seconds=minutes * 60, stages=stages, ordered=ordered)
    events = sorted(given)
    expected = False
    for at, (last, _) in enumerate(events):
        window = [bits for time, bits in events[: at + 1] if time > last - minutes]
        if ordered:
            expected |= any(all(bits >> k & 1 for k, bits in enumerate(some)) for some in combinations(window, 3))
        else:
            expected |= all(any(bits >> k & 1 for bits in window) for k in range(3))
    hits = found(events, correlation)
    assert bool(hits) == expected
    for week in hits.values():
        assert all(any(events[n][1] >> k & 1 for n in week) for k in range(3))
