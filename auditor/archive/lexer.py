# SPDX-License-Identifier: Apache-2.0
"""Cuts a filter's text into tokens with their positions; never fails on half-typed text.

A value runs from its operator to the next blank or bracket, so that times, paths and model names with colons need no
quotation marks. A quotation mark without its partner runs to the end and says so.
"""

import re
from collections.abc import Iterator
from enum import Enum
from typing import Final

import msgspec

from auditor.archive.expressions import KEYWORDS


class Sort(Enum):
    """What a token is."""

    WORD = "word"
    FIELD = "field"
    OPERATOR = "operator"
    VALUE = "value"
    KEYWORD = "keyword"
    OPEN = "("
    CLOSE = ")"
    END = "end"


class Token(msgspec.Struct, frozen=True):
    """A piece of the text from `start` to `end`; `text` is a pattern for words and values, with escapes normalised."""

    sort: Sort
    text: str
    start: int
    end: int
    closed: bool = True
    quoted: bool = False


_FIELD = re.compile(r"([A-Za-z_][A-Za-z0-9_.\-]*)(!=|>=|<=|[:=<>])")
_BARE_WORD = re.compile(r"(?:\\.|[^\s()\"])+")
_BARE_VALUE = re.compile(r"(?:\\.|[^\s()\"])(?:\\.|[^\s()])*")
_QUOTED = re.compile(r"\"((?:\\.|[^\"\\])*)(\"|\\?$)", re.DOTALL)
_SPACE = re.compile(r"\s+")
_BRACKETS: Final = {"(": Sort.OPEN, ")": Sort.CLOSE}


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, with an END token behind the last one."""
    at = 0
    while at < len(text):
        if space := _SPACE.match(text, at):
            at = space.end()
            continue
        for token in _tokens_at(text, at):
            yield token
            at = token.end
    yield Token(Sort.END, "", len(text), len(text))


def _tokens_at(text: str, at: int) -> Iterator[Token]:
    if text[at] in _BRACKETS:
        yield Token(_BRACKETS[text[at]], text[at], at, at + 1)
    elif text[at] == "-" and at + 1 < len(text) and (text[at + 1] in '("' or _FIELD.match(text, at + 1)):
        yield Token(Sort.KEYWORD, "not", at, at + 1)
    elif named := _FIELD.match(text, at):
        operator = ":" if named[2] == "=" else named[2]
        yield Token(Sort.FIELD, named[1], at, named.end(1))
        yield Token(Sort.OPERATOR, operator, named.start(2), named.end())
        yield from _value(text, named.end())
    else:
        word = _quoted(text, at, Sort.WORD) or _bare(_BARE_WORD, text, at, Sort.WORD)
        keyword = not word.quoted and word.text.lower() in KEYWORDS
        yield Token(Sort.KEYWORD, word.text.lower(), word.start, word.end) if keyword else word


def _value(text: str, at: int) -> Iterator[Token]:
    """The value right behind an operator, where there is one."""
    if at < len(text) and not text[at].isspace() and text[at] not in "()":
        yield _quoted(text, at, Sort.VALUE) or _bare(_BARE_VALUE, text, at, Sort.VALUE)


def _quoted(text: str, at: int, sort: Sort) -> Token | None:
    found = _QUOTED.match(text, at)
    if found is None:
        return None
    return Token(sort, normal(found[1]), at, found.end(), closed=found[2] == '"', quoted=True)


def _bare(pattern: re.Pattern[str], text: str, at: int, sort: Sort) -> Token:
    found = pattern.match(text, at)
    end = found.end() if found else at + 1
    return Token(sort, normal(text[at:end]), at, end)


def normal(raw: str) -> str:
    """A pattern with its escapes normalised: only `\\*` and `\\\\` stay, any other backslash is itself."""
    return re.sub(r"\\(.?)", _escape, raw, flags=re.DOTALL)


def _escape(found: re.Match[str]) -> str:
    if found[1] in {"*", "\\"} and found[1]:
        return found[0]
    return '"' if found[1] == '"' else "\\\\" + found[1]
