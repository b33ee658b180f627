# SPDX-License-Identifier: Apache-2.0
"""The organisation's own regular expressions: customer numbers, file references, host names.

Expressions are RE2's (https://github.com/google/re2/wiki/Syntax): linear in the text, whatever they are, so a slip of
the pen in a policy cannot stop a gateway. They are checked when they are loaded.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

import re2

from auditor.calls import Match
from auditor.detectors.masks import found
from auditor.detectors.view import View
from auditor.errors import InputError
from auditor.policy.model import CustomPattern

TYPE: Final = "CUSTOM_PATTERN"
HITS: Final = 2_000
"""Hits of one expression in a text."""
_REACH = 60
"""Characters around a hit within which one of the pattern's words has to stand."""
_MEMORY = 8 << 20
"""Bytes an expression may take when it is compiled."""


class CustomPatterns:
    """Expressions, compiled. Raises InputError for one that RE2 does not take, or that matches nothing at all."""

    def __init__(self, patterns: Sequence[CustomPattern]) -> None:
        self._patterns = [(pattern, _compiled(pattern)) for pattern in patterns]

    def matches(self, view: View) -> Iterator[Match]:
        """What the expressions match in a text."""
        for pattern, expression in self._patterns:
            spans = [hit.span() for hit in islice(view.paced(expression.finditer(view.data)), HITS)]
            places = view.characters(offset for span in spans for offset in span)
            for start, end in ((places[start], places[end]) for start, end in spans):
                if start < end and _is_meant(view, pattern, start, end):
                    yield found(TYPE, start, end, view.text[start:end], pattern.name, pattern.score)


def _compiled(pattern: CustomPattern) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        expression = re2.compile(pattern.expression.encode(), options)
    except re2.error as error:
        why = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
        raise InputError(f"Pattern '{pattern.name}' is no expression of RE2: {why}.", "See its syntax page.") from None
    if expression.search(b"") is not None:
        raise InputError(f"Pattern '{pattern.name}' also matches nothing at all.", "Ask for at least one character.")
    return expression


def _is_meant(view: View, pattern: CustomPattern, start: int, end: int) -> bool:
    around = f"{view.before(start, _REACH)} {view.after(end, _REACH)}".lower()
    return not pattern.context or any(word.lower() in around for word in pattern.context)
