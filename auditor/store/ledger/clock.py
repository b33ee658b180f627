# SPDX-License-Identifier: Apache-2.0
"""Watches the wall clock against one that cannot be set: a jump is recorded where it happened.

Times in the ledger are the gateway's. Whoever sets its clock could make calls seem to be of another day; the order of
records cannot be changed, and a `Gap` of reason `clock_jump` stands where the clock stopped being the one before.
"""

import time
from datetime import UTC, datetime
from typing import Final

from auditor.store.format.records import Gap

TOLERANCE_S: Final = 2.0
"""What steering a clock may do at once; a leap second is less."""


class Clock:
    """Compares the two clocks each time it is asked."""

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def jump(self) -> Gap | None:
        """The record of a jump since the last time, if there was one. A machine that slept jumps forward, too."""
        now = time.time()
        by = now - time.monotonic() - self._offset
        if abs(by) < TOLERANCE_S:
            return None
        self._offset += by
        at = datetime.fromtimestamp(now, UTC)
        return Gap(time=at, reason="clock_jump", count=0, until=at, detail=f"{by:+.0f} s")
