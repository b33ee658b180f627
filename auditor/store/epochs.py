# SPDX-License-Identifier: Apache-2.0
"""Epoch keys: one pair a calendar month (UTC), made ahead on the desktop. Destroying a private half ends an epoch."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from auditor.store import facts, suites
from auditor.store.identity import HeldEpoch, Identity, epoch_info

MONTHS_AHEAD: Final = 12
"""How many epochs `create_store` makes: the current month and those after it."""


def make(identity: Identity, store_id: str, first: datetime, months: int) -> list[HeldEpoch]:
    """New epoch keys from the month of `first` on, signed by the identity and sealed to it."""
    return [_one(identity, store_id, begin, end) for begin, end in _months(first, months)]


def _one(identity: Identity, store_id: str, begin: datetime, end: datetime) -> HeldEpoch:
    auditor = identity.auditor
    private, public = suites.generate(auditor.suite)
    key = facts.EpochKey(
        store=store_id,
        epoch=f"{begin:%Y-%m}",
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
