# SPDX-License-Identifier: Apache-2.0
"""Fewer rounds of the garbage collector, for processes whose objects either stay for good or go by themselves.

Reading an exchange makes thousands of objects that hold no cycles: counting their references frees them. By default
the collector looks at them again every 2,000 objects, and at all tables and modules now and then: two to four
hundredths of the time in which exchanges are read, and pauses that grow with what is set up.
"""

import gc
from typing import Final

YOUNG: Final = 50_000
"""Objects made and still there before the collector looks at them; what a batch of exchanges holds, about 10 MB."""


def settle() -> None:
    """Call once all is set up: what is there now is never looked at again, and what comes is looked at rarely."""
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
