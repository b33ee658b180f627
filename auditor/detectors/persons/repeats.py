# SPDX-License-Identifier: Apache-2.0
"""Who was named in full is often named in part later on: the parts of names found, wherever else they stand."""

from collections.abc import Iterable, Iterator
from itertools import islice

from auditor.calls import Match
from auditor.detectors.masks import found
from auditor.detectors.persons.names import load
from auditor.detectors.persons.shapes import is_cased
from auditor.detectors.view import View

_PARTS = 200
"""Parts of names that are looked for in a text."""
_SHORTEST = 4
_SURE = 0.6


def with_repeats(view: View, matches: Iterable[Match]) -> Iterator[Match]:
    """The matches, then further places of the parts of sure ones."""
    parts: dict[str, None] = {}
    taken: set[int] = set()
    for match in matches:
        yield match
        if match.score >= _SURE:
            words = view.text[match.start : match.end].replace("-", " ").split()
            parts.update(dict.fromkeys(filter(_is_telling, words)) if len(words) > 1 else {})
            taken.update(match.start + place for place in _starts(view, match))
    for part in islice(parts, _PARTS):
        yield from _places(view, part, taken)


def _is_telling(word: str) -> bool:
    """Whether a part of a name means nobody else and nothing else."""
    names = load()
    return (
        len(word) >= _SHORTEST
        and word.isalpha()
        and is_cased(word[0])
        and word[0].isupper()
        and not word.isupper()
        and not names.is_common(word)
    )


def _starts(view: View, match: Match) -> Iterator[int]:
    text = view.text[match.start : match.end]
    return (place for place in range(len(text)) if place == 0 or text[place - 1] in " -")


def _places(view: View, part: str, taken: set[int]) -> Iterator[Match]:
    place = view.text.find(part)
    while place >= 0:
        end = place + len(part)
        if place not in taken and view.stands_alone(place, end) and not _is_in_name(view, place, end):
            yield found("PERSON", place, end, part, None, 0.5)
        place = view.text.find(part, end)


def _is_in_name(view: View, start: int, end: int) -> bool:
    """Whether a word is part of an address on the net, a path or a name in code."""
    before, after = view.before(start, 1), view.after(end, 2)
    goes_on = after[:1] in (".", ":") and after[1:].isalnum()
    return before in tuple("@./\\#$-=:<") or after[:1] in tuple("@/\\(=-") or goes_on
