# SPDX-License-Identifier: Apache-2.0
"""A histogram counts every call once, from the roll-ups as from the calls."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from auditor.archive import OUTCOMES, Archive, Filter
from auditor.calls import Outcome
from tests.auditor.archive.conftest import T0, Store, call, completion

DAYS = 20


@pytest.fixture(scope="module")
def archive(shared_store: Store) -> Iterator[Archive]:
    """One call every three hours, every tenth an error."""
    spread = (
        call(n, time=T0 + n * timedelta(hours=3, seconds=7), outcome=Outcome.COMPLETE if n % 10 else Outcome.ERROR)
        for n in range(DAYS * 8)
    )
    shared_store.write(*(completion(one) for one in spread))
    with shared_store.archive() as opened:
        opened.refresh()
        yield opened


def test_everything_is_counted_from_the_sums_and_from_the_calls_alike(archive: Archive) -> None:
    summed, counted = archive.histogram(buckets=50), archive.histogram(Filter.parse("provider:openai"), buckets=50)
    assert summed == counted
    assert summed.total == DAYS * 8
    assert sum(bar[OUTCOMES.index("error")] for bar in summed.bars) == DAYS * 8 // 10
    assert 2 <= len(summed.bars) <= 50


@pytest.mark.parametrize("buckets", [1, 2, 7, 60, 1000])
@pytest.mark.parametrize("length", [timedelta(seconds=5), timedelta(hours=5), timedelta(days=9), timedelta(days=4000)])
def test_bars_are_round_and_few(archive: Archive, buckets: int, length: timedelta) -> None:
    drawn = archive.histogram(since=T0, until=T0 + length, buckets=buckets)
    assert len(drawn.bars) <= max(buckets, 2)
    assert drawn.start <= T0
    assert drawn.start + len(drawn.bars) * drawn.width >= T0 + length
    assert drawn.start.timestamp() % drawn.width.total_seconds() == 0


def test_a_bar_holds_what_its_time_says(archive: Archive) -> None:
    drawn = archive.histogram(Filter.parse("outcome:error"), buckets=30)
    for place, bar in enumerate(drawn.bars):
        since: datetime = drawn.start + place * drawn.width
        held = archive.count(Filter.parse("outcome:error") & Filter.between(since, since + drawn.width))
        assert sum(bar) == bar[OUTCOMES.index("error")] == held


def test_nothing_to_draw(archive: Archive) -> None:
    assert archive.histogram(Filter.parse("provider:nobody")).bars == ()
    assert archive.histogram(since=T0, until=T0).bars == ()
