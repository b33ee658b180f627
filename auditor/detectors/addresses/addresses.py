# SPDX-License-Identifier: Apache-2.0
"""Postal addresses: streets with a house number in the forms of many countries, units, postal codes, and labels.

Forms after the Universal Postal Union's country sheets
(https://www.upu.int/en/Postal-Solutions/Programmes-Services/Addressing-Solutions). A street alone is a place on a map;
with a number, a unit or a postal code it is where somebody lives or works.
"""

import re
from collections.abc import Iterable

from auditor.calls import Match
from auditor.detectors.addresses.fields import introduced_addresses, labelled_address, postal_codes
from auditor.detectors.addresses.words import (
    ABBREVIATED_SUFFIXES,
    INTRODUCTIONS,
    JOINED_SUFFIXES,
    LABELS,
    POSTAL_LABELS,
    STREET_PREFIXES,
    STREET_SUFFIXES,
    UNITS,
)
from auditor.detectors.masks import found
from auditor.detectors.patterns import Family, Pattern, context
from auditor.detectors.view import View

_STATES = (
    "A[AEKLPRSZ]|C[AOT]|D[CE]|F[LM]|G[AU]|HI|I[ADLN]|K[SY]|LA|M[ADEHINOPST]|N[CDEHJMVY]|O[HKR]|P[ARW]|RI|S[CD]|"
    "T[NX]|UT|"
    "V[AIT]|W[AIVY]"
)
_NUMBER_BEFORE = re.compile(
    r"(?:(?:\d{1,6}[A-Za-z]?(?:[-/]\d{1,5})?|H\.? ?No\.? ?\d+|No\.? ?\d+),?[ ](?:(?:bis|ter|quater)[ ,]+)?){1,3}"
    r"(?:(?![\d(])[\w.'’-]+[ ]){0,4}$"
)
_NUMBER_BEHIND = re.compile(
    r"[^\d\n,;:<>(){}\"=|]{0,48}?,?[ ]?(?:n[°ºo]\.?[ ]?|nr\.?[ ]?|no\.?[ ]?|№[ ]?|д\.?[ ]?|буд\.?[ ]?|"
    r"č\.?p?\.?[ ]?|sz\.?[ ]?|nº[ ]?)?"
    r"(?<![\d.])\d{1,5}[A-Za-z]?(?:[-/]\d{1,4}[A-Za-z]?)?(?![\d%]|\.\d|[ ]?(?:am|pm|h|min|km|%|€|years|days)\b)",
    re.IGNORECASE,
)
_WORDS_BEFORE = re.compile(
    r"(?:(?:\d{1,6}[A-Za-z]?,?[ ]){0,2}(?:(?:[^\W\d_a-z][\w.'’-]*|de|van|der|den|von|zum|zur|am|an|im)[ ]){0,4})$"
)
_CAPITAL_BEHIND = re.compile(
    r"[ ](?:(?:de|du|des|la|le|les|del|della|delle|dei|di|da|do|dos|das|d'|l'|dell')[ ]?){0,3}(?:[^\W\d_a-z]|\d)"
)
_LINE = re.compile(r"(?:[ \t]*,)?[ \t]*\n?[ \t>?|]{0,6}")
_UNIT = rf"(?:{UNITS})[ #.]*(?:n[°º.]?[ ]?)?[\dA-Z][\w-]{{0,5}}"
_CITY = r"[^\W\d_a-z][\w'’.-]*(?:[ ](?:[^\W\d_a-z][\w'’.-]*|de|del|la|da|do|di|am|an|der|upon|sur|les|en|nad|y|e)){0,4}"
_POSTCODE = (
    r"(?:\d{3}[ ]?\d{2}|\d{4,6}(?:-\d{3,4})?(?:[ ]?[A-Z]{2}\b)?|\d{2}-\d{3}|\d{5}-\d{3}|"
    r"[A-Z]{1,2}\d[\dA-Z]?[ ]?\d[A-Z]{2}|"
    r"[A-Z]\d[A-Z][ ]?\d[A-Z]\d|[A-Z]{2}-\d{4,5})"
)
_TAIL = re.compile(
    rf"(?:[, ]+|[ ,]*\n[ \t>?|]*)(?:{_UNIT}|{_POSTCODE}(?:[ ,]+{_CITY})?|"
    rf"{_CITY}[, -]+(?:[A-Z]{{2,3}}[, ]+)?{_POSTCODE}\b|"
    rf"{_CITY},[ ]?(?:{_STATES})\b)"
    rf"|(?:\n[ \t>?|]*[^\n:@\d]{{2,40}}){{0,2}}\n{{1,2}}[ \t>?|]*[^\n:@\d]{{0,40}}?\b\d{{4,6}}(?=[ ]*(?:\n|$))"
)
_MOST_TAILS = 5
"""Parts that may follow a street: unit, city, postal code, state, country."""


