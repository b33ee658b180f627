# SPDX-License-Identifier: Apache-2.0
"""Names that a text publishes itself: holders in copyright notices, authors in the comments of source files, and
names that are the text of a link to a profile. They say who wrote public work, not whose data was sent.
"""

import re
from collections.abc import Iterable, Iterator

from auditor.calls import Match
from auditor.detectors.view import View

_NOTICE = re.compile(r"copyright|copyleft|\(c\) ?\d{4}|©|:author:|@author|SPDX-", re.IGNORECASE)
_CREDIT = re.compile(
    r"^[\s\"']*(?:#|//|\*|/\*|;|--|%|\.\.)?.{0,40}?\b(?:authors?|created by|written by|modified by|maintainers?|"
    r"original (?:code|author)|adapted from|based on|ported from|maintained by|developed by|contributed by|"
    r"patch(?:es)? by|reported by|suggested by|fix(?:ed)? by|implemented by)\b",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"^\s*(?:#|//|\*|/\*|;|--|%|\.\. |[-*+] )")
_LINK = re.compile(r"[*_`]{0,2}(?:\]\(https?:|\]\[|`?_?\s<https?://|`_|\s\(`?@|\s\[https?:|\]?\s?\(https?:)")
_HANDLE = re.compile(r"(?:\[@[\w-]+\]\([^)\s]*\)|<https?://[^>\s]*>`?_?|@[\w-]+`?)\s*\($")
_NEAR = 160
"""Characters of its line before a name that are looked at."""


def without_bylines(view: View, matches: Iterable[Match]) -> Iterator[Match]:
    """The matches that are no bylines."""
    return (match for match in matches if not is_byline(view, match.start, match.end))


def is_byline(view: View, start: int, end: int) -> bool:
    """Whether a name at this place is the author or holder of what the text is part of."""
    ahead = view.text[view.line_start(start, _NEAR) : start]
    if _NOTICE.search(ahead) or _LINK.match(view.text, end, end + 20) or _HANDLE.search(ahead):
        return True
    return _COMMENT.match(ahead) is not None and _CREDIT.search(ahead) is not None
