# SPDX-License-Identifier: Apache-2.0
"""Which dialect reads an exchange: by a table of rows, and for hosts nobody listed by the form of the body too.

Rows of a provider's family are tried before rows for all; within each, the first that fits wins.
"""

from functools import cache
from typing import Any

from auditor.dialects import anthropic_messages, gemini_generate, openai_chat, openai_responses
from auditor.dialects.facts import Dialect
from auditor.dialects.resource import OTHER
from auditor.dialects.routing import amazon, anthropic, google, openai, others
from auditor.dialects.routing.route import Route
from auditor.dialects.wire import Wire

__all__ = ["ROUTES", "Route", "find"]

ROUTES: tuple[Route, ...] = (*anthropic.ROWS, *google.ROWS, *amazon.ROWS, *others.ROWS, *openai.ROWS)

_BY_SHAPE = (
    (anthropic_messages.unmistakable, anthropic_messages.DIALECT, "chat"),
    (openai_chat.recognises, openai_chat.DIALECT, "chat"),
    (gemini_generate.recognises, gemini_generate.DIALECT, "generate_content"),
    (openai_responses.recognises, openai_responses.DIALECT, "chat"),
)
"""Dialects that a body alone can tell, the most particular first."""


def find(wire: Wire) -> tuple[Dialect, str] | None:
    """The dialect and operation of an exchange; None where the host is unknown and its body like none of ours."""
    if wire.provider is None:
        return _guess(wire, wire.asked)
    route = next((one for one in _candidates(wire.provider.family) if _fits(one, wire)), None)
    return (route.dialect, route.operation) if route else (OTHER, "other")


def _guess(wire: Wire, body: Any) -> tuple[Dialect, str] | None:
    """At an unknown host a path proves nothing: path and body must agree, or the body be unmistakable."""
    for route in _candidates(""):
        recognises = route.dialect.recognises
        if recognises and _fits(route, wire) and recognises(body):
            return route.dialect, route.operation
    return next(((dialect, operation) for is_one, dialect, operation in _BY_SHAPE if is_one(body)), None)


def _fits(route: Route, wire: Wire) -> bool:
    return (not route.methods or wire.method in route.methods) and route.path.search(wire.path) is not None


@cache
def _candidates(family: str) -> tuple[Route, ...]:
    own = tuple(row for row in ROUTES if family in row.families)
    return (*own, *(row for row in ROUTES if not row.families))
