# SPDX-License-Identifier: Apache-2.0
"""Names in scripts without capitals: two known names side by side; in Han and Hangul, family name before given."""

import re
from collections.abc import Iterator
from functools import cache

from auditor.calls import Match
from auditor.detectors.masks import found
from auditor.detectors.persons.names import load
from auditor.detectors.view import View

_WORD = re.compile(r"[\u0590-\u074f\u0900-\u0dff\u0e00-\u0fff\u1000-\u10ff\u1200-\u137f\u1780-\u17ff]+")
_EAST_ASIAN = re.compile(r"[\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7af]+")
_FIRST = "\u3040"
_EAST_ASIAN_RUN = re.compile(rf"{_EAST_ASIAN.pattern}(?:[ 　]{_EAST_ASIAN.pattern})*")
_LONGEST_FAMILY, _LONGEST_GIVEN = 3, 3


def spaced_names(view: View) -> Iterator[Match]:
    """Arabic, Hebrew, Indic, Thai, Georgian and Ethiopic: words between blanks."""
    if _WORD.search(view.beyond_ascii) is None:
        return
    names = load()
    previous: re.Match[str] | None = None
    for word in view.paced(_WORD.finditer(view.text)):
        if previous is not None and word.start() - previous.end() == 1 and view.text[previous.end()] == " ":
            first, last = previous[0], word[0]
            known = (first in names.given and (last in names.family or last in names.given)) or (
                first in names.family and last in names.given
            )
            if known and len(first) > 1 and len(last) > 1:
                yield found("PERSON", previous.start(), word.end(), f"{first} {last}", None, 0.65)
                previous = None
                continue
        previous = word


@cache
def _east_asian() -> tuple[frozenset[str], frozenset[str]]:
    names = load()
    return (
        frozenset(name for name in names.family if name >= _FIRST and _EAST_ASIAN.fullmatch(name)),
        frozenset(name for name in names.given if name >= _FIRST and _EAST_ASIAN.fullmatch(name)),
    )


def cjk_names(view: View) -> Iterator[Match]:
    """Chinese, Japanese and Korean: a family name directly, or with a blank, before a given name."""
    if _EAST_ASIAN.search(view.beyond_ascii) is None:
        return
    for run in view.paced(_EAST_ASIAN_RUN.finditer(view.text)):
        yield from _in_run(run.start(), run[0])


def _in_run(start: int, text: str) -> Iterator[Match]:
    place = 0
    while place < len(text):
        end = _name_at(text, place)
        if end:
            yield found("PERSON", start + place, start + end, text[place:end], None, 0.65)
            place = end
        else:
            place += 1


def _name_at(text: str, place: int) -> int | None:
    """End of the name that begins here: the longest family name followed by a given name, or the other way round."""
    family, given = _east_asian()
    for size in range(_LONGEST_FAMILY, 0, -1):
        head = text[place : place + size]
        if len(head) < size or (head not in family and head not in given):
            continue
        middle = place + size
        gap = 1 if text[middle : middle + 1] in (" ", "　") else 0
        for length in range(_LONGEST_GIVEN, 0, -1):
            tail = text[middle + gap : middle + gap + length]
            if len(tail) == length and (
                (head in family and tail in given and (length > 1 or gap)) or (gap and head in given and tail in family)
            ):
                return middle + gap + length
    return None
