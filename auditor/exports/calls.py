# SPDX-License-Identifier: Apache-2.0
"""Calls as files for other programs: their facts, or with what was said in them for a reason that is recorded first."""

from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any, Final, NamedTuple

import msgspec

from auditor.archive import Archive, Opened
from auditor.calls import Call, Content
from auditor.exports import har, ocsf, otel
from auditor.exports.call_json import call_json
from auditor.exports.formats import Format
from auditor.exports.tables import calls_csv
from auditor.privacy import masked
from auditor.store import Identity

_ACCESS: Final = 1000
"""Calls that one access record stands for, at most."""

_json = msgspec.json.Encoder().encode


class Reading(NamedTuple):
    """How calls are read: without content where no reason is given; data found is masked unless it is `unmasked`, which
    may take a `second` person (see `auditor.archive.reveal`)."""

    archive: Archive
    reason: str | None = None
    unmasked: bool = False
    second: Identity | None = None

    def opened(self, calls: Iterable[Call]) -> Iterator[tuple[Call, Opened | None]]:
        """The calls, with their content where a reason is given; each access is recorded before anything is opened."""
        if self.reason is None:
            yield from ((call, None) for call in calls)
            return
        for block in batched(calls, _ACCESS):
            ids = [call.id for call in block]
            opened = self.archive.content(ids, self.reason, action="export", unmasked=self.unmasked, second=self.second)
            yield from ((one.call, one) for one in opened)

    def said(self, opened: Opened | None) -> Content | None:
        """What was said in a call, as far as it may be shown."""
        if opened is None or self.unmasked:
            return opened.content if opened else None
        return masked(opened.content, opened.sealed.matches if opened.sealed else ())


def pieces(reading: Reading, calls: Iterable[Call], format_: Format) -> Iterator[bytes]:
    """The pieces of a file. What `Archive.content` raises ends it: then no later call was opened."""
    match format_:
        case Format.CSV:
            yield from calls_csv(calls)
        case Format.OCSF:
            yield from map(_line, map(ocsf.call_event, calls))
        case Format.HAR:
            opened = reading.opened(calls)
            yield from har.har((one, more.captured if more else None) for one, more in opened)
        case Format.JSONL:
            yield from (call_json(one, reading.said(more)) + b"\n" for one, more in reading.opened(calls))
        case Format.OTEL:
            yield from (_line(otel.call_record(one, reading.said(more))) for one, more in reading.opened(calls))


def _line(value: Any) -> bytes:
    return _json(value) + b"\n"
