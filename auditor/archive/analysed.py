# SPDX-License-Identifier: Apache-2.0
"""How far an analysis came: for each of its parts up to which call, and what it set aside for later ones.

A part is done where it knows the newest call there is of those it is about; what was done under another basis (other
rules, terms or policy) counts as not done. All this is lost with the index, and the next analysis then begins anew.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, literal, or_, select, update

from auditor.archive import rows
from auditor.archive.index import Index
from auditor.archive.schema import among, analysed, call_values, calls, set_aside
from auditor.archive.times import microseconds, moment
from auditor.calls import Call

UNKNOWN: Final = "unknown"
"""Whose a call is that shows neither actor nor credential."""

_originator: Final = func.coalesce(calls.c.actor, calls.c.credential, UNKNOWN)
_AT_ONCE: Final = 2_000


class Aside(NamedTuple):
    """Calls set aside by a part of an analysis, for a week; they replace those it set aside for that week before."""

    part: str
    week: datetime
    calls: Sequence[str]


class Analysed:
    """The state of analyses in an index."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def newest(self) -> dict[str, int]:
        """The number of the newest call of everybody: by actor, else by credential."""
        with self._index.reading() as connection:
            query = select(_originator.label("name"), func.max(calls.c.n).label("n")).where(calls.c.part >= 0)
            return {row.name: row.n for row in connection.execute(query.group_by(_originator))}

    def first_new(self, originators: Sequence[str], known: int) -> datetime | None:
        """When the earliest of their calls was made that came after the one numbered `known`."""
        query = select(func.min(calls.c.time)).where(_made_by(originators), calls.c.n > known, calls.c.part >= 0)
        with self._index.reading() as connection:
            found = connection.scalar(query)
        return None if found is None else moment(found)

    def calls_of(self, originators: Sequence[str], since: datetime) -> Iterator[tuple[int, Call]]:
        """What these called from a time on, in time order, with its number; no transaction stays open in between."""
        query = select(calls.c.n).where(_made_by(originators), calls.c.time >= microseconds(since), calls.c.part >= 0)
        with self._index.reading() as connection:
            numbers = list(connection.scalars(query.order_by(calls.c.time, calls.c.n)))
        for block in batched(numbers, _AT_ONCE):
            with self._index.reading() as connection:
                wanted = select(call_values.c.n, call_values.c.value).where(among(call_values.c.n, block))
                found = {row.n: row.value for row in connection.execute(wanted)}
            yield from ((n, rows.decoded(found[n])) for n in block if n in found)

    def in_order(self, originators: Sequence[str], ids: Sequence[str]) -> list[str]:
        """Those of some calls that these made, in time order."""
        query = select(calls.c.id).where(among(calls.c.id, ids), _made_by(originators))
        with self._index.reading() as connection:
            return list(connection.scalars(query.order_by(calls.c.time, calls.c.n)))

    def done(self, basis: str) -> dict[str, int]:
        """The newest call that each part knew when it was done on this basis."""
        with self._index.reading() as connection:
            query = select(analysed.c.part, analysed.c.newest).where(analysed.c.basis == basis)
            return {row.part: row.newest for row in connection.execute(query)}

    def finish(self, basis: str, newest: Mapping[str, int], asides: Iterable[Aside] = ()) -> None:
        """Note parts as done, with what they set aside: all of it or nothing. A week for which something is set aside
        has to be compared anew."""
        marks = [{"part": part, "newest": n, "basis": basis} for part, n in newest.items()]
        with self._index.writing() as connection:
            for aside in asides:
                _set_aside(connection, aside)
            if marks:
                connection.execute(insert(analysed).prefix_with("OR REPLACE"), marks)

    def compared(self, basis: str, week: datetime) -> None:
        """Note that what is set aside for a week was compared."""
        self.finish(basis, {_week(microseconds(week)): 0})

    def weeks(self, basis: str) -> list[datetime]:
        """The weeks for which something is set aside that was not compared yet."""
        done = self.done(basis)
        with self._index.reading() as connection:
            found = connection.scalars(select(set_aside.c.week).distinct().order_by(set_aside.c.week))
            return [moment(week) for week in found if _week(week) not in done]

    def aside(self, week: datetime) -> list[str]:
        """The calls that are set aside for a week, those that are still there."""
        with self._index.reading() as connection:
            query = select(set_aside.c.call).join(calls, calls.c.id == set_aside.c.call)
            return list(connection.scalars(query.where(set_aside.c.week == microseconds(week))))


def lower(connection: Connection) -> None:
    """After calls were taken out: let no part know calls that are not there, for the next one takes their number."""
    newest = connection.scalar(select(func.max(calls.c.n))) or 0
    connection.execute(update(analysed).where(analysed.c.newest > newest).values(newest=newest))


def _week(week: int) -> str:
    return f"week {week}"


def _set_aside(connection: Connection, aside: Aside) -> None:
    week = microseconds(aside.week)
    connection.execute(delete(analysed).where(analysed.c.part == _week(week)))
    connection.execute(delete(set_aside).where(set_aside.c.week == week, set_aside.c.part == aside.part))
    if aside.calls:
        new = [{"week": week, "part": aside.part, "call": call} for call in aside.calls]
        connection.execute(insert(set_aside), new)


def _made_by(originators: Sequence[str]) -> ColumnElement[bool]:
    """Whose calls these are; said so that the indexes over actors and credentials serve it."""
    nobody = and_(calls.c.actor.is_(None), calls.c.credential.is_(None), literal(UNKNOWN in originators))
    keyed = and_(calls.c.actor.is_(None), among(calls.c.credential, originators))
    return or_(among(calls.c.actor, originators), keyed, nobody)
