# SPDX-License-Identifier: Apache-2.0
"""E-mail addresses: RFC 5322 dot-atoms at a host name with a top-level domain, in any script (RFC 6531)."""

import re
from collections.abc import Iterable

from auditor.calls import Match
from auditor.detectors.masks import found
from auditor.detectors.patterns import Family, Pattern
from auditor.detectors.view import View

_LONGEST_LOCAL = 128
_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~.-]+$")
_LABEL = r"[A-Za-z0-9\x80-\xff](?:[A-Za-z0-9\x80-\xff-]*[A-Za-z0-9\x80-\xff])?"
_BEFORE = "'`*=/|{}?!#$%&~^"
_FILE_ENDINGS = frozenset(
    ("png", "jpg", "jpeg", "gif", "svg", "webp", "js", "css", "json", "html", "yaml", "so", "zip")
)


def _confirm(view: View, start: int, end: int) -> Iterable[Match]:
    """What stands ahead of the at sign and host name that were found."""
    local = _LOCAL.search(view.text, max(0, start - _LONGEST_LOCAL), start)
    if local is None or not _is_host(view.text[start + 1 : end]):
        return ()
    # What encloses an address is allowed inside one; at its beginning it is punctuation of the text.
    cut = max(local[0].rfind(mark) for mark in "'`=/|{}?&") + 1
    name = local[0][cut:].lstrip(_BEFORE)
    begin = start - len(name)
    if not name or name.startswith("."):
        return ()
    if view.text[max(0, begin - 1) : begin] == ":" and "//" in view.before(begin, 60):
        return ()  # user:password@host of a URL
    return (found("EMAIL", begin, end, view.text[begin:end], score=0.95),)


def _is_host(host: str) -> bool:
    labels = host.split(".")
    top = labels[-1]
    if top.lower() in _FILE_ENDINGS or not 2 <= len(top) <= 24:
        return False
    return (top.isalpha() or top.lower().startswith("xn--")) and all(0 < len(label) < 64 for label in labels)


EMAILS = Family(
    types=frozenset({"EMAIL"}),
    patterns=(Pattern("email.address", rf"@(?:{_LABEL}\.)+{_LABEL}", _confirm),),
)
