# SPDX-License-Identifier: Apache-2.0
"""Fingerprints of what a call sent and received, made while its plaintext is at hand, so that lineage needs no content.

A conversation repeats its history at every turn: a text that its actor has shown before has its fingerprints in an
earlier record, and gives none again. What was seen is remembered by Python's own hash, which is keyed anew in every
process; the text met longest ago goes first, and is fingerprinted anew should it come back.
"""

import logging
from collections import OrderedDict
from typing import Final

from auditor.calls import Reading
from auditor.hashing import Hashes
from auditor.privacy import texts
from auditor.privacy.fingerprints import Fingerprinter
from auditor.store.records import Fingerprints

logger = logging.getLogger(__name__)

REMEMBERED: Final = 200_000
"""How many texts are remembered; about 20 MB."""

LONGEST: Final = 2_000_000
"""Characters that are fingerprinted of what a call sent, and of what it received; of a file of rows, its beginning."""

MOST: Final = 60_000
"""Fingerprints a call may have in each direction: 480 kB."""


class FingerprintMemory:
    """Makes the fingerprints of calls with what is remembered of earlier ones. Not for several threads at once."""

    def __init__(self, key: bytes, remembered: int = REMEMBERED) -> None:
        self._prints = Fingerprinter(key)
        self._limit = remembered
        self._seen: OrderedDict[int, None] = OrderedDict()

    def reading(self, number: int, reading: Reading, actor: str | None) -> Fingerprints | None:
        """The fingerprints of the texts of one call, `number` within its exchange, that its actor had not shown yet.

        None where they could not be made: then lineage has to read the content.
        """
        try:
            new = [one for one in texts(reading.content) if self._is_new(one.text, one.direction, actor or "")]
            if not new:  # a call that repeats what was said; the arrays alone would cost more than all the rest
                return Fingerprints(call=number, sent=b"", received=b"")
            sent = "\n".join(one.text for one in new if one.direction == "sent")[:LONGEST]
            received = "\n".join(one.text for one in new if one.direction == "received")[:LONGEST]
            if not sent and not received:
                return Fingerprints(call=number)
            marks = self._prints.kept_apart(sent, received)
            return Fingerprints(call=number, sent=packed(marks[0][:MOST]), received=packed(marks[1][:MOST]))
        except Exception as failure:  # a defect here must not cost the record
            logger.error("A call could not be fingerprinted: %s.", type(failure).__name__)
            return None

    def _is_new(self, text: str, direction: str, actor: str) -> bool:
        digest = hash((direction, actor, text))
        if digest in self._seen:
            self._seen.move_to_end(digest)
            return False
        self._seen[digest] = None
        if len(self._seen) > self._limit:
            self._seen.popitem(last=False)
        return True


def packed(hashes: Hashes) -> bytes:
    """Fingerprints as bytes, 8 each, the least significant first."""
    return hashes.astype("<u8").tobytes()
