# SPDX-License-Identifier: Apache-2.0
"""What of a value may be shown: enough to recognise it beside the original, never enough to use it.

By type: a card's last 4 digits; an IBAN's country and last 2; an address's first letter and top-level domain; a
phone number's country code and last 2 digits; a token's public prefix; of everything else nothing. Never more than
a quarter of the value's characters, whatever the type.
"""

from auditor.calls import Match

ELLIPSIS = "…"


def found(
    type_: str, start: int, end: int, value: str, subtype: str | None = None, score: float = 1.0, prefix: str = ""
) -> Match:
    """A match with its mask; `prefix` is the public beginning of a token or a phone number."""
    return Match(start=start, end=end, type=type_, subtype=subtype, score=score, masked=mask(type_, value, prefix))


def mask(type_: str, value: str, prefix: str = "") -> str:
    """The mask of a value of a type."""
    head, tail = _shown(type_, value, prefix)
    budget = len(value) // 4
    if len(head) > budget:
        head = ""
    left = budget - len(head)
    if len(tail) > left:
        tail = tail[len(tail) - left :] if tail.isdigit() else ""
    return f"{head}{ELLIPSIS}{tail}"


def _shown(type_: str, value: str, prefix: str) -> tuple[str, str]:
    match type_:
        case "PAYMENT_CARD":
            return "", _compact(value)[-4:]
        case "IBAN":
            return value[:2], _compact(value)[-2:]
        case "EMAIL":
            return value[:1], value[value.rfind(".") :] if "." in value else ""
        case "PHONE":
            return prefix, _compact(value)[-2:]
        case "SECRET":
            return prefix, ""
        case _:
            return "", ""


def _compact(value: str) -> str:
    return "".join(filter(str.isalnum, value))
