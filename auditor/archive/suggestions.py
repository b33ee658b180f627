# SPDX-License-Identifier: Apache-2.0
"""Completion for the filter bar: fields, their values with the number of calls that have them, and the words between.

Reads the roll-ups only, so it answers while a person types, however many calls there are.
"""

from collections.abc import Iterator
from typing import Final

import msgspec
from sqlalchemy import Connection, func, select

from auditor.archive.expressions import escape, unescape, written
from auditor.archive.fields import FIELDS, NAMES, Field, Holds, field_of
from auditor.archive.lexer import Sort, Token, tokens
from auditor.archive.schema import rollups

LIMIT: Final = 12
_LEADING: Final = ("provider", "model", "client", "data", "outcome", "time", "actor", "tokens")
_GUESSED: Final = ("provider", "model", "client")
_TIMES: Final = ("today", "yesterday", "-1h", "-24h", "-7d", "-30d")
_BETWEEN: Final = ("and", "or", "not")


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """Put `text` in the place of characters `start` to `end`. `calls` is how many have the value, where known."""

    text: str
    start: int
    end: int
    help: str = ""
    calls: int | None = None


def suggest(connection: Connection, text: str, cursor: int) -> tuple[Suggestion, ...]:
    """What could stand at the cursor, best first, at most `LIMIT`."""
    cursor = max(0, min(cursor, len(text)))
    before = [token for token in tokens(text) if token.start < cursor and token.sort is not Sort.END]
    last = before[-1] if before else None
    if last is None or last.end < cursor:
        found = _anything(cursor, after=last)
    elif last.sort in {Sort.VALUE, Sort.OPERATOR}:
        found = _values(connection, text, cursor, before)
    elif last.sort in {Sort.WORD, Sort.FIELD, Sort.KEYWORD}:
        found = _names(connection, text[last.start : cursor], last)
    else:
        found = _anything(cursor, after=last if last.sort is Sort.CLOSE else None)
    return tuple(one for one, _ in zip(found, range(LIMIT), strict=False))


def _anything(cursor: int, after: Token | None) -> Iterator[Suggestion]:
    if after is not None and after.sort is not Sort.KEYWORD:
        for word in _BETWEEN:
            yield Suggestion(text=f"{word} ", start=cursor, end=cursor)
    for name in _LEADING:
        yield _field(NAMES[name], cursor, cursor)


def _names(connection: Connection, typed: str, token: Token) -> Iterator[Suggestion]:
    lower = typed.lower()
    for word in _BETWEEN:
        if lower and word.startswith(lower):
            yield Suggestion(text=f"{word} ", start=token.start, end=token.end)
    for field in FIELDS:
        if field.name.startswith(lower) and lower != field.name + ":":
            yield _field(field, token.start, token.end)
    if token.sort is Sort.WORD:
        for name in _GUESSED:
            yield from _counted(connection, NAMES[name], typed, token.start, token.end, f"{name}:")


def _field(field: Field, start: int, end: int) -> Suggestion:
    sign = ">" if field.holds in {Holds.NUMBER, Holds.TIME} else ":"
    return Suggestion(text=field.name + sign, start=start, end=end, help=f"{field.help} {field.example}")


def _values(connection: Connection, text: str, cursor: int, before: list[Token]) -> Iterator[Suggestion]:
    last = before[-1]
    place = 1 if last.sort is Sort.OPERATOR else 2
    field = field_of(before[-place - 1].text)
    if field is None:
        return
    start, end = (cursor, cursor) if last.sort is Sort.OPERATOR else (last.start, last.end)
    typed = unescape(text[start:cursor].lstrip('"')).strip("*")
    match field.holds:
        case Holds.TIME:
            yield from _literal(_TIMES, typed, start, end)
        case Holds.FLAG:
            yield from _literal(("yes", "no"), typed, start, end)
        case Holds.TEXT | Holds.TAG if field.dimension:
            yield from _counted(connection, field, typed, start, end)
        case _:
            yield from _literal(field.values, typed, start, end)


def _literal(values: tuple[str, ...], typed: str, start: int, end: int) -> Iterator[Suggestion]:
    for value in values:
        if value.startswith(typed.lower()):
            yield Suggestion(text=value, start=start, end=end)


def _counted(
    connection: Connection, field: Field, typed: str, start: int, end: int, prefix: str = ""
) -> Iterator[Suggestion]:
    """Values that hold what was typed, those that begin with it first, then by their calls."""
    total = func.sum(rollups.c.calls).label("calls")
    value = rollups.c.value
    query = (
        select(value, total)
        .where(
            rollups.c.grain == "all",
            rollups.c.dimension.in_(field.kinds or (field.dimension,)),
            value.contains(typed, autoescape=True),
        )
        .group_by(value)
        .order_by(value.startswith(typed, autoescape=True).desc(), total.desc(), value)
        .limit(LIMIT)
    )
    for text, count in connection.execute(query):
        yield Suggestion(text=prefix + written(escape(text)), start=start, end=end, calls=count)
