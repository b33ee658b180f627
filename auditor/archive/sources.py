# SPDX-License-Identifier: Apache-2.0
"""Where the calls of a filter are read from: the narrowest table that knows what it asks.

`calls` has a wide row a call, so that thousands of calls found by what was sent cost as many pages of the file. `tags`
holds these calls side by side, in the order of time, with the facts beside them that filters most often name; a filter
that asks for a tag and for nothing else than such facts reads `tags` alone.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, FromClause, Integer, literal_column, select

from auditor.archive.clauses import condition, tagged
from auditor.archive.expressions import And, AnyNode, Compare, Everything, Not, Or, Word, conjunction, plain
from auditor.archive.fields import NAMES
from auditor.archive.schema import TAG_FACTS, calls, tags


class Source(NamedTuple):
    """`rows` has each call of a filter once, with `n`, `time` and `outcome`, where `where` holds.

    `number` is the row number as a plain value: no reason for the database to walk a table in its order.
    """

    rows: FromClause
    where: ColumnElement[bool]
    number: ColumnElement[int]


def whole(node: AnyNode, now: datetime) -> Source:
    """Every column of the calls; relative times count from `now`."""
    return Source(calls, condition(node, now), literal_column("+calls.n", Integer))


def narrowest(node: AnyNode, now: datetime) -> Source:
    """The calls by the few columns that counting, charts and the order of time need."""
    items = node.items if isinstance(node, And) else (node,)
    asked = next((item for item in items if _asks_for_a_tag(item)), None)
    rest = conjunction(item for item in items if item is not asked)
    if not isinstance(asked, Compare) or not _is_known(rest):
        return whole(node, now)
    rows = _tagged(asked)
    return Source(rows, condition(rest, now, rows), rows.c.n)


def _asks_for_a_tag(node: AnyNode) -> bool:
    return isinstance(node, Compare) and node.operator == ":" and bool(NAMES[node.field].kinds)


def _is_known(node: AnyNode) -> bool:
    """Whether the rows of `tags` can answer it; other tags are looked up by the number of the call."""
    match node:
        case Everything():
            return True
        case Word():
            return False
        case Not():
            return _is_known(node.item)
        case And() | Or():
            return all(map(_is_known, node.items))
        case Compare():
            return set(TAG_FACTS).issuperset(NAMES[node.field].columns)


def _tagged(asked: Compare) -> FromClause:
    """The rows of what is asked for, each call once: a call has a tag of one kind and value once only."""
    field = NAMES[asked.field]
    columns = (tags.c[name] for name in ("n", *TAG_FACTS))
    query = select(*columns).where(tagged(tags, field, asked.value))
    single = len(field.kinds) == 1 and plain(asked.value) is not None
    return (query if single else query.distinct()).subquery("found")
