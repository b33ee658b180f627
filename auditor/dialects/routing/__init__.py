# SPDX-License-Identifier: Apache-2.0
"""Which dialect reads an exchange: by a table of rows, and for hosts nobody listed by the form of the body too.

Rows of a provider's family are tried before rows for all; within each, the first that fits wins.
"""

from functools import cache, lru_cache

from auditor.dialects import anthropic_messages, gemini_generate, loose, openai_chat, openai_responses
from auditor.dialects.facts import Dialect
from auditor.dialects.routing import amazon, anthropic, google, media, openai, others, web
from auditor.dialects.routing.route import Route
from auditor.dialects.wire import Wire

__all__ = ["ROUTES", "Route", "find"]

ROUTES: tuple[Route, ...] = (
    *anthropic.ROWS, *google.ROWS, *amazon.ROWS, *media.ROWS, *others.ROWS, *web.ROWS, *openai.ROWS,
)  # fmt: skip

_PATHS_REMEMBERED = 4096

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
        return _guess(wire)
    family = wire.provider.family
    rows = _fitting(family, wire.method, wire.path)
    if family == "other":  # web assistants and the like: their paths are their own affair
        own = next((one for one in rows if family in one.families), None)
        return (own.dialect, own.operation) if own else _guess(wire) or (loose.DIALECT, "other")
    route = next((one for one in rows if one.when is None or one.when(wire.asked)), None)
    return (route.dialect, route.operation) if route else (loose.DIALECT, "other")


def _guess(wire: Wire) -> tuple[Dialect, str] | None:
    """Where a path proves nothing, path and body must agree, or the body be unmistakable."""
    body = wire.asked or next((one.fields for one in wire.socket if one.sent), {})
    for route in _fitting("", wire.method, wire.path):
        recognises = route.dialect.recognises
        if recognises and recognises(body) and (route.when is None or route.when(body)):
            return route.dialect, route.operation
    return next(((dialect, operation) for is_one, dialect, operation in _BY_SHAPE if is_one(body)), None)


@lru_cache(maxsize=_PATHS_REMEMBERED)
def _fitting(family: str, method: str, path: str) -> tuple[Route, ...]:
    """The rows that fit a method and path; most calls go to the same few."""
    return tuple(
        row for row in _candidates(family) if (not row.methods or method in row.methods) and row.path.search(path)
    )


@cache
def _candidates(family: str) -> tuple[Route, ...]:
    own = tuple(row for row in ROUTES if family in row.families)
    return (*own, *(row for row in ROUTES if not row.families))
