# SPDX-License-Identifier: Apache-2.0
"""Fingerprints of what a call sent and received, made while its plaintext is at hand, so that lineage needs no content.

A conversation repeats its history at every turn: a text that its actor has shown before has its fingerprints in an
earlier record, and gives none again. Neither does an answer that its actor sends back: what was received first belongs
to the call it came from. What was seen is remembered by Python's own hash, which is keyed anew in every process; texts
not met for long go first, and are fingerprinted anew should they come back.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import numpy as np

from auditor.batching import by_weight
from auditor.hashing import Hashes
from auditor.privacy import PlacedText
from auditor.privacy.fingerprints import FORM, Fingerprinter
from auditor.store.format.records import Fingerprints

logger = logging.getLogger(__name__)

REMEMBERED: Final = 200_000
"""How many texts are remembered at most, sent and received together; about 25 MB."""

LONGEST: Final = 2_000_000
"""Characters that are fingerprinted of what a call sent, and of what it received; of a file of rows, its beginning."""

MOST: Final = 60_000
"""Fingerprints a call may have in each direction: 480 kB."""


BLOCK: Final = 1 << 17
"""Characters that are fingerprinted at a time, so that the arrays of a pass stay in the processor's cache."""


class Unseen(NamedTuple):
    """What a call sent and received that its actor had not shown before; `call` is its number within its exchange."""

    call: int
    sent: str
    received: str


class _Met:
    """When texts were met first, by their digests; half of what is remembered at most is forgotten at a time."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._late: dict[int, datetime] = {}
        self._early: dict[int, datetime] = {}

    def since(self, digest: int) -> datetime | None:
        """When a text was met first; None where it was not, or is forgotten."""
        return self._late.get(digest) or self._early.get(digest)

    def meet(self, digest: int, time: datetime) -> bool:
        """Remember a text; whether it is new."""
        if digest in self._late:
            return False
        if len(self._late) >= self._limit / 2:
            self._late, self._early = {}, self._late
        before = self._early.get(digest)
        self._late[digest] = before or time
        return before is None


class FingerprintMemory:
    """Makes the fingerprints of calls with what is remembered of earlier ones. Not for several threads at once."""

    def __init__(self, key: bytes, remembered: int = REMEMBERED) -> None:
        self._prints = Fingerprinter(key)
        self._sent, self._received = _Met(remembered // 2), _Met(remembered // 2)

    def unseen(self, number: int, said: Iterable[PlacedText], actor: str | None, time: datetime) -> Unseen:
        """Of the texts of one call, `number` within its exchange, those that its actor had not shown yet by its `time`:
        neither sent before, nor sent now and received before."""
        sent: list[str] = []
        received: list[str] = []
        for one in said:
            digest = hash((actor, one.text))
            if one.direction == "received":
                if self._received.meet(digest, time):
                    received.append(one.text)
            elif not self._came_back(digest, time) and self._sent.meet(digest, time):
                sent.append(one.text)
        return Unseen(number, "\n".join(sent)[:LONGEST], "\n".join(received)[:LONGEST])

    def _came_back(self, digest: int, time: datetime) -> bool:
        """Whether a text that is sent was received before, by the time of the calls: they may be told in any order."""
        since = self._received.since(digest)
        return since is not None and since < time

    def fingerprints(self, calls: Sequence[Unseen]) -> list[Fingerprints | None]:
        """The fingerprints of each of some calls; the more at once, the less time for each.

        None where they could not be made: then lineage has to read the content.
        """
        marks = iter(self._packed([text for call in calls for text in (call.sent, call.received) if text]))
        return [_fingerprints(call, marks) for call in calls]

    def _packed(self, texts: Sequence[str]) -> Iterator[bytes | None]:
        """The fingerprints of texts, in blocks of like size: a small one takes hardly less time than a full one."""
        total = sum(map(len, texts))
        for block in by_weight(texts, len, total // max(1, round(total / BLOCK))):
            try:
                yield from map(packed, self._prints.kept_of_each(block))
            except Exception as failure:  # a defect here must not cost the record
                logger.error("%d texts could not be fingerprinted: %s.", len(block), type(failure).__name__)
                yield from [None] * len(block)


def _fingerprints(call: Unseen, marks: Iterator[bytes | None]) -> Fingerprints | None:
    sent, received = (next(marks) if text else b"" for text in (call.sent, call.received))
    return (
        None
        if sent is None or received is None
        else Fingerprints(form=FORM, call=call.call, sent=sent, received=received)
    )


def packed(hashes: Hashes) -> bytes:
    """Fingerprints as bytes, 8 each, the least significant first; the least `MOST` where there are more."""
    most = hashes if len(hashes) <= MOST else np.sort(hashes)[:MOST]
    return most.astype("<u8", copy=False).tobytes()
