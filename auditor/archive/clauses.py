# SPDX-License-Identifier: Apache-2.0
"""Turns a filter's tree into a condition over the `calls` table, or over one that has the columns it speaks of.

Absent facts: a comparison with one does not hold, and its opposite does, so that a filter and its negation together
give every call (SQL's own three-valued logic would lose those rows from both).
"""

from datetime import datetime

from sqlalchemy import ColumnElement, FromClause, and_, false, func, not_, or_, select, true

from auditor.archive.expressions import And, AnyNode, Compare, Everything, Not, Or, Word, pieces, plain, unescape
from auditor.archive.fields import NAMES, TEXT_WORDS, Field, Holds
from auditor.archive.schema import calls, tags
from auditor.archive.times import microseconds
from auditor.archive.values import flag, number, span

ESCAPE = "\\"


def condition(node: AnyNode, now: datetime, rows: FromClause = calls) -> ColumnElement[bool]:
    """The condition a row fulfils (of `calls`, where no other is given); relative times count from `now`."""
    match node:
        case Everything():
            return true()
        case Word():
            return or_(*(_contains(rows.c[name], node.pattern) for name in TEXT_WORDS))
        case Not():
            return _opposite(condition(node.item, now, rows))
        case And():
            return and_(*(condition(item, now, rows) for item in node.items))
        case Or():
            return or_(*(condition(item, now, rows) for item in node.items))
        case Compare():
            return _comparison(node, now, rows)


def _opposite(clause: ColumnElement[bool]) -> ColumnElement[bool]:
    return not_(func.coalesce(clause, false()))


def _comparison(compare: Compare, now: datetime, rows: FromClause) -> ColumnElement[bool]:
    field = NAMES[compare.field]
    if compare.operator == "!=":
        return _opposite(_comparison(Compare(compare.field, ":", compare.value), now, rows))
    if compare.value == "*":
        return _is_there(field, rows)
    match field.holds:
        case Holds.NUMBER:
            return _numeric(rows.c[field.columns[0]], field, compare)
        case Holds.TIME:
            return _temporal(rows.c[field.columns[0]], compare, now)
        case Holds.FLAG:
            return rows.c[field.columns[0]].is_(flag(unescape(compare.value)))
        case Holds.TAG:
            return rows.c.n.in_(select(tags.c.n).where(tagged(tags, field, compare.value)))
        case Holds.TEXT:
            return or_(*(_matches(rows.c[name], compare.value) for name in field.columns))


def _is_there(field: Field, rows: FromClause) -> ColumnElement[bool]:
    if field.kinds:
        return rows.c.n.in_(select(tags.c.n).where(tagged(tags, field, "*")))
    return or_(*(rows.c[name].is_not(None) for name in field.columns))


def tagged(rows: FromClause, field: Field, pattern: str) -> ColumnElement[bool]:
    """The condition a row of `tags` fulfils that holds what is asked of a field."""
    kinds = rows.c.kind == field.kinds[0] if len(field.kinds) == 1 else rows.c.kind.in_(field.kinds)
    return kinds if pattern == "*" else and_(kinds, _matches(rows.c.value, pattern))


def _numeric(column: ColumnElement[float], field: Field, compare: Compare) -> ColumnElement[bool]:
    wanted = number(field, unescape(compare.value)) or 0.0
    exact = int(wanted) if wanted.is_integer() else wanted
    match compare.operator:
        case ">":
            return column > exact
        case ">=":
            return column >= exact
        case "<":
            return column < exact
        case "<=":
            return column <= exact
        case _:
            return column == exact


def _temporal(column: ColumnElement[int], compare: Compare, now: datetime) -> ColumnElement[bool]:
    named = span(unescape(compare.value), now)
    if named is None:
        return false()
    start, after = microseconds(named.start), microseconds(named.after)
    match compare.operator:
        case ">":
            return column >= after
        case ">=":
            return column >= start
        case "<":
            return column < start
        case "<=":
            return column < after
        case _:
            return and_(column >= start, column < after)


def _matches(column: ColumnElement[str], pattern: str) -> ColumnElement[bool]:
    text = plain(pattern)
    return column == text if text is not None else column.like(_like(pattern), escape=ESCAPE)


def _contains(column: ColumnElement[str], pattern: str) -> ColumnElement[bool]:
    return column.like(f"%{_like(pattern)}%", escape=ESCAPE)


def _like(pattern: str) -> str:
    """The pattern in LIKE's spelling."""
    return "%".join(_escaped(piece) for piece in pieces(pattern))


def _escaped(text: str) -> str:
    return text.replace(ESCAPE, ESCAPE * 2).replace("%", ESCAPE + "%").replace("_", ESCAPE + "_")
