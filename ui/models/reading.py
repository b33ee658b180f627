# SPDX-License-Identifier: Apache-2.0
"""What the views ask of the archive, in the shapes they show. Runs off the main thread; no widgets here."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from auditor.archive import Archive, Filter, Listing
from auditor.calls import Outcome
from auditor.store.format.records import Access
from ui.models import formats
from ui.models.columns import Row, row_of
from ui.models.outcomes import OUTCOMES
from ui.models.timeline import STACK, Timeline

BARS = 120


class Suggested(NamedTuple):
    """Replace the text from `start` to `end` by `insert`; `note` is for people."""

    start: int
    end: int
    insert: str
    note: str


class AccessLine(NamedTuple):
    """One reading of content, for people."""

    time: str
    auditor: str
    what: str
    reason: str
    calls: str


def rows(listing: Listing, offset: int, limit: int) -> Sequence[Row]:
    """Rows of a listing with their texts."""
    return [row_of(call) for call in listing.page(offset, limit)]


def timeline(archive: Archive, filter_: Filter, since: datetime | None, until: datetime | None) -> Timeline | None:
    """Calls over time by how they ended; None where there are none."""
    found = archive.histogram(filter_, since, until, BARS)
    if not found.bars:
        return None
    layers = {name: [0] * len(found.bars) for name in STACK}
    for place, outcome in enumerate(found.outcomes):
        layer = layers[OUTCOMES[Outcome(outcome)].bar]
        for number, bar in enumerate(found.bars):
            layer[number] += bar[place]
    return Timeline(found.start, found.width, layers)


def placed(archive: Archive, call_id: str) -> tuple[str, int, str]:
    """Where a call's record lies: ledger, number and leaf hash."""
    place = archive.place(call_id)
    return place.ledger, place.seq, archive.leaf(place)


def suggestions(archive: Archive, text: str, cursor: int) -> list[Suggested]:
    """What could stand at the cursor of a filter."""
    return [
        Suggested(one.start, one.end, one.text, one.help if one.calls is None else formats.count(one.calls, "call"))
        for one in archive.suggest(text, cursor)
    ]


def access_lines(archive: Archive, most: int) -> list[AccessLine]:
    """Who read what and why, newest first, with what was recorded a moment ago."""
    archive.refresh()
    metas = [record.meta for record in archive.access_log()[:most]]
    return [_access_line(meta) for meta in metas if isinstance(meta, Access)]


def _access_line(access: Access) -> AccessLine:
    calls = formats.count(len(access.calls), "call") if len(access.calls) != 1 else access.calls[0]
    return AccessLine(
        time=formats.timestamp(access.time),
        auditor=formats.one_line(f"{access.auditor}, with {access.second}" if access.second else access.auditor, 120),
        what=f"{access.action} {access.scope or ''}".strip(),
        reason=formats.one_line(access.reason, 300),
        calls=formats.one_line(calls, 80),
    )