def _confirm_number_first(view: View, start: int, end: int) -> Iterable[Match]:
    """`12 Main Street`: the whole form was matched."""
    value = view.text[start:end]
    if view.text[start - 1 : start].isalnum() or view.text[start - 1 : start] in (".", "/", "-", "#"):
        return ()
    words = value.split()[1:]
    if not any(word[:1].isupper() or word[:1].isdigit() for word in words) and not view.is_lower:
        return ()
    return (_address(view, start, end),)


def _confirm_prefix(view: View, start: int, end: int) -> Iterable[Match]:
    """`rue de la Paix 3`, `3, rue de la Paix`, `ul. Długa 5`."""
    if view.text[start - 1 : start].isalnum():
        return ()
    if not _CAPITAL_BEHIND.match(view.text, end - 1, end + 20) and not view.is_lower:
        return ()
    ahead = _NUMBER_BEFORE.search(view.before(start, 30))
    behind = _NUMBER_BEHIND.match(view.text, end, end + 70)
    if ahead is None and behind is None:
        return ()
    begin = start - len(ahead[0]) if ahead else start
    stop = behind.end() if behind else _street_end(view, end)
    return (_address(view, begin, stop),)


def _street_end(view: View, end: int) -> int:
    """End of the street's name where no number follows it."""
    name = re.compile(r"(?:[ ]?[\w.'’-]+){1,4}").match(view.text, end)
    return name.end() if name else end


def _confirm_joined(view: View, start: int, end: int) -> Iterable[Match]:
    """`Hauptstraße 12`, `Kerkweg 5`: the kind of street is part of its name."""
    word = re.search(r"[\w.'’-]*$", view.before(start, 40))
    begin = start - (len(word[0]) if word else 0)
    if not (view.text[begin : begin + 1].isupper() or view.is_lower) or view.text[begin:start] == "":
        return ()
    lead = _WORDS_BEFORE.search(view.before(begin, 40))
    return (_address(view, begin - (len(lead[0]) if lead else 0), end),)


def _confirm_spaced(view: View, start: int, end: int) -> Iterable[Match]:
    """`Kossuth Lajos utca 12.`, `Atatürk Cad. No: 5`, `Tycho Brahes gade 7`: capitalised words, the kind, a number."""
    lead = re.search(r"(?:[^\W\d_a-z][\w.'’-]*[ ]){1,4}$", view.before(start, 50))
    if lead is None:
        return ()
    return (_address(view, start - len(lead[0]), end),)


def _confirm_piece(view: View, start: int, end: int) -> Iterable[Match]:
    """Units, boxes, military posts, state and postal code: parts that only addresses have."""
    if not view.stands_alone(start, end):
        return ()
    lead = _STREET_AHEAD.search(view.before(start, 70))
    return (_address(view, start - (len(lead[0]) if lead else 0), end, 0.74),)


_STREET_AHEAD = re.compile(
    r"(?:(?:\d{1,6}[A-Za-z]?,?[ ]){0,2}(?:[^\W\d_][\w.'’-]*[ ]){1,5}\d{1,5}[A-Za-z]?[.,]?[ \n>?|\t]{1,8}|\b\d{1,6}[ ])$"
)
"""A name and a number right ahead of a unit: a street of a kind we have no word for."""


def _confirm_street(view: View, start: int, end: int) -> Iterable[Match]:
    """`Barbosa Street`: the full word, capitalised, without a number."""
    name = _CAPITALISED_AHEAD.search(view.before(start, 40))
    if name is None or not view.stands_alone(start - len(name[0]), end):
        return ()
    return (_address(view, start - len(name[0]), end, 0.66),)


_CAPITALISED_AHEAD = re.compile(r"[^\W\d_a-z][\w'’-]+(?:[ ][^\W\d_a-z][\w'’-]+)?$")


def _confirm_state(view: View, start: int, end: int) -> Iterable[Match]:
    """`Springfield, IL 62704`: with the city ahead of it."""
    if not view.stands_alone(start, end):
        return ()
    city = re.search(rf"(?:{_CITY}),?[ \n]{{1,2}}$", view.before(start, 40))
    if city is None:
        return ()
    return (_address(view, start - len(city[0]), end, 0.74),)


