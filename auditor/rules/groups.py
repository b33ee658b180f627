# SPDX-License-Identifier: Apache-2.0
"""What a rule matched in a group and a week, from the places of its calls to what becomes one finding."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import msgspec
import numpy as np
from sqlalchemy import Connection, select

from auditor.archive import rows
from auditor.archive.schema import among, call_values, calls
from auditor.calls import Call
from auditor.rules.events import Events, Ints, Name, folded

MOST_CALLS: Final = 100
"""Calls a finding names, at most; it counts them all."""

MOST_SHOWN: Final = 5
"""Calls a finding shows as evidence, at most."""

FACTS: Final[tuple[Name, ...]] = (("provider",), ("maker",), ("actor",), ("credential",))
"""What a group tells of its calls where they share it."""


class Group(msgspec.Struct, frozen=True):
    """What a rule matched, together one finding. `about` are the group's fields; times are microseconds. `ids` are its
    first calls and `shown` the first of them in full. A fact that differs among the calls is None."""

    about: tuple[tuple[str, str | None], ...]
    provider: str | None
    maker: str | None
    actor: str | None
    credential: str | None
    week: int
    count: int
    first: int
    last: int
    ids: tuple[str, ...]
    shown: tuple[Call, ...]
    distinct: int | None = None


type Key = tuple[str | None, ...]
"""What a group is made of, as its first call spells it."""


class Hits(NamedTuple):
    """The calls a rule matched in a group and a week: `places` are theirs among the events, in time."""

    events: Events
    key: Key
    week: int
    places: Ints

    @property
    def pair(self) -> tuple[Key, int]:
        """What tells these hits from others, however their key is spelled."""
        return tuple(None if one is None else folded(one) for one in self.key), self.week


def groups(connection: Connection, found: Sequence[Hits], names: Sequence[str], value: Name | None) -> Iterator[Group]:
    """The groups of some hits, with the ids and the calls they show. `names` are the fields of their keys, `value` is
    what is counted, where something is."""
    heads = [_heads(hits) for hits in found]
    ids = _ids(connection, [n for head in heads for n, _ in head])
    ordered = [[n for n, _ in sorted(head, key=lambda one: (one[1], ids[one[0]]))[:MOST_CALLS]] for head in heads]
    shown = _calls(connection, [n for head in ordered for n in head[:MOST_SHOWN]])
    for hits, head in zip(found, ordered, strict=True):
        yield _group(hits, names, value, tuple(ids[n] for n in head), tuple(shown[n] for n in head[:MOST_SHOWN]))


def _heads(hits: Hits) -> list[tuple[int, int]]:
    """The first calls with their times, and those of the same time as the last of them."""
    times = hits.events.time[hits.places]
    many = np.searchsorted(times, times[:MOST_CALLS][-1], side="right")
    return list(zip(hits.events.n[hits.places[:many]].tolist(), times[:many].tolist(), strict=True))


def _group(
    hits: Hits, names: Sequence[str], value: Name | None, ids: tuple[str, ...], shown: tuple[Call, ...]
) -> Group:
    places, events = hits.places, hits.events
    provider, maker, actor, credential = (_shared(events, name, places) for name in FACTS)
    return Group(
        about=tuple(zip(names, hits.key, strict=False)),
        provider=provider,
        maker=maker,
        actor=actor,
        credential=credential,
        week=hits.week,
        count=len(places),
        first=int(events.time[places[0]]),
        last=int(events.time[places[-1]]),
        ids=ids,
        shown=shown,
        distinct=None if value is None else len(np.unique(events.columns[value].at(places).folded)),
    )


def _shared(events: Events, name: Name, places: Ints) -> str | None:
    """The one text of all, or None."""
    codes = events.columns[name].codes[places]
    return events.columns[name].text(places[0]) if (codes == codes[0]).all() else None


def _ids(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    query = select(calls.c.n, calls.c.id).where(among(calls.c.n, numbers))
    return {row.n: row.id for row in connection.execute(query)}


def _calls(connection: Connection, numbers: Sequence[int]) -> dict[int, Call]:
    query = select(call_values.c.n, call_values.c.value).where(among(call_values.c.n, numbers))
    return {row.n: rows.decoded(row.value) for row in connection.execute(query)}
