# SPDX-License-Identifier: Apache-2.0
"""A row of the routing table, and how rows are written."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from auditor.dialects.facts import Dialect


class Route(NamedTuple):
    """From method, path and family of provider to dialect and operation. No methods or families: any.

    `when` tells by the request's fields whether the row is meant, where several formats share a path.
    """

    methods: frozenset[str]
    path: re.Pattern[str]
    dialect: Dialect
    operation: str
    families: tuple[str, ...] = ()
    when: Callable[[Any], bool] | None = None


def row(
    methods: str,
    path: str,
    dialect: Dialect,
    operation: str,
    *families: str,
    when: Callable[[Any], bool] | None = None,
) -> Route:
    """A row: methods separated by blanks (`SOCKET` is a WebSocket), a path searched for, and where it leads."""
    return Route(frozenset(methods.split()), re.compile(path), dialect, operation, families, when)


def has(*names: str) -> Callable[[Any], bool]:
    """Whether a request has all of these fields."""
    return lambda body: isinstance(body, dict) and all(name in body for name in names)
