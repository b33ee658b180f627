# SPDX-License-Identifier: Apache-2.0
"""A window slid in one pass holds what looking at every call anew would give."""

from itertools import combinations
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from auditor.archive.fields import NAMES
from auditor.rules.matching import week_of
from auditor.rules.model import Correlation, Detection
from auditor.rules.windows import weeks


class Event(NamedTuple):
    n: int
    time: int
    value: str | None = None
    stages: int = 0


MINUTE = 60_000_000


def event(n: int, time: int, value: str | None = None) -> Event:
    return Event(n, time, value)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from("abc")), max_size=30),
    st.integers(1, 5),
    st.integers(1, 20),
    st.booleans(),
)
def test_a_window_holds_what_looking_at_every_call_gives(
    given: list[tuple[int, str]], least: int, minutes: int, counts_values: bool
) -> None:
    field = NAMES["credential"] if counts_values else None
    correlation = Correlation(group_by=(NAMES["actor"],), counted=field, least=least, seconds=minutes * 60)
    events = [event(n, minute * MINUTE, value) for n, (minute, value) in enumerate(sorted(given))]
    expected: set[int] = set()
    for at, last in enumerate(events):
        window = [one for one in events[: at + 1] if one.time > last.time - minutes * MINUTE]
        size = len({one.value for one in window}) if counts_values else len(window)
        if size >= least:
            expected |= {one.n for one in window}
    hits = weeks(events, correlation, minutes * MINUTE, week_of)
    assert {n for week in hits.values() for n in week} == expected
    assert all(list(week) == sorted(week) for week in hits.values())


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 7)), max_size=10), st.integers(1, 20), st.booleans())
def test_stages_are_found_where_looking_at_every_call_finds_them(
    given: list[tuple[int, int]], minutes: int, ordered: bool
) -> None:
    stages = (Detection(()),) * 3
    correlation = Correlation(group_by=(), counted=None, least=3, seconds=minutes * 60, stages=stages, ordered=ordered)
    events = [Event(n, minute * MINUTE, None, bits) for n, (minute, bits) in enumerate(sorted(given))]
    expected = False
    for at, last in enumerate(events):
        window = [one for one in events[: at + 1] if one.time > last.time - minutes * MINUTE]
        if ordered:
            expected |= any(all(one.stages >> k & 1 for k, one in enumerate(some)) for some in combinations(window, 3))
        else:
            expected |= all(any(one.stages >> k & 1 for one in window) for k in range(3))
    hits = weeks(events, correlation, minutes * MINUTE, week_of)
    assert bool(hits) == expected
    for week in hits.values():
        assert all(any(one.stages >> k & 1 for one in week.values()) for k in range(3))
