# SPDX-License-Identifier: Apache-2.0
"""Tries a rule on the newest calls of an archive, without reporting anything."""

from datetime import datetime

import msgspec
from sqlalchemy import and_

from auditor.archive import Archive, Sort
from auditor.archive.schema import calls
from auditor.archive.times import microseconds
from auditor.rules.analysis import providers_of
from auditor.rules.matching import Group, matched
from auditor.rules.model import Rule
from auditor.terms import Registry


class Trial(msgspec.Struct, frozen=True):
    """What a rule matched among so many calls, the newest, from `since` on."""

    groups: tuple[Group, ...]
    looked_at: int
    since: datetime | None

    @property
    def calls(self) -> int:
        """How many calls matched."""
        return sum(group.count for group in self.groups)


def trial(archive: Archive, registry: Registry, rule: Rule, last: int) -> Trial:
    """Evaluate a rule over the last so many calls, the groups with the most calls first."""
    listing = archive.listing(sort=Sort("time", True))
    looked_at = min(last, listing.count)
    if not looked_at:
        return Trial((), 0, None)
    [oldest] = listing.page(looked_at - 1, 1)
    recent = calls.c.time >= microseconds(oldest.time)
    tried = msgspec.structs.replace(rule, condition=and_(rule.condition, recent))
    with archive.index.reading() as connection:
        groups = list(matched(connection, tried, providers_of(registry, rule), None))
    groups.sort(key=lambda group: (-group.count, group.first))
    return Trial(tuple(groups), looked_at, oldest.time)
