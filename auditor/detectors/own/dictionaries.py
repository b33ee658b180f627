# SPDX-License-Identifier: Apache-2.0
"""The organisation's dictionaries: project names, customers, code words, found as they stand in a list.

All terms of all dictionaries are looked for in one pass (Aho-Corasick). A term counts as whole words, in any case
unless its dictionary says otherwise; blanks and line breaks are one. Where terms overlap, the longest stays.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import ahocorasick_rs
import msgspec

from auditor.calls import Match
from auditor.detectors.masks import found
from auditor.detectors.view import View
from auditor.errors import InputError

TYPE: Final = "DICTIONARY"
SHORTEST: Final = 2
_PIECE: Final = 1 << 16
"""Characters searched at a time, so that the budget is looked at in between."""
_BLANKS: Final = "\n\r\t\xa0\u2007\u202f"


class Dictionary(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A named list of terms; matches carry its name as their subtype."""

    name: str
    terms: tuple[str, ...]
    match_case: bool = False


class Dictionaries:
    """Dictionaries, compiled. Raises InputError for a term too short to mean anything."""

    def __init__(self, dictionaries: Sequence[Dictionary]) -> None:
        self._searches = [
            _Search([each for each in dictionaries if each.match_case is exact], exact) for exact in (True, False)
        ]

    def matches(self, view: View) -> Iterator[Match]:
        """The terms in a text; overlapping ones only where one is looked for in its case and the other is not."""
        for search in self._searches:
            yield from search.matches(view)


class _Search:
    """The dictionaries that agree about case."""

    def __init__(self, dictionaries: Sequence[Dictionary], exact: bool) -> None:
        self._exact = exact
        named = {_plain(term, exact): each.name for each in dictionaries for term in _checked(each)}
        self._names = tuple(named.items())
        self._longest = max(map(len, named), default=0)
        self._automaton = ahocorasick_rs.AhoCorasick(list(named)) if named else None

    def matches(self, view: View) -> Iterator[Match]:
        """The terms in a text, in order."""
        done = 0
        for start, end, number in self._whole_words(view):
            if start >= done:
                done = end
                yield found(TYPE, start, end, view.text[start:end], self._names[number][1], 0.95)

    def _whole_words(self, view: View) -> Iterator[tuple[int, int, int]]:
        """Occurrences that are whole words, by their start, the longest first."""
        if self._automaton is None:
            return
        text = _plain(view.text, self._exact)
        for begin in view.paced(range(0, len(text), _PIECE)):
            piece = text[begin : begin + _PIECE + self._longest]
            hits = self._automaton.find_matches_as_indexes(piece, overlapping=True)
            placed = [(begin + start, begin + end, number) for number, start, end in hits if start < _PIECE]
            yield from sorted((hit for hit in placed if _is_whole(text, *hit[:2])), key=lambda hit: (hit[0], -hit[1]))


def _checked(dictionary: Dictionary) -> Iterator[str]:
    for term in dictionary.terms:
        if len(term.strip()) < SHORTEST:
            raise InputError(
                f"Dictionary '{dictionary.name}' has a term of fewer than {SHORTEST} characters.",
                "Remove it, or write more of it.",
            )
        yield " ".join(term.split())


def _plain(text: str, exact: bool) -> str:
    """A text as terms are compared, as long as it was: offsets stay."""
    for blank in _BLANKS:
        text = text.replace(blank, " ")
    if exact:
        return text
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no word goes on across either edge; scripts without blanks and cases have no such edges."""
    edges = ((start - 1, start), (end - 1, end))
    return not any(
        left >= 0 and right < len(text) and all(map(_is_of_word, (text[left], text[right]))) for left, right in edges
    )


def _is_of_word(character: str) -> bool:
    return character == "_" or character.isdigit() or character.lower() != character.upper()
