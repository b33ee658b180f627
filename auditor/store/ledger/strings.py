# SPDX-License-Identifier: Apache-2.0
"""The long strings of a JSON text, as they are written: what calls of a conversation have in common.

Nothing is parsed: a request that is no JSON has strings of some kind as well, and comes back byte by byte all the same.
"""

from collections.abc import Iterable, Iterator
from typing import Final

_TEXT: Final = 32
_GAP: Final = 80
_TRIES: Final = 16
_BACKSLASH: Final = ord("\\")


def place_of(request: bytes, text: bytes, start: int) -> int:
    """Where a text stands from `start` on, else -1. The search for its beginning costs no preparation, and the other is
    for requests that repeat it without end."""
    head = text[:_TEXT]
    for _ in range(_TRIES):
        start = request.find(head, start)
        if start < 0 or request.startswith(text, start):
            return start
        start += 1
    return request.find(text, start)


def strings(request: bytes, known: Iterable[tuple[int, int]] = ()) -> Iterator[tuple[int, bytes]]:
    """The long strings of a JSON text as they are written, and where, but for those at known places: begin and size."""
    begin = 0
    for at, size in (*known, (len(request), 0)):
        if at - begin >= _GAP:
            yield from _strings_between(request, begin, at)
        begin = at + size + 1  # behind the quote


def _strings_between(request: bytes, begin: int, end: int) -> Iterator[tuple[int, bytes]]:
    """The long strings there. Searching for quotes takes a fifth of the time that an expression does."""
    find = request.find
    start = find(b'"', begin, end) + 1
    while start:
        close = find(b'"', start, end)
        while close > 0 and request[close - 1] == _BACKSLASH and _is_escaped(request, start, close):
            close = find(b'"', close + 1, end)
        if close < 0:
            close = end
        if close - start >= _TEXT:
            yield start, request[start:close]
        start = find(b'"', close + 1, end) + 1


def _is_escaped(request: bytes, start: int, quote: int) -> bool:
    """Whether a quote in the string from `start` on does not close it: an odd number of backslashes is before it."""
    at = quote
    while at > start and request[at - 1] == _BACKSLASH:
        at -= 1
    return (quote - at) % 2 == 1
