# SPDX-License-Identifier: Apache-2.0
"""A row of the routing table, and how rows are written."""

import re
from typing import NamedTuple

from auditor.dialects.facts import Dialect


class Route(NamedTuple):
    """From method, path and family of provider to dialect and operation. No methods or families: any."""

    methods: frozenset[str]
    path: re.Pattern[str]
    dialect: Dialect
    operation: str
    families: tuple[str, ...] = ()


def row(methods: str, path: str, dialect: Dialect, operation: str, *families: str) -> Route:
    """A row: methods separated by blanks (`SOCKET` is a WebSocket), a path searched for, and where it leads."""
    return Route(frozenset(methods.split()), re.compile(path), dialect, operation, families)
