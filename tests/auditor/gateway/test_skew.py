# SPDX-License-Identifier: Apache-2.0
"""A wrong clock is told once, by what the providers' answers state, and not for one provider's mistake."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from auditor.calls import Exchange, Request, Response
from auditor.gateway.skew import ANSWERS, Skew
from auditor.store.format.records import Gap

DAY = datetime(2026, 11, 24, 9, tzinfo=UTC)


def answered(second: float, off: timedelta, date: str | None = None) -> Exchange:
    """An exchange at a second of this clock, whose provider's clock is `off` from it."""
    at = DAY + timedelta(seconds=second)
    stated = date if date is not None else format_datetime(at + off, usegmt=True)
    return Exchange(
        id="e",
        time=at,
        request=Request(method="POST", url="https://api.openai.com/v1/chat/completions"),
        response=Response(status=200, headers=(("Content-Type", "x"), ("Date", stated))),
    )


def told(skew: Skew, *exchanges: Exchange) -> list[Gap]:
    return [gap for one in exchanges if (gap := skew.seen(one))]


def test_a_clock_an_hour_behind_is_told_once_and_again_when_it_is_right() -> None:
    skew, hour = Skew(), timedelta(hours=1)
    (gap,) = told(skew, *(answered(2 * n, hour) for n in range(3 * ANSWERS)))
    assert (gap.reason, gap.count) == ("clock_jump", 0)
    assert gap.until is not None
    assert gap.until - gap.time == hour
    assert "+3600 s" in gap.detail
    (right,) = told(skew, *(answered(3600 + 2 * n, timedelta()) for n in range(2 * ANSWERS)))
    assert right.until == right.time


def test_a_right_clock_a_slow_way_and_one_wrong_answer_are_nothing() -> None:
    assert told(Skew(), *(answered(2 * n, timedelta(seconds=-n)) for n in range(60))) == []
    mistakes = (answered(2 * n, timedelta(days=n % 3 == 0)) for n in range(60))
    assert told(Skew(), *mistakes) == []


def test_answers_without_a_date_and_many_at_once_tell_nothing() -> None:
    assert told(Skew(), *(answered(2 * n, timedelta(), "yesterday, I think") for n in range(60))) == []
    assert told(Skew(), *(answered(n / 1000, timedelta(hours=1)) for n in range(900))) == []
    no_answer = Exchange(id="e", time=DAY, request=Request(method="POST", url="https://api.openai.com/"))
    assert Skew().seen(no_answer) is None
