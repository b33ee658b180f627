# SPDX-License-Identifier: Apache-2.0
"""For all tests: one PostgreSQL server a run, started when the first test asks for it."""

from tests.postgres import postgres

__all__ = ["postgres"]
