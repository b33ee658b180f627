# SPDX-License-Identifier: Apache-2.0
"""Brings the records of a gateway elsewhere, or of a copy, into the store's folder. Runs off the main thread."""

from collections.abc import Callable
from pathlib import Path

from auditor.store import Location
from auditor.sync import pulling
from auditor.sync.opening import opened
from ui.models import formats


def fetch(place: Location, source: str, token: Path | None, progress: Callable[[int, int], None]) -> str:
    """What came, in one sentence. Raises what opening, reading and proving the records raises; what came is kept."""
    with opened(source, token) as origin:
        found = pulling.pull(origin, place, progress)
    new = sum(one.leaves for one in found)
    waiting = [one.ledger for one in found if one.undelivered]
    held_up = f" Erasures for {', '.join(waiting)} wait to be delivered." if waiting else ""
    return f"{formats.count(new, 'record')} fetched from {formats.count(len(found), 'ledger')}.{held_up}"
