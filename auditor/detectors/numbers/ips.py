# SPDX-License-Identifier: Apache-2.0
"""Internet addresses: IPv4 dotted quads and IPv6 (RFC 4291 2.2), as `ipaddress` reads them.

A dotted quad is also a version number or an OID: those are told by their neighbours.
"""

import ipaddress
import re
from collections.abc import Iterable

from auditor.calls import Match
from auditor.detectors.masks import found
from auditor.detectors.patterns import Family, Pattern
from auditor.detectors.view import View

_VERSION = re.compile(r"(?:version|ver|release|build|firmware|oid|v|==|>=|<=|~=)[\s:=\"']{0,3}$", re.IGNORECASE)
_ZONE = re.compile(r"%[0-9A-Za-z]+")


def _confirm_v4(view: View, start: int, end: int) -> Iterable[Match]:
    if _continues(view, start, end) or _VERSION.search(view.before(start, 12)):
        return ()
    return _parsed(view, start, end, "IPv4")


def _confirm_v6(view: View, start: int, end: int) -> Iterable[Match]:
    value = view.text[start:end]
    if _joins(view.text[start - 1 : start]) or _joins(view.after(end, 1)) or not any(map(str.isalnum, value)):
        return ()
    if sum(map(str.isalnum, value)) < 3 and not value.startswith("::"):
        return ()  # "a::" and "a::b" are names of C++ and Rust
    if view.before(start, 1) == "[" and value.startswith("::") and value[2:].isdigit():
        return ()  # a slice
    return _parsed(view, start, end, "IPv6")


def _parsed(view: View, start: int, end: int, subtype: str) -> Iterable[Match]:
    value = view.text[start:end]
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return ()
    zone = _ZONE.match(view.after(end, 20)) if address.version == 6 else None
    end += zone.end() if zone else 0
    return (found("IP_ADDRESS", start, end, value, subtype, 0.9),)


def _continues(view: View, start: int, end: int) -> bool:
    """Whether digits and dots go on: then it is no quad but a longer number, a version or an OID."""
    before, after = view.before(start, 2), view.after(end, 2)
    if before and (before[-1].isalnum() or before[-1] == "_" or (before[-1] == "." and before[:1].isalnum())):
        return True
    return bool(after) and (after[0].isalnum() or (after[0] in ".-" and after[1:2].isalnum() and after[0] == "."))


def _joins(neighbour: str) -> bool:
    return neighbour.isalnum() or neighbour in (":", "_")


_QUAD = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
IPS = Family(
    types=frozenset({"IP_ADDRESS"}),
    patterns=(
        Pattern("ip.v4", rf"\b{_QUAD}(?:\.{_QUAD}){{3}}\b", _confirm_v4),
        Pattern("ip.v6", r"(?:[0-9A-Fa-f]{1,4})?(?::[0-9A-Fa-f]{0,4}){2,7}(?:\.[0-9]{1,3}){0,3}", _confirm_v6),
    ),
)
