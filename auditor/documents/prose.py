# SPDX-License-Identifier: Apache-2.0
"""Running text in XML: paragraphs and tables of Word, PowerPoint and OpenDocument, read as they pass.

A paragraph ends with a line break, a table's cell with a tab, its row with a line break.
Formats: ECMA-376 part 1 §17 (WordprocessingML), §21.1 (DrawingML); OASIS ODF 1.3 part 3 §5, §9.
"""

from collections.abc import Set as AbstractSet
from typing import Final, Protocol

from auditor.documents.extracted import Collector

_WORDS: Final = frozenset({"t", "delText", "instrText"})
"""Written text, text deleted but still in the file, and field codes (links)."""


class XmlReader(Protocol):
    """Takes the events of an XML part; tags and attributes may carry a namespace before a blank."""

    def start(self, tag: str, attributes: dict[str, str]) -> None: ...  # noqa: D102
    def end(self, tag: str) -> None: ...  # noqa: D102
    def text(self, data: str) -> None: ...  # noqa: D102


class Words:
    """Office prose: the text of some elements, by default of runs."""

    def __init__(self, into: Collector, spoken: AbstractSet[str] = _WORDS) -> None:
        self._into, self._spoken = into, spoken
        self._inside = self._cells = 0

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag in self._spoken:
            self._inside += 1
        elif tag == "tc":
            self._cells += 1
        elif tag == "tab":
            self._into.add("\t")
        elif tag in ("br", "cr"):
            self._into.add("\n")

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag in self._spoken:
            self._inside -= 1
            if self._spoken is not _WORDS:
                self._into.add("\n")
        elif tag == "p":
            self._into.add(" " if self._cells else "\n")
        elif tag == "tc":
            self._cells -= 1
            self._into.add("\t")
        elif tag in ("tr", "comment"):
            self._into.add("\n")

    def text(self, data: str) -> None:
        """Characters."""
        if self._inside:
            self._into.add(data)


class OpenDocument:
    """OpenDocument text, spreadsheets and presentations: paragraphs, headings, and the sheets' names."""

    _BREAKS: Final = {"tab": "\t", "s": " ", "line-break": "\n"}

    def __init__(self, into: Collector) -> None:
        self._into = into
        self._inside = self._cells = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag in ("p", "h"):
            self._inside += 1
        elif tag == "table-cell":
            self._cells += 1
        elif tag == "table":
            title = next((value for name, value in attributes.items() if name.endswith(" name")), "")
            self._into.add(f"\n[sheet: {title}]\n")
        elif tag in self._BREAKS:
            self._into.add(self._BREAKS[tag])

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag in ("p", "h"):
            self._inside -= 1
            self._into.add(" " if self._cells else "\n")
        elif tag == "table-cell":
            self._cells -= 1
            self._into.add("\t")
        elif tag == "table-row":
            self._into.add("\n")

    def text(self, data: str) -> None:
        """Characters."""
        if self._inside:
            self._into.add(data)
