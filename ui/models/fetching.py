# SPDX-License-Identifier: Apache-2.0
"""Brings the records of a gateway elsewhere, or of a copy, into the store's folder. Runs off the main thread."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from auditor.store import Location
from auditor.sync import pulling
from auditor.sync.opening import opened
from ui.models import formats


class Fetched(NamedTuple):
    """How many records came, and the same in one sentence."""

    records: int
    sentence: str


def fetch(place: Location, source: str, token: Path | None, progress: Callable[[int, int], None]) -> Fetched:
    """What came. Raises what opening, reading and proving the records raises; what came is kept."""
    with opened(source, token) as origin:
        found = pulling.pull(origin, place, progress)
    new = sum(one.leaves for one in found)
    waiting = [one.ledger for one in found if one.undelivered]
    held_up = f" Erasures for {', '.join(waiting)} wait to be delivered." if waiting else ""
    sentence = f"{formats.count(new, 'record')} fetched from {formats.count(len(found), 'ledger')}.{held_up}"
    return Fetched(new, sentence)
