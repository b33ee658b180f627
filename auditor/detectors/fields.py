# SPDX-License-Identifier: Apache-2.0
"""Labelled values: `Phone: …`, `"mobile": "…"`, `<ssn>…</ssn>`, `phone=…`, and the columns of tables.

Labels are the context words of the pattern table, so one mechanism serves every family and every language. Where a
table's header names its columns (CSV, TSV, Markdown, grids), every cell below is a value of that label.
"""

import re
from collections.abc import Collection, Generator, Iterator
from typing import NamedTuple

from auditor.detectors.view import View

ROWS = 2_000
"""Rows of a table that are read below its header."""
_SEPARATOR = re.compile(
    r"[\w .()'’/#°º№\[\]-]{0,32}?"  # the rest of the label
    r"[\"'`*_)\]]{0,3}[ \t]*(?:=>|->|:=|==?|[:：＝>|]|[?？](?=\s)|"  # an answer to a question, too
    r"[ \t](?:is|ist|est|es|è|är|er|jest|este|on|je|é)[ \t])[ \t]*"
)
_OPENING = re.compile(r"(?:\n[ \t]*)?[*_]{0,2}[\"'`«“]?")
_LONGEST = 300
"""Characters of a value at most."""
_CLOSING = {'"': '"', "'": "'", "`": "`", "«": "»", "“": "”"}
_UNQUOTED_END = re.compile(r"\n|[|<]|\\n|\t|  ")


class Field(NamedTuple):
    """A value and the kind of its label, in characters."""

    kind: str
    start: int
    end: int


def labelled(view: View, kinds: Collection[str]) -> Iterator[Field]:
    """Values that stand behind a label of these kinds."""
    for kind in kinds:
        for _, end in view.words(kind):
            span = value_behind(view, end)
            if span:
                yield Field(kind, *span)


def value_behind(view: View, end: int) -> tuple[int, int] | None:
    """Where the value behind a label lies: within its quotes, else up to the end of the line or cell."""
    separator = _SEPARATOR.match(view.text, end, end + 80)
    if separator is None:
        return None
    opening = _OPENING.match(view.text, separator.end())
    start = opening.end() if opening else separator.end()
    quote = _CLOSING.get(view.text[start - 1]) if start > separator.end() else None
    stop = _closing(view.text, start, quote)
    while stop > start and view.text[stop - 1] in " \t\r,;*_}])":
        stop -= 1
    return (start, stop) if stop > start else None


def _closing(text: str, start: int, quote: str | None) -> int:
    stop = min(len(text), start + _LONGEST)
    if quote:
        place = text.find(quote, start, stop)
        line = text.find("\n", start, stop)
        if place >= 0 and (line < 0 or place < line):
            return place
    end = _UNQUOTED_END.search(text, start, stop)
    return end.start() if end else stop


def columns(view: View, kinds: Collection[str]) -> Iterator[Field]:
    """Cells of tables whose header names their columns with labels of these kinds."""
    done = -1
    for start in view.paced(_header_lines(view, kinds)):
        if start <= done:
            continue
        end = view.line_end(start, 2_000)
        delimiter = _delimiter(view.text[start:end].rstrip().rstrip(",;"))
        if delimiter is None or not _goes_on(view, end, delimiter, view.text.count(delimiter, start, end)):
            continue
        header = _cells(view.text, start, end, delimiter)
        names = [(place, kind) for place, cell in enumerate(header) for kind in kinds if _names(view, kind, *cell)]
        if names and sum(stop > begin for begin, stop in header) > 1:
            done = yield from _column_values(view, end, delimiter, len(header), names)


def _header_lines(view: View, kinds: Collection[str]) -> list[int]:
    starts = {view.line_start(start, 2_000) for kind in kinds for start, _ in view.words(kind)}
    return sorted(starts)


_DELIMITERS = ",;\t|"
_MARKS = {delimiter: re.compile(f'["{delimiter}]') for delimiter in _DELIMITERS}


def _delimiter(line: str) -> str | None:
    counts = {mark: line.count(mark) for mark in _DELIMITERS}
    mark = max(counts, key=lambda each: counts[each])
    return mark if counts[mark] else None


def _goes_on(view: View, end: int, delimiter: str, count: int) -> bool:
    """Whether the next line may be a row below a header: as many delimiters, or a rule."""
    stop = view.line_end(end + 1, 4_000)
    return view.text.count(delimiter, end + 1, stop) >= count or "--" in view.text[end + 1 : stop]


def _names(view: View, kind: str, start: int, end: int) -> bool:
    """Whether a header cell is little more than a label of this kind."""
    if not 1 < end - start <= 40:
        return False
    return any(start <= word[0] < end for word in view.words_from(kind, start))


def _column_values(
    view: View, end: int, delimiter: str, width: int, names: list[tuple[int, str]]
) -> Generator[Field, None, int]:
    """The cells of the named columns below a header; returns where the table ends."""
    for _ in range(ROWS):
        start = end + 1
        if start >= len(view.text):
            return end
        end = view.line_end(start, 4_000)
        line = view.text[start:end]
        if line.strip("|+-=: \t\r") == "" and line.strip():
            continue  # a rule between header and rows
        cells = _cells(view.text, start, end, delimiter)
        if len(cells) != width:
            return start - 1
        for place, kind in names:
            if cells[place][1] > cells[place][0]:
                yield Field(kind, *cells[place])
    return end


def _cells(text: str, start: int, end: int, delimiter: str) -> list[tuple[int, int]]:
    """Spans of the cells of a line, without blanks and quotes around them; quotes protect delimiters (RFC 4180)."""
    cells, begin, quoted = [], start, False
    for mark in _MARKS[delimiter].finditer(text, start, end):
        if mark[0] == '"':
            quoted = not quoted
        elif not quoted:
            cells.append(_trimmed(text, begin, mark.start()))
            begin = mark.end()
    cells.append(_trimmed(text, begin, end))
    return cells


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in ' \t\r"':
        start += 1
    while end > start and text[end - 1] in ' \t\r"':
        end -= 1
    return start, end
