# SPDX-License-Identifier: Apache-2.0
"""What was withheld at capture, back in its place: names like `[SECRET#1]` give way to the values they stand for."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

import msgspec

from auditor.calls import Content, PlacedMatch
from auditor.privacy import texts


def restored(
    content: Content, matches: Iterable[PlacedMatch], values: Mapping[str, str]
) -> tuple[Content, tuple[PlacedMatch, ...]]:
    """A content with the values for their names, and its matches where they lie then."""
    names = re.compile("|".join(map(re.escape, sorted(values, key=len, reverse=True))))

    def fill(value: Any) -> Any:
        if isinstance(value, str):
            return names.sub(lambda name: values[name[0]], value)
        if isinstance(value, dict):
            return {fill(key): fill(item) for key, item in value.items()}
        return [fill(item) for item in value] if isinstance(value, list | tuple) else value

    plain = msgspec.to_builtins(content, builtin_types=(bytes,))
    shifts = {
        text.place: _Shift([(name.start(), name.end(), len(values[name[0]])) for name in names.finditer(text.text)])
        for text in texts(content)
    }
    moved = tuple(shifts[one.place].moved(one) if one.place in shifts else one for one in matches)
    return msgspec.convert(fill(plain), Content), moved


class _Shift:
    """How places in a text move where stretches of it (start, end) become as long as is said."""

    def __init__(self, stretches: Sequence[tuple[int, int, int]]) -> None:
        self._starts = [start for start, _, _ in stretches]
        self._ends = [end for _, end, _ in stretches]
        self._by = list(accumulate((size - (end - start) for start, end, size in stretches), initial=0))

    def moved(self, placed: PlacedMatch) -> PlacedMatch:
        """The match where it lies afterwards; within a name, at the value's beginning or end."""
        match = placed.match
        start = match.start + self._by[bisect_right(self._ends, match.start)]
        end = match.end + self._by[bisect_right(self._starts, match.end - 1)]
        return msgspec.structs.replace(placed, match=msgspec.structs.replace(match, start=start, end=end))
