# SPDX-License-Identifier: Apache-2.0
"""Excel workbooks (ECMA-376 part 1 §18): each sheet as tab-separated rows below its name, cells in their columns.

Columns are kept where rows leave cells out, so that a header stands above its values. Numbers and formulas' results
are as stored; dates stay serial numbers.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from auditor.documents.extracted import Collector

COLUMNS_LIMIT: Final = 1_000
"""Columns kept apart; what lies further right follows without its place."""
STRINGS_LIMIT: Final = 8_000_000
"""Characters of shared strings kept."""
_LETTERS: Final = re.compile(r"[A-Z]{1,3}")


class WorkbookSheets:
    """Reads the workbook and its relations: the sheets' titles and members, in their order."""

    def __init__(self) -> None:
        self._titles: list[tuple[str, str]] = []
        self._members: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag == "sheet":
            relation = next((value for name, value in attributes.items() if name.endswith(" id")), "")
            self._titles.append((attributes.get("name", ""), relation))
        elif tag == "Relationship":
            target = attributes.get("Target", "")
            self._members[attributes.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"

    def end(self, _tag: str) -> None:
        """An element ends."""

    def text(self, _data: str) -> None:
        """Characters."""

    def sheets(self) -> Iterator[tuple[str, str]]:
        """Title and member of each sheet."""
        for title, relation in self._titles:
            yield title, self._members.get(relation, "")


class Strings:
    """Reads the shared strings, to be found by their number."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._pieces: list[str] = []
        self._inside = False
        self._left = STRINGS_LIMIT

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag == "si":
            self._pieces = []
        self._inside = tag == "t"

    def end(self, tag: str) -> None:
        """An element ends."""
        self._inside = False
        if tag == "si":
            self.found.append("".join(self._pieces))

    def text(self, data: str) -> None:
        """Characters."""
        if self._inside and self._left > 0:
            self._left -= len(data)
            self._pieces.append(data)


class Sheet:
    """Reads the rows of one sheet."""

    def __init__(self, into: Collector, strings: Sequence[str]) -> None:
        self._into, self._strings = into, strings
        self._kind = ""
        self._column = self._written = 0
        self._value: list[str] = []
        self._inside = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag == "row":
            self._column = self._written = 0
        elif tag == "c":
            self._kind = attributes.get("t", "")
            self._column = _column(attributes.get("r", ""), self._column + 1)
            self._value = []
        self._inside = tag in ("v", "t")

    def end(self, tag: str) -> None:
        """An element ends."""
        self._inside = False
        if tag == "c" and self._value:
            steps = self._column - max(self._written, 1) if self._column > self._written else 1
            self._written = max(self._column, self._written)
            self._into.add("\t" * min(steps, COLUMNS_LIMIT) + self._shown())
        elif tag == "row":
            self._into.add("\n")

    def text(self, data: str) -> None:
        """Characters."""
        if self._inside:
            self._value.append(data)

    def _shown(self) -> str:
        value = "".join(self._value)
        if self._kind == "s" and value.isascii() and value.isdigit() and len(value) < 10:
            number = int(value)
            value = self._strings[number] if number < len(self._strings) else ""
        return " ".join(value.split())


def _column(reference: str, following: int) -> int:
    """The number of a cell's column, from 1: "C7" is in the third; cells without a reference follow one another."""
    letters = _LETTERS.match(reference)
    if not letters:
        return following
    number = 0
    for letter in letters[0]:
        number = number * 26 + ord(letter) - 64
    return number
