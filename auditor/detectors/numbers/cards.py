# SPDX-License-Identifier: Apache-2.0
"""Payment card numbers: ISO/IEC 7812 issuer ranges with their lengths, and the Luhn check digit.

Ranges: https://en.wikipedia.org/wiki/Payment_card_number#Issuer_identification_number_(IIN), against the schemes'
public notes.
"""

import re
from collections.abc import Iterable

from stdnum import luhn

from auditor.calls import Match
from auditor.detectors.masks import found
from auditor.detectors.patterns import Family, Pattern, context
from auditor.detectors.view import View

_SCHEMES: tuple[tuple[str, int, int, frozenset[int]], ...] = (
    ("amex", 34, 34, frozenset({15})),
    ("amex", 37, 37, frozenset({15})),
    ("visa", 4, 4, frozenset({13, 16, 19})),
    ("mastercard", 51, 55, frozenset({16})),
    ("mastercard", 2221, 2720, frozenset({16})),
    ("discover", 6011, 6011, frozenset({16, 19})),
    ("discover", 644, 649, frozenset({16, 19})),
    ("discover", 65, 65, frozenset({16, 19})),
    ("diners", 300, 305, frozenset({14, 16})),
    ("diners", 309, 309, frozenset({14})),
    ("diners", 36, 36, frozenset({14})),
    ("diners", 38, 39, frozenset({14, 16})),
    ("jcb", 3528, 3589, frozenset({16, 19})),
    ("jcb", 2131, 2131, frozenset({15})),
    ("jcb", 1800, 1800, frozenset({15})),
    ("unionpay", 62, 62, frozenset({16, 17, 18, 19})),
    ("mir", 2200, 2204, frozenset({16, 19})),
    ("troy", 9792, 9792, frozenset({16})),
    ("rupay", 60, 60, frozenset({16})),
    ("rupay", 81, 82, frozenset({16})),
    ("rupay", 508, 508, frozenset({16})),
    ("elo", 5067, 5067, frozenset({16})),
    ("elo", 4576, 4576, frozenset({16})),
    ("elo", 6362, 6363, frozenset({16})),
    ("verve", 5060, 5061, frozenset({16, 18, 19})),
    ("verve", 5078, 5079, frozenset({16, 18, 19})),
    ("verve", 6500, 6500, frozenset({16, 18, 19})),
    ("dankort", 5019, 5019, frozenset({16})),
    ("humo", 9860, 9860, frozenset({16})),
    ("uzcard", 8600, 8600, frozenset({16})),
    ("arca", 9051, 9051, frozenset({16})),
    ("belkart", 9112, 9112, frozenset({16})),
    ("napas", 9704, 9704, frozenset({16, 19})),
    ("maestro", 50, 50, frozenset({12, 13, 14, 15, 16, 17, 18, 19})),
    ("maestro", 56, 58, frozenset({12, 13, 14, 15, 16, 17, 18, 19})),
    ("maestro", 6, 6, frozenset({12, 13, 14, 15, 16, 17, 18, 19})),
)
_AMBIGUOUS = frozenset({12, 13, 14, 17, 18, 19})
"""Lengths that count as a card only beside a word for it."""
_LENGTHS = range(12, 20)
_OTHERS = re.compile(r"[^\d .\u00a0-]")


def schemes() -> frozenset[str]:
    """The names of the card schemes."""
    return frozenset(name for name, _, _, _ in _SCHEMES)


def scheme(digits: str) -> str | None:
    """The card scheme whose issuer range and length a number has."""
    for name, low, high, lengths in _SCHEMES:
        if len(digits) in lengths and low <= int(digits[: len(str(low))]) <= high:
            return name
    return None


def _confirm(view: View, start: int, end: int) -> Iterable[Match]:
    value = view.text[start:end]
    digits = "".join(filter(str.isdigit, value))
    if not _is_apart(view, start, end) or not luhn.is_valid(digits) or len(set(digits)) < 2:
        return ()
    name = scheme(digits)
    if view.near("card", start, end, before=80, after=30):
        return (found("PAYMENT_CARD", start, end, value, name, 0.98 if name else 0.8),)
    if name is None or ((name == "maestro" or len(digits) in _AMBIGUOUS) and value == digits):
        return ()  # one in ten numbers passes the check; long ones are mostly time stamps and identifiers
    return (found("PAYMENT_CARD", start, end, value, name, 0.9),)


def _field(view: View, start: int, end: int) -> Iterable[Match]:
    """A whole cell or value that a label calls a card."""
    value = view.text[start:end]
    digits = "".join(filter(str.isdigit, value))
    if len(digits) not in _LENGTHS or _OTHERS.search(value) or not luhn.is_valid(digits) or len(set(digits)) < 2:
        return ()
    return (found("PAYMENT_CARD", start, end, value, scheme(digits), 0.95),)


def _is_apart(view: View, start: int, end: int) -> bool:
    before, after = view.before(start, 2), view.after(end, 2)
    if not view.stands_alone(start, end):
        return False
    goes_on = before[:1].isdigit() and before[1:] in (".", "-", "+")
    return not (goes_on or (after[:1] in (".", "-") and after[1:].isdigit()))


CARDS = Family(
    types=frozenset({"PAYMENT_CARD"}),
    patterns=(
        Pattern("card.plain", r"\b[0-9]{12,19}\b", _confirm),
        Pattern("card.groups", r"\b[1-9][0-9]{3}(?:[ -][0-9]{4}){2}[ -][0-9]{1,4}(?:[ -][0-9]{1,3})?\b", _confirm),
        Pattern("card.amex", r"\b3[47][0-9]{2}[ -][0-9]{6}[ -][0-9]{5}\b", _confirm),
        Pattern("card.diners", r"\b3[0689][0-9]{2}[ -][0-9]{6}[ -][0-9]{4}\b", _confirm),
        *context(
            "card",
            "card|credit|debit|visa|master ?card|amex|american express|diners|discover|jcb|maestro|rupay|unionpay|"
            "pan|ccn?|primary account number|carte|karte|kreditkarte|tarjeta|cart[aã]o|carta|kort|karta|kart|kartica|"
            "kartu|kártya|hitelkártya|kreditkort|kortnummer|kaart|kortele|kortelė|kart[eės]|karti|kadi|thẻ|sol[aă]"
            "k[aā]rt|κάρτα|κάρτας|πιστωτικ|карт|картка|картиц|カード|クレジット|信用卡|银行卡|銀行卡|卡号|"
            "卡號|储蓄卡|金融卡|"
            "카드|신용카드|بطاقة|البطاقة|کارت|כרטיס|कार्ड|কার্ড|கார்டு|కార్డు|ಕಾರ್ಡ್|കാർഡ്|કાર્ડ|บัตร|ბარათ|"
            "քարտ|ካርድ|កាត|ບັດ|ကတ်|කාඩ්",
        ),
    ),
    fields={"card": _field},
)
