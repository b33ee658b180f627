# SPDX-License-Identifier: Apache-2.0
"""What was freed below something that stays is not resident any more."""

import gc
import subprocess
import sys
import weakref

import pytest

from auditor.gateway import memory

_HELD = """
import ctypes, os, sys
from auditor.gateway import memory
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
if sys.argv[1] == "settled":
    memory.settle()
before = resident()
pieces = [bytes(60_000) for _ in range(1000)]
stays = pieces[-1]
del pieces
freed = resident() - before
memory.give_back()
print(freed, resident() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc keeps what is free: nothing was tested")
@pytest.mark.parametrize("way", ["as it is", "settled"])
def test_what_is_free_goes_back(way: str) -> None:
    line = [sys.executable, "-c", _HELD, way]
    freed, given_back = map(int, subprocess.run(line, capture_output=True, text=True, check=True).stdout.split())
    assert freed > 40_000_000, "the C library keeps it"
    assert given_back < 10_000_000


def test_what_only_a_cycle_holds_is_freed() -> None:
    class Body:
        itself: object

    body = Body()
    body.itself, held = body, weakref.ref(body)
    gc.disable()
    try:
        del body
        assert held() is not None
        memory.give_back()
        assert held() is None
    finally:
        gc.enable()
