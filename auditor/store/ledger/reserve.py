# SPDX-License-Identifier: Apache-2.0
"""Space kept back for a full disk: a file beside the ledger that is given up so that what had begun can be recorded.

Invariants: while the reserve is gone, no new call is let through (its intent is refused), but completions, gaps and
signs of life are written into the space it left; it is laid down again as soon as there is room. SQLite needs the same
room for its own checkpoint, without which a full log could not even be folded into the file.
"""

import contextlib
import logging
import os
import time
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

SIZE: Final = 4 << 20
PATIENCE_S: Final = 1.0
"""How often it is tried to lay it down again."""


class Reserve:
    """The reserve of one ledger; `size` 0 keeps none."""

    def __init__(self, ledger_file: Path, size: int) -> None:
        self._path = ledger_file.with_suffix(".reserve")
        self._size = size
        self._tried = 0.0
        self._here = not size
        self._restore()

    @property
    def is_gone(self) -> bool:
        """Whether it is given up, and there is no room for it yet."""
        if not self._here and time.monotonic() - self._tried >= PATIENCE_S:
            self._restore()
        return not self._here

    def give_up(self) -> bool:
        """Free the space; whether there was any to free."""
        if not self._size or not self._here:
            return False
        self._here = False
        with contextlib.suppress(OSError):
            self._path.unlink()
            log.error("the disk is full: the reserve of %s is used for what had begun; new calls wait", self._path.stem)
            self._tried = time.monotonic()
            return True
        return False

    def _restore(self) -> None:
        """Lay it down, whole or not at all."""
        self._tried = time.monotonic()
        if self._here or self._path.exists():
            self._here = True
            return
        beside = self._path.with_suffix(".reserve-new")
        try:
            with open(beside, "wb") as file:
                _allocate(file.fileno(), self._size)
            os.replace(beside, self._path)
            self._here = True
        except OSError:
            with contextlib.suppress(OSError):
                beside.unlink()


def _allocate(handle: int, size: int) -> None:
    """Take the space really: a file with a hole in it would keep nothing."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(handle, 0, size)
        return
    os.write(handle, bytes(size))
    os.fsync(handle)