def _confirm_east_asian(view: View, start: int, end: int) -> Iterable[Match]:
    run = re.compile(r"[\u4e00-\u9fff\u3040-\u30ffー々ヶケノ\d０-９\-－ 　]+").match(view.text, _run_start(view, start))
    if run is None or not any(map(str.isdigit, run[0])) or sum(letter > "\u3000" for letter in run[0]) < 3:
        return ()
    return (found("ADDRESS", run.start(), run.start() + len(run[0].rstrip()), run[0], None, 0.78),)


def _run_start(view: View, start: int) -> int:
    while (
        start > 0
        and (view.text[start - 1] > "\u3000" or view.text[start - 1].isdigit())
        and view.text[start - 1] not in "：、。，"
    ):
        start -= 1
    return start


def _confirm_korean(view: View, start: int, end: int) -> Iterable[Match]:
    lead = re.search(r"(?:[가-힣]+[ ]){0,4}[가-힣]*$", view.before(start, 40))
    begin = start - (len(lead[0]) if lead else 0)
    return (found("ADDRESS", begin, end, view.text[begin:end], None, 0.78),)


def _address(view: View, start: int, end: int, score: float = 0.78) -> Match:
    """The match with what belongs to it behind: unit, city, postal code, state."""
    for _ in range(_MOST_TAILS):
        tail = _TAIL.match(view.text, end, end + 90)
        if tail is None:
            break
        end = tail.end()
    return found("ADDRESS", start, end, view.text[start:end], None, score)


ADDRESSES = Family(
    types=frozenset({"ADDRESS"}),
    patterns=(
        Pattern(
            "address.number-first",
            rf"\b[0-9]{{1,6}}[A-Za-z]?,? "
            rf"(?:[A-Za-z0-9\x80-\xff][A-Za-z0-9.'\x80-\xff-]* ){{1,4}}(?:{STREET_SUFFIXES})\b\.?",
            _confirm_number_first,
            caseless=True,
            late=200,
        ),
        Pattern("address.prefix", rf"(?:{STREET_PREFIXES})[ ]", _confirm_prefix, caseless=True),
        Pattern(
            "address.joined",
            rf"(?:{JOINED_SUFFIXES}),? (?:nr\.? ?)?[0-9]{{1,4}}[a-z]?\b",
            _confirm_joined,
            caseless=True,
        ),
        Pattern(
            "address.spaced",
            rf" (?:{ABBREVIATED_SUFFIXES})(?: |, ?|\.| no[:.]? ?| nr\.? ?|: ?){{1,3}}[0-9]{{1,5}}",
            lambda view, start, end: _confirm_spaced(view, start + 1, end),
            caseless=True,
        ),
        Pattern("address.unit", rf"\b(?:{UNITS})[ #.]{{1,2}}[0-9]{{1,5}}[A-Za-z]?\b", _confirm_piece, caseless=True),
        Pattern(
            "address.box",
            r"\b(?:p\.? ?o\.? ?box|postbox|postboks|postfach|postbus|apartado(?: postal)?|casilla(?: de correo)?|"
            r"b\.?p\.?|bo(?:î|i)te postale|"
            r"c\.?p\.?|caixa postal|pl|box|po box|gpo box)[ #.:]{1,2}[0-9]{1,6}\b",
            _confirm_piece,
            caseless=True,
        ),
        Pattern(
            "address.military",
            r"\b(?:USNS|USNV|USS|USCGC|PSC|CMR|Unit) [^\n]{1,30}\n?,? ?(?:APO|FPO|DPO),? A[AEP] [0-9]{5}",
            _confirm_piece,
            caseless=True,
        ),
        Pattern("address.street", r" (?:Street|Avenue|Boulevard|Road|Lane)\b", _confirm_street),
        Pattern("address.state", rf"\b(?:{_STATES}),? [0-9]{{5}}(?:-[0-9]{{4}})?\b", _confirm_state),
        Pattern("address.postcode.gb", r"\b[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][ABD-HJLNP-UW-Z]{2}\b", _confirm_piece),
        Pattern(
            "address.postcode.ca",
            r"\b[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z] [0-9][ABCEGHJ-NPRSTV-Z][0-9]\b",
            _confirm_piece,
        ),
        Pattern(
            "address.japan",
            r"(?:[0-9]|[\xef][\xbc][\x90-\x99])(?:丁目|番|号|-[0-9])|[0-9]+(?:号|弄|室|號|巷)",
            _confirm_east_asian,
        ),
        Pattern("address.korea", r"(?:로|길|동|읍|면|리)[ ]?[0-9]{1,4}(?:-[0-9]{1,4})?", _confirm_korean),
        *context("address", *LABELS),
        *context("postal", *POSTAL_LABELS),
        *context("address.intro", *INTRODUCTIONS),
    ),
    fields={"address": labelled_address},
    readers=(introduced_addresses, postal_codes),
)
