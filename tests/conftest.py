# SPDX-License-Identifier: Apache-2.0
"""For all tests: the same examples on every run, and one PostgreSQL server, started when the first test asks for it."""

from hypothesis import HealthCheck, settings

from tests.postgres import postgres

__all__ = ["postgres"]

# A run judges a change, so it must not find by chance what the change did not make: new examples are looked for with
# `pytest --hypothesis-profile=default`. How long an example takes is the machine's affair: no deadline.
settings.register_profile("repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("repeatable")
