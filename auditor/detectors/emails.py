# SPDX-License-Identifier: Apache-2.0
"""E-mail addresses: RFC 5322 dot-atoms at a host name with a top-level domain, in any script (RFC 6531)."""

from collections.abc import Iterable

from auditor.calls import Match
from auditor.detectors.masks import found
from auditor.detectors.patterns import Family, Pattern
from auditor.detectors.view import View

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\xff-]"
_LABEL = r"[A-Za-z0-9\x80-\xff](?:[A-Za-z0-9\x80-\xff-]*[A-Za-z0-9\x80-\xff])?"
_BEFORE = "'`*=/|{}?!#$%&~^"
_FILE_ENDINGS = frozenset(
    ("png", "jpg", "jpeg", "gif", "svg", "webp", "js", "css", "json", "html", "yaml", "so", "zip")
)


def _confirm(view: View, start: int, end: int) -> Iterable[Match]:
    value = view.text[start:end]
    local, _, host = value.rpartition("@")
    # What encloses an address is allowed inside one; at its beginning it is punctuation of the text.
    cut = max((local.rfind(mark) for mark in "'`=/|{}?&"), default=-1) + 1
    local, start = local[cut:].lstrip(_BEFORE), end - len(value) + len(value.rpartition("@")[0])
    start -= len(local)
    if not local or local.startswith(".") or not _is_host(host):
        return ()
    if view.text[max(0, start - 1) : start] == ":" and "//" in view.before(start, 60):
        return ()  # user:password@host of a URL
    return (found("EMAIL", start, end, view.text[start:end], score=0.95),)


def _is_host(host: str) -> bool:
    labels = host.split(".")
    top = labels[-1]
    if top.lower() in _FILE_ENDINGS or not 2 <= len(top) <= 24:
        return False
    return (top.isalpha() or top.lower().startswith("xn--")) and all(0 < len(label) < 64 for label in labels)


EMAILS = Family(
    types=frozenset({"EMAIL"}),
    patterns=(Pattern("email.address", rf"{_ATOM}+(?:\.{_ATOM}+)*@(?:{_LABEL}\.)+{_LABEL}", _confirm),),
)
