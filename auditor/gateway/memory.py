# SPDX-License-Identifier: Apache-2.0
"""Memory that is free goes back to the system, so that a burst of large bodies does not stay resident for good.

An error that a library keeps in a variable is a cycle with the frames it passed, and holds all they held, a body of 50
MB among it, until the garbage collector looks. It does not look at numbers of bytes, so it is asked to as well.

glibc keeps what lies below the last used piece of a heap, opens a heap for each thread, and after the first large body
takes large ones from the heap as well: a proxy that held 20 MB kept 43. Other C libraries do none of this.
Source: https://man7.org/linux/man-pages/man3/mallopt.3.html and malloc_trim.3.html
"""

import asyncio
import ctypes
import gc
import sys
from typing import Final

EVERY: Final = 30.0
"""Seconds; freeing and handing back takes a few milliseconds."""
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_LARGE: Final = 1 << 20
"""Bytes from which a piece is a mapping of its own and goes back when it is freed. At glibc's first value, an eighth,
the arrays of every pass of fingerprints were mapped anew, 1,200 pages a group of calls, which took longer than the
pass."""
_FREE: Final = 8 << 20
"""Bytes that may be free at the end of a heap before they go back at once and not with what is handed back regularly:
what a pass over a group of calls takes, again and again."""
_OF_LATE: Final = 1
"""The generations that are looked at: what has been there for long takes longer, and seldom holds a body."""


def settle() -> None:
    """Hold the C library to two heaps and to mappings for what is large, for the life of this process."""
    if library := _glibc():
        for setting, value in ((_ARENA_MAX, 2), (_MMAP_THRESHOLD, _LARGE), (_TRIM_THRESHOLD, _FREE)):
            library.mallopt(setting, value)


def give_back() -> None:
    """Free what only cycles of late hold, and hand back what is free now."""
    gc.collect(_OF_LATE)
    if library := _glibc():
        library.malloc_trim(0)


async def keep_giving_back() -> None:
    """Hand back what is free now and then, until cancelled."""
    while True:
        await asyncio.sleep(EVERY)
        give_back()


def _glibc() -> ctypes.CDLL | None:
    """The C library of this process, where it is glibc."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") else None
