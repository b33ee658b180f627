# SPDX-License-Identifier: Apache-2.0
"""Where in a document a character of its text lies, by the lines its readers put above pages, sheets and slides."""

import re
from typing import Final

_MARK: Final = re.compile(r"^\[(page \d+|sheet: .{1,80}|form|properties|[a-zA-Z]+\d*)\]$", re.M)


def place_in(text: str, offset: int) -> str:
    """The page, sheet, slide or part that a character of an extracted text lies in; "" before the first of them."""
    place = ""
    for mark in _MARK.finditer(text, 0, offset):
        place = mark[1]
    return place
