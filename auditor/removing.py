# SPDX-License-Identifier: Apache-2.0
"""Removal at capture: an exchange is stored without the values of chosen data types; the call is sent as it was.

Each value gives way to `[TYPE#n]`, the same value to the same number throughout an exchange, wherever it stands in its
address, headers, bodies and frames, in clear or as JSON and URLs spell it. What is then read anew must hold none of the
values and nothing else of the chosen types: where it does (a value spread over the pieces of a stream, or packed into a
document), that direction's content is dropped and the call labelled. Content that could not be searched to its end is
dropped as well. Counts of what was found stay as they were.

Values of types that are withheld rather than removed can be had back: they are handed out beside, to be sealed apart.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

import msgspec

from auditor.calls import Call, Exchange, Outcome, PlacedMatch, Reading
from auditor.detectors import KNOWN_TYPES
from auditor.errors import InputError
from auditor.privacy import texts
from auditor.scanning import PARTLY_SCANNED, UNSCANNED
from auditor.spelling import Spelled, spelled, taken_out

CONTENT_REMOVED: Final = "content-removed"
"""Label of a call of which one direction's content could not be kept without what had to be removed."""

_BOTH: Final = frozenset({"sent", "received"})

type Parse = Callable[[Exchange], Sequence[Reading]]
type Find = Callable[[int, Reading], tuple[PlacedMatch, ...]]


class Stored(NamedTuple):
    """What may be stored of an exchange: without the values, with the matches that are left or were removed; and
    apart from it the values that were withheld, by the names that stand for them."""

    exchange: Exchange
    calls: tuple[Call, ...]
    matches: tuple[PlacedMatch, ...]
    withheld: Mapping[str, str] = MappingProxyType({})
    spelled: Spelled = MappingProxyType({})
    """How the withheld values stood in the exchange, where that was another way than they are."""


class _Named(NamedTuple):
    placed: PlacedMatch
    name: str


class Removal:
    """Removes the values of some data types for good, and of others (`withhold`) to have them back.

    What is named twice is removed for good. Raises `InputError` for a type nobody detects.
    """

    def __init__(self, types: Collection[str], withhold: Collection[str] = ()) -> None:
        unknown = sorted({*types, *withhold} - KNOWN_TYPES)
        if unknown:
            known = ", ".join(sorted(KNOWN_TYPES))
            raise InputError(f"What no detector finds cannot be removed: {', '.join(unknown)}.", f"Types: {known}.")
        self.types = frozenset({*types, *withhold})
        self._withhold = frozenset(withhold) - frozenset(types)

    def unread(self, exchange: Exchange) -> Exchange:
        """What may be stored of an exchange that could not be searched: where values are to be removed, no content."""
        return _dropped(exchange, _BOTH) if self.types else exchange

    def apply(
        self,
        exchange: Exchange,
        calls: Sequence[Call],
        readings: Sequence[Reading],
        found: Sequence[PlacedMatch],
        parse: Parse,
        find: Find,
    ) -> Stored:
        """What may be stored of an exchange with these calls, in whose readings these matches were found."""
        if not self.types:
            return Stored(exchange, tuple(calls), tuple(found))
        if not all(map(_is_searched, calls)):
            return Stored(_dropped(exchange, _BOTH), _labelled(calls), ())
        removed = [match for match in found if match.match.type in self.types]
        if not removed:
            return Stored(exchange, tuple(calls), tuple(found))
        names, named = _named(readings, removed)
        clean, noted = taken_out(exchange, names)
        reread = parse(clean)
        if [reading.call.outcome for reading in reread] != [reading.call.outcome for reading in readings]:
            return Stored(_dropped(clean, _BOTH), _labelled(calls), ())
        left = [match for number, reading in enumerate(reread) for match in find(number, reading)]
        leaking = {match.direction for match in left if match.match.type in self.types} | _holding(reread, names)
        kept = (*left, *_placeholders(reread, named))
        matches = tuple(m for m in kept if m.direction not in leaking)
        calls = _labelled(calls) if leaking else tuple(calls)
        withheld = _withheld(reread, self._kept(named), names)
        return Stored(_dropped(clean, leaking), calls, matches, withheld, spelled(noted, withheld))

    def _kept(self, named: Collection["_Named"]) -> frozenset[str]:
        """The names whose values are to be had back."""
        for_good = {one.name for one in named if one.placed.match.type not in self._withhold}
        return frozenset(one.name for one in named) - for_good


def _withheld(readings: Sequence[Reading], kept: Collection[str], names: Mapping[str, str]) -> dict[str, str]:
    """The values to be had back, by the names that stand for them in these readings."""
    stored = {text.text for reading in readings for text in texts(reading.content)}
    return {name: value for value, name in names.items() if name in kept and any(name in text for text in stored)}


def _is_searched(call: Call) -> bool:
    return call.outcome is not Outcome.UNPARSED and not {UNSCANNED, PARTLY_SCANNED}.intersection(call.labels)


def _labelled(calls: Iterable[Call]) -> tuple[Call, ...]:
    return tuple(msgspec.structs.replace(call, labels=(*call.labels, CONTENT_REMOVED)) for call in calls)


def _named(readings: Sequence[Reading], removed: Iterable[PlacedMatch]) -> tuple[dict[str, str], list[_Named]]:
    """A placeholder for every value, longest values first; and each match with its value's."""
    places = [{text.place: text.text for text in texts(reading.content)} for reading in readings]
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    named = []
    for placed in removed:
        match = placed.match
        value = places[placed.call][placed.place][match.start : match.end]
        if value not in names:
            counts[match.type] += 1
            names[value] = f"[{match.type}#{counts[match.type]}]"
        named.append(_Named(placed, names[value]))
    return dict(sorted(names.items(), key=lambda item: -len(item[0]))), named


def _dropped(exchange: Exchange, directions: Collection[str]) -> Exchange:
    """The exchange without the content of some directions."""
    replace = msgspec.structs.replace
    request, response = exchange.request, exchange.response
    return replace(
        exchange,
        request=replace(request, body=b"") if "sent" in directions else request,
        response=replace(response, body=b"") if response and "received" in directions else response,
        frames=tuple(f for f in exchange.frames if f.direction not in directions),
    )


def _holding(readings: Iterable[Reading], names: Collection[str]) -> set[str]:
    """The directions whose texts still hold one of the values."""
    found = (text for reading in readings for text in texts(reading.content))
    return {text.direction for text in found if any(value in text.text for value in names)}


def _placeholders(readings: Sequence[Reading], named: Iterable[_Named]) -> Iterator[PlacedMatch]:
    """The removed matches, where their placeholders stand now."""
    places = [{text.place: text.text for text in texts(reading.content)} for reading in readings]
    behind: Counter[tuple[int, str, str]] = Counter()
    for placed, name in named:
        key = (placed.call, placed.place, name)
        start = places[placed.call].get(placed.place, "").find(name, behind[key])
        if start >= 0:
            behind[key] = start + len(name)
            match = msgspec.structs.replace(placed.match, start=start, end=start + len(name))
            yield msgspec.structs.replace(placed, match=match)
