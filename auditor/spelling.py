# SPDX-License-Identifier: Apache-2.0
"""Values that stand in an exchange, each spelled as its place demands: taken out by name, and put back as they were.

A place is the address, one side's headers or body, or the frames of one direction. Which spelling stood where is kept
in the order of the text, for those places in which one differs from the value itself.
"""

import json
import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from urllib.parse import quote, quote_plus

import msgspec

from auditor.calls import Exchange, Frame

type Change = Callable[[str, bytes], bytes]
"""Given the name of a place and what stands there, what is to stand there instead."""

type Noted = Mapping[str, list[tuple[str, bytes]]]
"""By place, the names that were put there, each with how its value stood; empty for one that stood as it is."""

type Spelled = Mapping[str, tuple[bytes, ...]]
"""By place, how the values stood there, one behind the other; empty for one that stood as it is."""


def changed(exchange: Exchange, change: Change) -> Exchange:
    """The exchange with every text in it changed, places in an order that is always the same."""

    def text(place: str, said: str) -> str:
        return change(place, said.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def headers(place: str, pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple((name, text(place, value)) for name, value in pairs)

    def frame(one: Frame) -> Frame:
        return replace(
            one,
            text=None if one.text is None else text(one.direction, one.text),
            data=None if one.data is None else change(one.direction, one.data),
        )

    replace = msgspec.structs.replace
    request, response = exchange.request, exchange.response
    return replace(
        exchange,
        request=replace(
            request,
            url=text("url", request.url),
            headers=headers("request headers", request.headers),
            body=change("request", request.body),
        ),
        response=response
        and replace(
            response,
            headers=headers("response headers", response.headers),
            body=change("response", response.body),
        ),
        frames=tuple(map(frame, exchange.frames)),
    )


def taken_out(exchange: Exchange, names: Mapping[str, str]) -> tuple[Exchange, Noted]:
    """The exchange with a name for every value, longest values first; and how they stood."""
    ways = [
        (way, value.encode("utf-8", "surrogatepass"), name) for value, name in names.items() for way in _ways(value)
    ]
    mark = secrets.token_bytes(12).hex().encode()
    marks = re.compile(rb"<%b:(\d+)>" % mark)
    noted: dict[str, list[tuple[str, bytes]]] = defaultdict(list)

    def named(place: str, found: re.Match[bytes]) -> bytes:
        way, value, name = ways[int(found[1])]
        noted[place].append((name, b"" if way == value else way))
        return name.encode()

    def change(place: str, data: bytes) -> bytes:
        for number, (way, _, _) in enumerate(ways):
            data = data.replace(way, b"<%b:%d>" % (mark, number))
        return marks.sub(lambda found: named(place, found), data)

    return changed(exchange, change), noted


def spelled(noted: Noted, names: Collection[str]) -> Spelled:
    """How the values of these names stood, for the places where one stood otherwise than it is."""
    ways = {place: tuple(way for name, way in found if name in names) for place, found in noted.items()}
    return {place: found for place, found in ways.items() if any(found)}


def put_back(exchange: Exchange, values: Mapping[str, str], stood: Spelled) -> Exchange:
    """The exchange with the values for their names, as they stood."""
    names = re.compile("|".join(map(re.escape, sorted(values, key=len, reverse=True))).encode())
    ways: dict[str, Iterator[bytes]] = {place: iter(found) for place, found in stood.items()}

    def change(place: str, data: bytes) -> bytes:
        return names.sub(
            lambda name: (
                next(ways.get(place, iter(())), b"") or values[name[0].decode()].encode("utf-8", "surrogatepass")
            ),
            data,
        )

    return changed(exchange, change)


def _ways(value: str) -> tuple[bytes, ...]:
    """A value as it may stand in a body: as it is, in JSON, in JSON within JSON, in a URL."""
    once = {value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    twice = {json.dumps(text, ensure_ascii=plain)[1:-1] for text in once for plain in (True, False)}
    ways = {*once, *twice, quote(value, errors="replace"), quote_plus(value, errors="replace")}
    return tuple(sorted((way.encode("utf-8", "surrogatepass") for way in ways), key=len, reverse=True))
