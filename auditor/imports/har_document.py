# SPDX-License-Identifier: Apache-2.0
"""The entries of a HAR document, one by one: memory holds one entry however long the file is.

A document is checked as a whole before anything of it is taken: JSON that breaks off somewhere is no HAR. Nesting is
bounded, so that a file made to exhaust memory is refused instead.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

import ijson  # type: ignore[import-untyped]

from auditor.imports.entries import Unreadable

MAX_DEPTH = 200
"""Deepest nesting of a document; the formats need about ten."""

_BUFFER = 256 * 1024
_ENTRIES = ["{", "log{", "entries["]
_STARTS = {"start_map": "{", "start_array": "["}
_ENDS = frozenset({"end_map", "end_array"})
_CONTAINERS = _ENDS | _STARTS.keys()

type _Event = tuple[str, Any]


def count(file: BinaryIO) -> int:
    """The number of entries of a sound document; raises `Unreadable` for any other."""
    entries = 0
    seen = False
    try:
        for path, event, _ in _walk(_events(file)):
            seen = seen or path == _ENTRIES
            entries += _completes(path, event)
    except ijson.JSONError as e:
        raise Unreadable(f"its JSON is cut off or broken ({entries} whole entries before)") from e
    if not seen:
        raise Unreadable("it has no `log.entries`")
    return entries


def elements(file: BinaryIO) -> Iterator[Any]:
    """The values in `log.entries` of a sound document, each built when it is complete."""
    builder = ijson.ObjectBuilder()
    for path, event, value in _walk(_events(file)):
        if path[:3] != _ENTRIES or (event in _CONTAINERS and path == _ENTRIES):
            continue
        builder.event(event, value)
        if _completes(path, event):
            yield builder.value
            builder = ijson.ObjectBuilder()


def _completes(path: list[str], event: str) -> bool:
    """Whether this event ends an entry: an object or array one level below the list, or a bare value in it."""
    if len(path) == len(_ENTRIES) + 1:
        return event in _ENDS and path[:3] == _ENTRIES
    return event not in _CONTAINERS and path == _ENTRIES


def _events(file: BinaryIO) -> Iterator[_Event]:
    events: Iterator[_Event] = ijson.basic_parse(file, use_float=True, buf_size=_BUFFER)
    return events


def _walk(events: Iterator[_Event]) -> Iterator[tuple[list[str], str, Any]]:
    """Each event with the path of the container it stands in, or opens or ends; the list is reused."""
    path: list[str] = []
    key = ""
    for event, value in events:
        if event in _STARTS:
            path.append(key + _STARTS[event])
            key = ""
            if len(path) > MAX_DEPTH:
                raise Unreadable("it is nested too deeply")
        elif event == "map_key":
            key = value
        yield path, event, value
        if event in _ENDS:
            path.pop()
