# SPDX-License-Identifier: Apache-2.0
"""International bank account numbers (ISO 13616), by country format and check digits as python-stdnum knows them."""

from collections.abc import Iterable

from stdnum import iban

from auditor.calls import Match
from auditor.detectors.masks import found
from auditor.detectors.patterns import Family, Pattern
from auditor.detectors.view import View

_SHORTEST, _LONGEST = 15, 34


def _confirm(view: View, start: int, end: int) -> Iterable[Match]:
    before = view.text[start - 1 : start] if start else ""
    if before.isalnum():
        return ()
    value = view.text[start:end]
    for cut in _ends(value):
        candidate = value[:cut]
        if not view.text[start + cut : start + cut + 1].isalnum() and _is_valid(candidate):
            return (found("IBAN", start, start + cut, candidate, candidate[:2].upper(), 0.99),)
    return ()


def _ends(value: str) -> list[int]:
    """Where the number may end, longest first: words that follow may look like more of it."""
    kept = [place for place in range(1, len(value)) if value[place] in " -"]
    return [len(value), *reversed(kept)]


def _is_valid(candidate: str) -> bool:
    length = sum(map(str.isalnum, candidate))
    return _SHORTEST <= length <= _LONGEST and iban.is_valid(candidate)


IBANS = Family(
    types=frozenset({"IBAN"}),
    patterns=(Pattern("iban.number", r"[A-Za-z]{2}[0-9]{2}(?:[ -]?[A-Za-z0-9]){11,30}", _confirm),),
)
