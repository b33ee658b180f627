# SPDX-License-Identifier: Apache-2.0
"""HTML: the text a reader sees, with addresses and captions that stand in attributes; scripts and styles left out."""

from html.parser import HTMLParser
from typing import Final

from auditor.documents.extracted import Collector
from auditor.documents.plain import decoded

_HIDDEN: Final = frozenset({"script", "style", "template"})
_INLINE: Final = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "code", "em", "font", "i", "mark", "q", "s", "small", "span"}
)
_INLINE_MORE: Final = frozenset({"strong", "sub", "sup", "time", "u", "var", "wbr"})
_SPOKEN: Final = frozenset({"alt", "content", "href", "title", "value"})


def read_html(data: bytes, into: Collector) -> None:
    """The text of a page, block by block."""
    reader = _Reader(into)
    reader.feed(decoded(data))
    reader.close()


class _Reader(HTMLParser):
    def __init__(self, into: Collector) -> None:
        super().__init__(convert_charrefs=True)
        self._into = into
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        if tag not in _INLINE | _INLINE_MORE:
            self._into.add("\t" if tag in ("td", "th") else "\n")
        for name, value in attrs:
            if name in _SPOKEN and value:
                self._into.add(f" {value} ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN and self._hidden:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._into.add(data)
