# SPDX-License-Identifier: Apache-2.0
"""The whole store searched again with the detectors of today: what was recorded without data that they now find.

Records are not changed: what was counted at capture stays in the ledger. What is found beyond it is reported as
findings, one for each data type and actor; doing it again reports nothing twice. Every block of calls leaves an access
record with the reason before it is opened. A text met before is not searched again.
"""

import hashlib
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from auditor.archive import Archive, Tally
from auditor.archive.content import Opened
from auditor.archive.filters import Filter
from auditor.calls import Call, Match
from auditor.detectors import Scanner
from auditor.findings import Evidence, Finding, Grade, Kind, Level, RuleName
from auditor.privacy import texts

ACTION: Final = "rescan"
BLOCK: Final = 500
"""Calls opened under one access record."""
_CALLS, _SHOWN, _REMEMBERED = 100, 20, 200_000
_RULE: Final = "6f5d5d3a-6a0e-4b8a-9d35-0d6d3b1f9c52"
_GRAVE: Final = frozenset({"SECRET", "PASSWORD", "PRIVATE_KEY", "PAYMENT_CARD", "NATIONAL_ID", "HEALTH"})

type Progress = Callable[[int, int], None]
"""Told how many calls are done, of how many; what it raises ends the search, and nothing is reported."""

type _Kind = tuple[str, str]
"""A data type, and the direction it went."""


class _News(NamedTuple):
    call: Call
    type: str
    direction: str
    more: int
    masked: str


def rescan(
    archive: Archive, scanner: Scanner, reason: str, since: datetime | None = None, progress: Progress | None = None
) -> Tally:
    """Search the contents of all calls (from `since` on) and report what was not counted when they were recorded.

    Raises `InputError` without a reason, and what opening content and the ledger's writer raise.
    """
    asked = Filter() if since is None else Filter.parse(f"time>={since.isoformat()}")
    ids = [call.id for call in archive.calls(asked)]
    search, news, done = _Search(scanner), list[_News](), 0
    for start in range(0, len(ids), BLOCK):
        for opened in archive.content(ids[start : start + BLOCK], reason, action=ACTION):
            news += search.news(opened)
            done += 1
            if progress:
                progress(done, len(ids))
    return archive.report(_findings(news))


class _Search:
    """Searches the texts of calls, each text once."""

    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        self._key = os.urandom(32)
        self._found: dict[bytes, tuple[Match, ...]] = {}

    def news(self, opened: Opened) -> Iterator[_News]:
        """What is in a call beyond what was counted when it was recorded."""
        counts, masks = Counter[_Kind](), dict[_Kind, str]()
        for text in texts(opened.content):
            for match in self._matches(text.text):
                counts[match.type, text.direction] += 1
                masks.setdefault((match.type, text.direction), match.masked)
        known: dict[_Kind, int] = {(one.type, one.direction): one.count for one in opened.call.data}
        for kind, count in counts.items():
            if count > known.get(kind, 0):
                yield _News(opened.call, *kind, count - known.get(kind, 0), masks[kind])

    def _matches(self, text: str) -> tuple[Match, ...]:
        raw = text.encode("utf-8", "surrogatepass")
        digest = hashlib.blake2b(raw, key=self._key, digest_size=16).digest()
        if digest not in self._found:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            self._found[digest] = self._scanner.scan(text)
        return self._found[digest]


def _findings(news: Sequence[_News]) -> Iterator[Finding]:
    groups: dict[tuple[str, str | None], list[_News]] = defaultdict(list)
    for one in news:
        groups[one.type, one.call.actor].append(one)
    for (type_, actor), group in groups.items():
        yield _finding(type_, actor, sorted(group, key=lambda one: (one.call.time, one.call.id)))


def _finding(type_: str, actor: str | None, group: Sequence[_News]) -> Finding:
    grave, count = type_ in _GRAVE, sum(one.more for one in group)
    calls = tuple(dict.fromkeys(one.call.id for one in group))
    return Finding(
        id=hashlib.blake2b(f"{_RULE}\0{type_}\0{actor}".encode(), digest_size=16).hexdigest(),
        rule=RuleName(id=_RULE, title=f"{type_} found by a later search", level=Level.MEDIUM if grave else Level.LOW),
        kind=Kind.DATA,
        actor=actor,
        first_seen=group[0].call.time,
        last_seen=group[-1].call.time,
        count=len(calls),
        calls=calls[:_CALLS],
        score=0.7 if grave else 0.4,
        grade=Grade.PROBABLE if grave else Grade.WATCH,
        explanation=(
            f"A later search with newer detectors found {type_} {count} times in {len(calls)} calls that were recorded "
            "without it. This is an indication for review, not a verdict."
        ),
        evidence=tuple(
            Evidence(call=one.call.id, kind="data", text=f"{type_} {one.direction}, {one.more} more: {one.masked}")
            for one in group[:_SHOWN]
        ),
    )
