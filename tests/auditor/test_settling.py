# SPDX-License-Identifier: Apache-2.0
"""A settled process: what is there is looked at no more, and what comes is still collected."""

import gc
import subprocess
import sys

from auditor.settling import YOUNG, busy

_SETTLED = """
import gc, weakref
from auditor.settling import YOUNG, settle

class Knot:
    def __init__(self):
        self.me = self

settle(lambda exchange: None)
assert gc.isenabled() and gc.get_freeze_count() > 1000
gone = weakref.ref(Knot())
kept = [[] for _ in range(2 * YOUNG)]
print(gone() is None)
"""


def test_cycles_made_afterwards_are_still_collected() -> None:
    done = subprocess.run([sys.executable, "-c", _SETTLED], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_while_a_process_is_busy_the_collector_looks_rarely_and_then_as_before() -> None:
    before = gc.get_threshold()
    with busy():
        assert gc.isenabled()
        assert gc.get_threshold() == (YOUNG, *before[1:])
    assert gc.get_threshold() == before
