# SPDX-License-Identifier: Apache-2.0
"""Filters over calls: read from text, written back, explained, and turned into a condition of the index.

    provider:openai and tokens>1000 and not client:"VS Code"

`field:value` with `*` for anything, comparisons for numbers and times, `and`, `or`, `not` (or `-`) and brackets; words
without a field are looked for in model, path and client. Blanks between conditions mean `and`. The fields are listed
in `fields.FIELDS`, under short names and under OpenTelemetry's.
"""

from datetime import UTC, datetime

import msgspec
from sqlalchemy import ColumnElement

from auditor.archive.clauses import condition
from auditor.archive.english import explain
from auditor.archive.expressions import AnyNode, Compare, Everything, Not, conjunction, escape
from auditor.archive.fields import field_of
from auditor.archive.parser import parse
from auditor.archive.sources import Source, narrowest, whole
from auditor.errors import InputError


class Filter(msgspec.Struct, frozen=True):
    """A filter; equal where it says the same in the same words. `Filter()` lets every call through."""

    node: AnyNode = Everything()

    @classmethod
    def parse(cls, text: str) -> "Filter":
        """The filter a text says; raises `FilterError` with the place and one sentence."""
        return cls(parse(text))

    @classmethod
    def field(cls, name: str, value: str | float | None) -> "Filter":
        """Calls whose field has this value; None asks for calls without it."""
        field = field_of(name)
        if field is None:
            raise InputError(f"There is no field “{name}”.")
        if value is None:
            return cls(Not(Compare(field.name, ":", "*")))
        return cls(Compare(field.name, ":", escape(value) if isinstance(value, str) else str(value)))

    @classmethod
    def between(cls, since: datetime | None, until: datetime | None) -> "Filter":
        """Calls from `since` on and before `until`; None leaves that side open."""
        after = Compare("time", ">=", _written(since)) if since else Everything()
        before = Compare("time", "<", _written(until)) if until else Everything()
        return cls(conjunction((after, before)))

    def __str__(self) -> str:
        return str(self.node)

    def __bool__(self) -> bool:
        """Whether there is any condition."""
        return not isinstance(self.node, Everything)

    def __and__(self, other: "Filter") -> "Filter":
        return Filter(conjunction((self.node, other.node)))

    def __invert__(self) -> "Filter":
        return Filter(Not(self.node))

    def explain(self) -> str:
        """The filter in English."""
        return explain(self.node)

    def where(self, now: datetime | None = None) -> ColumnElement[bool]:
        """The condition over `schema.calls`; relative times count from `now` (this moment where it is not given)."""
        return condition(self.node, now or datetime.now(UTC))

    def source(self, now: datetime, *, narrow: bool = True) -> Source:
        """Where its calls are read; `narrow` where number, time and outcome of a call are enough."""
        return narrowest(self.node, now) if narrow else whole(self.node, now)


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
