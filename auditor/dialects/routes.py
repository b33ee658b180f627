# SPDX-License-Identifier: Apache-2.0
"""Which dialect reads an exchange: a table of paths, and for hosts nobody listed the form of the body.

A row names the methods, the path (a regular expression, searched), the dialect, the operation, and the families of
providers it holds for (none: all). Rows of a family come before rows for all; within each, the first that fits wins.
A new format is one module with a `DIALECT` and a row here.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from auditor.dialects import anthropic_messages, gemini_generate, openai_chat, openai_responses
from auditor.dialects.facts import Dialect
from auditor.dialects.resource import resource
from auditor.dialects.wire import Wire


class Route(NamedTuple):
    """A row of the table."""

    methods: str
    path: re.Pattern[str]
    dialect: Dialect
    operation: str
    families: tuple[str, ...] = ()


def _row(methods: str, path: str, dialect: Dialect, operation: str, *families: str) -> Route:
    return Route(methods, re.compile(path), dialect, operation, families)


OTHER = resource("other", "")
"""Reads what no row names: at a known provider, the operation is `other`."""

ROUTES: tuple[Route, ...] = (
    _row("POST", r"/chat/completions$", openai_chat.DIALECT, "chat"),
    _row("POST", r"/responses$", openai_responses.DIALECT, "chat"),
    _row("POST", r"/messages$", anthropic_messages.DIALECT, "chat", "anthropic"),
    _row("POST", r"/v1/messages$", anthropic_messages.DIALECT, "chat"),
    _row("POST", r":(generate|streamGenerate)Content$", gemini_generate.DIALECT, "generate_content"),
)

_BY_SHAPE = (
    ("chat", anthropic_messages.DIALECT),
    ("chat", openai_chat.DIALECT),
    ("generate_content", gemini_generate.DIALECT),
    ("chat", openai_responses.DIALECT),
)
"""Dialects that a body alone can tell, the most particular first."""


def find(wire: Wire) -> tuple[Dialect, str] | None:
    """The dialect and operation of an exchange; None where the host is unknown and its body like none of ours."""
    if wire.provider is None:
        return _guess(wire)
    for route in _candidates(wire.provider.family):
        if wire.method in route.methods and route.path.search(wire.path):
            return route.dialect, route.operation
    return OTHER, "other"


def _guess(wire: Wire) -> tuple[Dialect, str] | None:
    """At an unknown host a path proves nothing: path and body must agree, or the body be unmistakable."""
    body = wire.request.json
    for route in _candidates(""):
        fits = wire.method in route.methods and route.path.search(wire.path)
        if fits and route.dialect.recognises and route.dialect.recognises(body):
            return route.dialect, route.operation
    for operation, dialect in _BY_SHAPE:
        if dialect.recognises and dialect.recognises(body):
            return dialect, operation
    return None


@cache
def _candidates(family: str) -> tuple[Route, ...]:
    own = tuple(row for row in ROUTES if family in row.families)
    return (*own, *(row for row in ROUTES if not row.families))


def operations() -> Iterator[str]:
    """Every operation the table can name."""
    yield from dict.fromkeys([*(row.operation for row in ROUTES), "other"])
