# SPDX-License-Identifier: Apache-2.0
"""Reads a filter: a small precedence parser (or < and < not), with the place and the reason of what it cannot read.

filter  = either?                     either = both ("or" both)*
both    = single ("and"? single)*     single = ("not" | "-") single | "(" either ")" | word | field operator value
"""

from datetime import UTC, datetime
from typing import Final, cast

from auditor.archive.expressions import (
    AnyNode,
    Compare,
    Everything,
    Not,
    Operator,
    Word,
    conjunction,
    disjunction,
    plain,
    unescape,
)
from auditor.archive.fields import NAMES, Field, Holds, field_of
from auditor.archive.lexer import Sort, Token, tokens
from auditor.archive.values import flag, number, span
from auditor.errors import InputError

DEEPEST: Final = 100
_STARTS: Final = frozenset({Sort.WORD, Sort.FIELD, Sort.OPEN})
_ANY_DAY: Final = datetime(2026, 1, 1, tzinfo=UTC)
_ONLY_EQUAL: Final = frozenset({":", "!="})


class FilterError(InputError):
    """A filter that cannot be read: characters `start` to `end` are the trouble."""

    def __init__(self, message: str, token: Token, advice: str = "") -> None:
        super().__init__(message, advice)
        self.start = token.start
        self.end = max(token.end, token.start)

    @property
    def position(self) -> int:
        """Where the trouble starts, in characters from 0."""
        return self.start


def parse(text: str) -> AnyNode:
    """The tree of a filter; raises FilterError. An empty text says Everything."""
    return _Parser(text).filter()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = list(tokens(text))
        self._at = 0
        self._depth = 0

    def filter(self) -> AnyNode:
        if self._next.sort is Sort.END:
            return Everything()
        node = self._either()
        if self._next.sort is Sort.CLOSE:
            raise FilterError("This bracket closes nothing.", self._next)
        return node

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._next
        self._at += token.sort is not Sort.END
        return token

    def _took(self, keyword: str) -> bool:
        found = self._next.sort is Sort.KEYWORD and self._next.text == keyword
        self._at += found
        return found

    def _either(self) -> AnyNode:
        items = [self._both()]
        while self._took("or"):
            items.append(self._both())
        return disjunction(items)

    def _both(self) -> AnyNode:
        items = [self._single()]
        while self._took("and") or self._continues():
            items.append(self._single())
        return conjunction(items)

    def _continues(self) -> bool:
        return self._next.sort in _STARTS or (self._next.sort is Sort.KEYWORD and self._next.text == "not")

    def _single(self) -> AnyNode:
        self._depth += 1
        if self._depth > DEEPEST:
            raise FilterError(f"The filter is nested deeper than {DEEPEST} levels.", self._next)
        try:
            return self._unnested()
        finally:
            self._depth -= 1

    def _unnested(self) -> AnyNode:
        token = self._take()
        match token.sort:
            case Sort.WORD:
                return Word(_closed(token).text)
            case Sort.FIELD:
                return self._comparison(token)
            case Sort.OPEN:
                return self._group(token)
            case Sort.KEYWORD if token.text == "not":
                return Not(self._single())
            case Sort.KEYWORD:
                raise FilterError(f"Something is missing before “{token.text}”.", token)
            case Sort.CLOSE:
                raise FilterError("Something is missing before this bracket.", token)
            case _:
                raise FilterError("The filter ends too early.", token, "Write a field, a word or a bracket.")

    def _group(self, opened: Token) -> AnyNode:
        node = self._either()
        if self._take().sort is not Sort.CLOSE:
            raise FilterError("This bracket is never closed.", opened)
        return node

    def _comparison(self, name: Token) -> AnyNode:
        field = field_of(name.text)
        operator = self._take()
        if field is None:
            raise FilterError(
                f"There is no field “{name.text}”.", name, f"{_nearest(name.text)}Put quotation marks around a text."
            )
        if self._next.sort is not Sort.VALUE:
            raise FilterError(
                f"A value is missing after “{name.text}{operator.text}”.", operator, f"Try {field.example}."
            )
        return _checked(field, operator, _closed(self._take()))


def _closed(token: Token) -> Token:
    if not token.closed:
        raise FilterError("This quotation mark is never closed.", token)
    return token


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), NAMES, n=1)
    return f"Did you mean “{near[0]}”? " if near else ""


# --- values -----------------------------------------------------------------------------------------------------


def _checked(field: Field, operator: Token, value: Token) -> Compare:
    """The comparison, once its value is of the field's kind."""
    compare = Compare(field.name, cast("Operator", operator.text), value.text)
    if value.text == "*":
        if operator.text not in _ONLY_EQUAL:
            raise FilterError("Only “:” and “!=” can ask whether a value is there.", operator)
        return compare
    trouble = _trouble(field, compare)
    if trouble:
        raise FilterError(trouble, operator if trouble.startswith("Only") else value, f"Try {field.example}.")
    return compare


def _trouble(field: Field, compare: Compare) -> str | None:
    text = unescape(compare.value)
    match field.holds:
        case Holds.NUMBER:
            return None if number(field, text) is not None else f"“{text}” is no number that {field.name} can have."
        case Holds.TIME:
            return None if span(text, _ANY_DAY) else f"“{text}” is no time."
        case Holds.FLAG:
            if compare.operator not in _ONLY_EQUAL:
                return f"Only “:” and “!=” can be asked of {field.name}."
            return None if flag(text) is not None else f"{field.name} is yes or no."
        case _:
            return _text_trouble(field, compare)


def _text_trouble(field: Field, compare: Compare) -> str | None:
    if compare.operator not in _ONLY_EQUAL:
        return f"Only “:” and “!=” can be asked of {field.name}, which holds text."
    wanted = plain(compare.value)
    if field.values and wanted is not None and wanted.lower() not in field.values:
        return f"{field.name} is one of {', '.join(field.values)}."
    return None
