# SPDX-License-Identifier: Apache-2.0
"""Epoch keys: one pair a calendar month (UTC) and purpose, made ahead on the desktop.

Destroying a private half ends an epoch for that purpose.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from auditor.store.format import suites
from auditor.store.format.layout import Purpose
from auditor.store.keys import facts
from auditor.store.keys.identity import HeldEpoch, Identity, epoch_info

MONTHS_AHEAD: Final = 12
"""How many epochs `create_store` makes: the current month and those after it."""


def make(identity: Identity, store_id: str, first: datetime, months: int) -> list[HeldEpoch]:
    """New epoch keys from the month of `first` on, one a purpose, signed by the identity and sealed to it."""
    return [
        _one(identity, store_id, purpose, begin, end) for begin, end in _months(first, months) for purpose in Purpose
    ]


def make_again(identity: Identity, store_id: str, now: datetime, end: int) -> list[HeldEpoch]:
    """New epoch keys from this moment up to `end` (Unix seconds), month by month: what replaces those somebody took."""
    found, begin = [], now
    for _, until in _months(now, 1200):
        if begin.timestamp() >= end:
            break
        found += [_one(identity, store_id, purpose, begin, until) for purpose in Purpose]
        begin = until
    return found


def _one(identity: Identity, store_id: str, purpose: Purpose, begin: datetime, end: datetime) -> HeldEpoch:
    auditor = identity.auditor
    private, public = suites.generate(auditor.suite)
    key = facts.EpochKey(
        store=store_id,
        epoch=f"{begin:%Y-%m}",
        purpose=purpose,
        recipient=facts.key_id(public),
        suite=auditor.suite,
        public_key=public,
        not_before=int(begin.timestamp()),
        not_after=int(end.timestamp()),
    ).signed(identity.signing_key)
    return HeldEpoch(key=key, private=suites.wrap(auditor.suite, auditor.public_key, private, epoch_info(key)))


def _months(first: datetime, count: int) -> Iterator[tuple[datetime, datetime]]:
    begin = datetime(first.year, first.month, 1, tzinfo=UTC)
    for _ in range(count):
        end = begin.replace(year=begin.year + begin.month // 12, month=begin.month % 12 + 1)
        yield begin, end
        begin = end
