# SPDX-License-Identifier: Apache-2.0
"""Source code and its language, by what lines look like: fences, keywords, punctuation, comments.

A passage is a run of lines that look like code, with the blank and comment lines between them. Markup and data
formats (HTML, CSS, JSON, YAML, Markdown, TeX) are no source code here.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import reduce
from operator import or_

from auditor.calls import Match
from auditor.detectors.code.languages import LANGUAGES, NO_CODE, language_of
from auditor.detectors.code.lines import BLANK, CODE, CODE_SIGNS, COMMENT, Lines, lines_of
from auditor.detectors.masks import found
from auditor.detectors.patterns import Family
from auditor.detectors.view import View

_FENCE = re.compile(r"[ \t]*(```+|~~~+)[ \t]*([\w+#.-]*)")
_FENCES = ("```", "~~~")
_LEAST_LINES = 3
"""Lines of code and comments below which a text is no source code."""
_COMMENT_BLOCK = 5
"""Lines of comment that are source code by themselves."""
_LEAST_SHARE, _LEAST_SHARE_FENCED = 0.45, 0.3
_LEAST_SIGNS = 2

type _Stretch = tuple[int, int]
"""First line, and the one behind the last."""


def _code(view: View) -> Iterator[Match]:
    """Fenced blocks, then runs of lines outside them."""
    if view.text.count("\n") < _LEAST_LINES - 1:
        return
    lines = lines_of(view)
    for stretch, label in _blocks(view, lines):
        if label is None:
            yield from _passages(view, lines, stretch)
        else:
            yield from _fenced(view, lines, stretch, label)


def _blocks(view: View, lines: Lines) -> Iterator[tuple[_Stretch, str | None]]:
    """Stretches of lines: inside a fence with its label, outside with None. A fence left open reaches to the end."""
    begin, fence, label = 0, "", None
    for number in _fence_lines(view, lines):
        mark = _FENCE.match(view.text, lines.starts[number])
        if mark is None or (fence and (not mark[1].startswith(fence) or mark[2])):
            continue
        if fence:
            yield (begin, number + 1), label
            begin, fence, label = number + 1, "", None
        else:
            yield (begin, number), None
            begin, fence, label = number, mark[1], mark[2].lower()
    yield (begin, len(lines.looks)), label


def _fence_lines(view: View, lines: Lines) -> Iterator[int]:
    """Lines that hold a run of backticks or tildes."""
    places = sorted(place for mark in _FENCES for place in _places(view.text, mark))
    for place in places:
        yield bisect_right(lines.starts, place) - 1


def _places(text: str, mark: str) -> Iterator[int]:
    """Where a mark stands, once a line."""
    place = text.find(mark)
    while place >= 0:
        yield place
        line_end = text.find("\n", place)
        place = text.find(mark, line_end) if line_end >= 0 else -1


def _fenced(view: View, lines: Lines, block: _Stretch, label: str) -> Iterator[Match]:
    first, last = block
    if label in NO_CODE or last - first < 2:
        return
    start, end = lines.starts[first], lines.starts[last] - 1
    body = view.text[lines.starts[first + 1] : end]
    language = LANGUAGES.get(label)
    if language or _is_code(lines, first + 1, last, _LEAST_SHARE_FENCED):
        yield found("SOURCE_CODE", start, end, body, language or language_of(body), 0.9)


def _passages(view: View, lines: Lines, stretch: _Stretch) -> Iterator[Match]:
    """Runs of code lines: short gaps belong to them, prose and markup end them."""
    for run in _RUN.finditer(lines.looks, *stretch):
        if _is_code(lines, *run.span(), _LEAST_SHARE):
            start, end = lines.starts[run.start()], lines.starts[run.end()] - 1
            text = view.text[start:end]
            yield found("SOURCE_CODE", start, end, text, language_of(text), 0.8)


_RUN = re.compile(rb"[cd](?:[ab]{0,8}[cd]|[abef]{1,2}[cd])*")
"""Looks of lines that begin and end with code or a comment, with short gaps (see `code_lines`)."""


def _is_code(lines: Lines, first: int, last: int, share: float) -> bool:
    """Whether enough of the written lines look like code, in enough ways; a block of comments counts as well."""
    looks = lines.looks[first:last]
    written = last - first - looks.count(BLANK)
    code, comments = looks.count(CODE), looks.count(COMMENT)
    if comments >= _COMMENT_BLOCK and comments + code >= 0.7 * written:
        return True
    if code < 2 or code + comments < _LEAST_LINES or code + 0.7 * comments < share * written:
        return False
    signs = reduce(or_, lines.signs[first:last], 0) & CODE_SIGNS
    return signs.bit_count() >= _LEAST_SIGNS - (share < _LEAST_SHARE)


SOURCE_CODE = Family(types=frozenset({"SOURCE_CODE"}), patterns=(), readers=(_code,))
