# SPDX-License-Identifier: Apache-2.0
"""Tries a rule on the newest calls of an archive, without reporting anything."""

from datetime import datetime
from typing import Final

import msgspec

from auditor.archive import Archive, Filter, Sort
from auditor.archive.times import microseconds, moment
from auditor.policy import UNSAID, Policy
from auditor.rules.analysis import question
from auditor.rules.groups import Group
from auditor.rules.matching import matched, week_of, week_start
from auditor.rules.model import Rule
from auditor.terms import Registry

_NEWEST: Final = Sort("time", True)


class Trial(msgspec.Struct, frozen=True):
    """What a rule matched among so many calls, from `since` on."""

    groups: tuple[Group, ...]
    looked_at: int
    since: datetime | None

    @property
    def calls(self) -> int:
        """How many calls matched."""
        return sum(group.count for group in self.groups)


def trial(archive: Archive, registry: Registry, rule: Rule, last: int, policy: Policy = UNSAID) -> Trial:
    """Evaluate a rule over at least the last so many calls, the groups with the most calls first.

    Rules look at whole weeks, so all calls of the week of the oldest one are looked at, too.
    """
    listing = archive.listing(sort=_NEWEST)
    if not listing.count:
        return Trial((), 0, None)
    [oldest] = listing.page(min(last, listing.count) - 1, 1)
    start = week_start(week_of(microseconds(oldest.time)))
    with archive.index.reading() as connection:
        groups = list(matched(connection, rule, question(registry, rule, policy, start)))
    groups.sort(key=lambda group: (-group.count, group.first))
    since = moment(start)
    return Trial(tuple(groups), archive.count(Filter.between(since, None)), since)
