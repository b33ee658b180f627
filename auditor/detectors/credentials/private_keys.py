# SPDX-License-Identifier: Apache-2.0
"""Private keys: PEM blocks (RFC 7468, OpenSSH, PGP), PuTTY files, and the short text forms of age and WireGuard.

Only the beginning is matched by pattern; the block's end is looked up in the text, so a key cut off half-way still
counts.
"""

import base64
import re
from collections.abc import Iterable

from auditor.calls import Match
from auditor.detectors.masks import found
from auditor.detectors.patterns import Confirm, Family, Pattern
from auditor.detectors.view import View

_LONGEST = 16_000
"""Characters between the lines that begin and end a key."""
_LABEL = re.compile(r"-----BEGIN ([A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?)-----")
_BODY = re.compile(r"[A-Za-z0-9+/=]{16}")


def _confirm_pem(view: View, start: int, end: int) -> Iterable[Match]:
    label = _LABEL.match(view.text, start)
    if label is None:
        return ()
    close = view.text.find(f"-----END {label[1]}-----", end, end + _LONGEST)
    stop = close + len(label[1]) + 14 if close >= 0 else _unclosed(view, end)
    if not _BODY.search(view.text, end, stop):
        return ()
    return (found("PRIVATE_KEY", start, stop, view.text[start:stop], label[1].removesuffix(" BLOCK"), 0.99),)


def _unclosed(view: View, end: int) -> int:
    """End of the base64 lines that follow a header without a footer."""
    body = re.compile(r"(?:[\s\"'+,]|\\[nr])*(?:[A-Za-z0-9+/=]{4,}(?:[\s\"'+,]|\\[nr])*)*").match(
        view.text, end, end + _LONGEST
    )
    return body.end() if body else end


def _confirm_encoded(view: View, start: int, end: int) -> Iterable[Match]:
    """A PEM block in base64, as Kubernetes secrets and environment files hold it."""
    head = base64.b64decode(view.text[start : start + 64])
    if b"PRIVATE KEY" not in head:
        return ()
    return (found("PRIVATE_KEY", start, end, view.text[start:end], "base64", 0.97),)


def _confirm_wireguard(view: View, start: int, end: int) -> Iterable[Match]:
    """32 bytes in base64 behind the name WireGuard gives them (https://www.wireguard.com/quickstart/)."""
    return (found("PRIVATE_KEY", end - 44, end, view.text[end - 44 : end], "wireguard", 0.9),)


def whole(subtype: str) -> Confirm:
    """Confirm a short text form that is a key as it stands."""

    def confirm(view: View, start: int, end: int) -> Iterable[Match]:
        if not view.stands_alone(start, end):
            return ()
        return (found("PRIVATE_KEY", start, end, view.text[start:end], subtype, 0.95),)

    return confirm


PRIVATE_KEYS = Family(
    types=frozenset({"PRIVATE_KEY"}),
    patterns=(
        Pattern("key.pem", r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----", _confirm_pem),
        Pattern("key.base64", r"LS0tLS1CRUdJTi[A-Za-z0-9+/]{60,}={0,2}", _confirm_encoded),
        Pattern("key.wireguard", r"\bPrivateKey[ \t]*=[ \t]*[A-Za-z0-9+/]{43}=", _confirm_wireguard),
        Pattern("key.age", r"AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}", whole("age")),
    ),
)
