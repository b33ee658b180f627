# SPDX-License-Identifier: Apache-2.0
"""For all tests: the same examples on every run, and one PostgreSQL server, started when the first test asks for it."""

import signal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.postgres import postgres

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadFileScheduling

__all__ = ["postgres"]

# A run judges a change, so it must not find by chance what the change did not make: new examples are looked for with
# `pytest --hypothesis-profile=default`. How long an example takes is the machine's affair: no deadline.
settings.register_profile("repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("repeatable")

# A shell's background job ignores the keyboard, and so would every program that a test starts and interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: "Producer") -> "LoadFileScheduling | None":
    """Several processes (`-n`) share the tests by file, see `tests.scheduling`."""
    from tests.scheduling import ByStage

    return ByStage(config, log) if config.getvalue("dist") == "loadfile" else None
