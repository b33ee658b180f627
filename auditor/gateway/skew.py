# SPDX-License-Identifier: Apache-2.0
"""A clock that is wrong from the start never jumps: the providers' answers tell.

Every answer says in its `Date` header when it was made (RFC 9110, section 6.6.1), to the second. Where the answers of
some seconds agree that this machine's clock is off, a `Gap` of reason `clock_jump` says so: its `time` is this clock's,
its `until` the providers', so that a reader can correct every time in the ledger.
"""

import statistics
from collections import deque
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from auditor.calls import Exchange
from auditor.store.format.records import Gap

WRONG: Final = timedelta(minutes=2)
"""Off by less is nobody's concern: an answer may have waited in a cache, or been long on its way."""
ANSWERS: Final = 9
"""Answers whose median counts: one provider's mistake, or a cached answer, is none of ours."""
APART: Final = timedelta(seconds=1)
"""Between two answers that are looked at, so that looking costs nothing under load."""


class Skew:
    """Looks at exchanges that are over; remembers what it told last."""

    def __init__(self) -> None:
        self._last: datetime | None = None
        self._off: deque[float] = deque(maxlen=ANSWERS)
        self._told = timedelta()

    def seen(self, exchange: Exchange) -> Gap | None:
        """What is to be recorded of the clock after this exchange, if anything is new."""
        at = exchange.time + timedelta(milliseconds=exchange.first_byte_ms or 0)
        if self._last is not None and abs(at - self._last) < APART:
            return None
        stated = _date(exchange)
        if stated is None:
            return None
        self._last = at
        self._off.append((stated - at).total_seconds())
        off = timedelta(seconds=statistics.median(self._off)) if len(self._off) == ANSWERS else self._told
        if abs(off - self._told) < WRONG:
            return None
        self._told = off
        return Gap(
            time=at,
            reason="clock_jump",
            count=0,
            until=at + off,
            detail=f"this clock is wrong: the providers' are {off.total_seconds():+.0f} s from it",
        )


def _date(exchange: Exchange) -> datetime | None:
    """When the provider made the answer, by its own clock."""
    for name, value in exchange.response.headers if exchange.response else ():
        if name.lower() == "date":
            try:
                stated = parsedate_to_datetime(value)
            except ValueError:
                return None
            return stated if stated.tzinfo else stated.replace(tzinfo=UTC)
    return None
