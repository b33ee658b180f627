# SPDX-License-Identifier: Apache-2.0
"""Which pieces of one text stand in another: the row of an upload beside the output it came from.

Pieces are runs of at least `LEAST` words that both texts share, in any order and layout; each word of the row is in at
most one piece. Time is linear in the words; of texts that repeat themselves, `TRIED` places are looked at.
"""

from collections import defaultdict
from typing import Final

from auditor.calls import Value
from auditor.privacy.words import placed_words

LEAST: Final = 4
"""Words that must agree in a row."""

TRIED: Final = 16
"""Places in the output where a piece may begin that are compared."""


class Piece(Value, frozen=True):
    """A run of words that both texts hold: where it lies in each, in characters."""

    row_start: int
    row_end: int
    output_start: int
    output_end: int
    words: int


def align(row: str, output: str) -> tuple[Piece, ...]:
    """The pieces of `row` that stand in `output`, in the order of the row."""
    mine, theirs = placed_words(row), placed_words(output)
    here, there = [word for word, _, _ in mine], [word for word, _, _ in theirs]
    places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for place in range(len(there) - LEAST + 1):
        places[tuple(there[place : place + LEAST])].append(place)
    found: list[Piece] = []
    at = 0
    while at <= len(here) - LEAST:
        starts = places.get(tuple(here[at : at + LEAST]), ())[:TRIED]
        length, start = max(((_shared(here, at, there, start), start) for start in starts), default=(0, 0))
        if not length:
            at += 1
            continue
        last, end = at + length - 1, start + length - 1
        found.append(Piece(mine[at][1], mine[last][2], theirs[start][1], theirs[end][2], length))
        at += length
    return tuple(found)


def _shared(here: list[str], at: int, there: list[str], start: int) -> int:
    """How many words agree from these places on."""
    length = LEAST
    while at + length < len(here) and start + length < len(there) and here[at + length] == there[start + length]:
        length += 1
    return length
