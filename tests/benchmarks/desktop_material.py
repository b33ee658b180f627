# SPDX-License-Identifier: Apache-2.0
"""A store whose index holds very many calls: they are projected as a ledger's records would be, without the ledger.

Sealing a million records takes longer than what is to be measured; the index, which is all that lists, filters and
figures read, is the same.
"""

from collections.abc import Iterator
from itertools import batched
from pathlib import Path

from auditor.archive import Archive, projection
from auditor.store.format.records import Record
from tests.ui.material import Desk, many, signs_of_life

LEDGER = "synthetic-1"
BATCH = 20_000


def records(count: int) -> Iterator[Record]:
    """The completions of `material.many` as records, the oldest first."""
    for seq, draft in enumerate(many(count), 1):
        yield Record(LEDGER, seq, draft.meta, has_body=False)


def filled(folder: Path, count: int) -> Desk:
    """A store with so many calls in its index. The index lies where XDG_CACHE_HOME says."""
    desk = Desk(folder / "desk")
    desk.record(*signs_of_life(count))
    with Archive.open(desk.location, desk.identity) as archive:
        archive.refresh()
        for block in batched(records(count), BATCH):
            portion = projection.Portion(LEDGER, block)
            with archive.index.writing() as connection:
                projection.take(connection, portion)
        archive.index.analyze()
    return desk
