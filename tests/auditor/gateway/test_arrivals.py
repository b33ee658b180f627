# SPDX-License-Identifier: Apache-2.0
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.gateway.arrivals import FINEST_MS, MOST, Arrivals

PIECES = st.lists(st.tuples(st.floats(0, 5_000), st.integers(1, 70_000)), max_size=900)


@pytest.mark.parametrize(
    ("pieces", "told"),
    [
        ([], ()),
        ([(120.4, 9)], ()),
        ([(120.4, 9), (125.0, 1)], ()),
        ([(120.4, 9), (125.0, 1), (300.9, 40), (1000, 2)], (120, 10, 180, 40, 700, 2)),
    ],
)
def test_pieces_are_told_by_what_passed_between_them(pieces: list[tuple[float, int]], told: tuple[int, ...]) -> None:
    arrivals = Arrivals()
    for at, size in pieces:
        arrivals.note(at, size)
    assert arrivals.told() == told


@given(PIECES)
def test_no_byte_is_lost_and_the_room_is_bounded(gaps: list[tuple[float, int]]) -> None:
    arrivals, now = Arrivals(), 0.0
    times = []
    for gap, size in gaps:
        now += gap
        times.append(int(now))
        arrivals.note(now, size)
    told = arrivals.told()
    assert len(told) <= 2 * MOST
    if told:
        assert sum(told[1::2]) == sum(size for _, size in gaps)
        starts = list(itertools.accumulate(told[::2]))
        assert starts[0] == times[0]
        assert set(starts) <= set(times), "a joined piece keeps the time of its first"
        assert all(later - earlier >= FINEST_MS for earlier, later in itertools.pairwise(starts))
