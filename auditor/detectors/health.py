# SPDX-License-Identifier: Apache-2.0
"""Health data: conditions, medicines and record numbers, in a medical field or about somebody.

A disease's name alone is a topic; behind a label (`Diagnosis:`), an ICD-10 code beside it, or a phrase that makes it
somebody's ("diagnosed with", "suffers from", "patient … asthma") it is health data.
"""

import re
from collections.abc import Iterable, Iterator

from auditor.calls import Match
from auditor.detectors.health_words import ABOUT, CONDITIONS, LABELS, MEDICINES, RECORDS, SELF, WEAK_LABELS
from auditor.detectors.masks import found
from auditor.detectors.patterns import Family, Pattern, context
from auditor.detectors.view import View
from auditor.detectors.words import words

_REACH = 90
"""Characters before a word of health in which words about a patient are looked for."""
_VALUE = re.compile(r"[^\W\d_][^\n;|<>{}\[\]=\"]{2,80}")
_CODE = re.compile(r"[=_(){}\[\]<>/\\]|\b(?:none|null|true|false|undefined|n/a|string)\b|::", re.IGNORECASE)
_RECORD = re.compile(r"(?:[A-Z]{1,5}[-# ]?)?\d[\dA-Z-]{3,14}", re.IGNORECASE)
_MODIFIERS = re.compile(
    r"(?:(?:type [12i]+|stage [\div]+|acute|chronic|severe|mild|moderate|advanced|metastatic|recurrent|"
    r"congenital|major|"
    r"generali[sz]ed|essential|rheumatoid|atrial|congestive|coronary|pulmonary|hepatic|renal|gestational|bipolar|"
    r"seasonal|"
    r"primary|secondary|bilateral|left|right|upper|lower|early|late|end)[ -]){0,3}$",
    re.IGNORECASE,
)


def _confirm_condition(view: View, start: int, end: int) -> Iterable[Match]:
    """A condition's name, where it is somebody's."""
    if not view.text[start].isascii():
        end = _word_end(view.text, end)
    elif not view.stands_alone(start, end):
        return ()
    if not _is_somebodys(view, start, end):
        return ()
    if _CODE.search(view.before(start, 2) + view.after(end, 2)):
        return ()
    lead = _MODIFIERS.search(view.before(start, 50))
    begin = start - (len(lead[0]) if lead else 0)
    return (found("HEALTH", begin, end, view.text[begin:end], "condition", 0.7),)


def _word_end(text: str, end: int) -> int:
    """Where a stem's word ends: a few more letters of a script with cases."""
    stop = end
    while stop < end + 5 and (text[stop : stop + 1].islower() or text[stop : stop + 1].isupper()):
        stop += 1
    return stop


def _is_somebodys(view: View, start: int, end: int) -> bool:
    """Whether words about a patient stand near, or the label of a medical field right ahead."""
    return (
        view.near("health.about", start, end, _REACH, 40)
        or view.near("health", start, end, 60, 30)
        or view.near("health.weak", start, end, 25)
        or view.near("health.self", start, end, 16)
    )


def _confirm_medicine(view: View, start: int, end: int) -> Iterable[Match]:
    """A medicine with its dose, or where it is somebody's."""
    if not view.stands_alone(start, end):
        return ()
    dose = re.match(r"[ -]{1,2}\d+(?:[.,]\d+)?[ ]?(?:mg|mcg|µg|g|ml|iu|units)\b", view.after(end, 16), re.IGNORECASE)
    if (
        dose is None
        and not view.near("health.about", start, end, _REACH, 40)
        and not view.near("health", start, end, 60)
    ):
        return ()
    stop = end + (dose.end() if dose else 0)
    return (found("HEALTH", start, stop, view.text[start:stop], "medicine", 0.7),)


def _confirm_measure(view: View, start: int, end: int) -> Iterable[Match]:
    """A measurement of somebody's body."""
    if not view.stands_alone(start, end) or _CODE.search(view.before(start, 2) + view.after(end, 2)):
        return ()
    return (found("HEALTH", start, end, view.text[start:end], "condition", 0.7),)


def _confirm_icd(view: View, start: int, end: int) -> Iterable[Match]:
    """An ICD-10 code (https://icd.who.int/browse10) in a medical surrounding."""
    if not view.stands_alone(start, end) or not view.near("health", start, end, 40, 20):
        return ()
    return (found("HEALTH", start, end, view.text[start:end], "icd-10", 0.75),)


def _field(view: View, start: int, end: int) -> Iterable[Match]:
    """The value behind a label for a diagnosis, a medicine, an allergy."""
    value = _VALUE.match(view.text, start, min(end, start + 90))
    if value is None:
        return ()
    text = value[0].rstrip(" .,;\t'`")
    if (
        _CODE.search(text)
        or len(text.split()) > 10
        or (view.after(start + len(text), 1) in ("(", "=", "_", ".") and "." in view.after(start + len(text), 2)[1:])
    ):
        return ()
    if text.lower() in _NO_VALUES or (text.isascii() and "_" in text):
        return ()
    return (found("HEALTH", start, start + len(text), text, "condition", 0.85),)


_NO_VALUES = words(
    "str string int integer float bool boolean any object list dict tuple set callable text char varchar number date "
    "required optional unknown default value values label labels field fields title name names description type "
    "types id ids code codes key keys error errors message status result results data item items model class classes "
    "function method true false null none undefined yes no tbd todo"
)


def _record(view: View) -> Iterator[Match]:
    """A record or insurance number behind its name."""
    for start, end in view.paced(view.words("health.record")):
        separator = re.compile(r"[\w .#°º()-]{0,16}?[\"'`*]{0,2}\s?(?:[:=#|>]|is|no\.?)[\s\"'`*]{0,3}|[ -]").match(
            view.text, end, end + 30
        )
        number = _RECORD.match(view.text, separator.end(), separator.end() + 24) if separator else None
        joined = re.compile(r"[-_ ]?\d{4,12}\b").match(view.text, end)
        if number and number[0][-1:].isalnum() and view.stands_alone(number.start(), number.end()):
            yield found("HEALTH", number.start(), number.end(), number[0], "record number", 0.9)
        elif joined and view.text[start:end].strip("_").isupper():
            yield found("HEALTH", start, joined.end(), view.text[start : joined.end()], "record number", 0.85)


def _bounded(names: str) -> str:
    """Names as whole words; scripts beyond ASCII have no boundaries in bytes, and are told by their neighbours."""
    return rf"\b(?:{names})\b" if names[0].isascii() and names[0] != "(" else f"(?:{names})"


HEALTH = Family(
    types=frozenset({"HEALTH"}),
    patterns=(
        *(
            Pattern(f"health.condition.{number}", _bounded(names), _confirm_condition, caseless=True)
            for number, names in enumerate(CONDITIONS)
        ),
        Pattern("health.medicine", rf"\b(?:{MEDICINES})\b", _confirm_medicine, caseless=True),
        Pattern("health.icd", r"\b[A-TV-Z][0-9][0-9A-B](?:\.[0-9A-Z]{1,4})\b", _confirm_icd),
        *context("health", *LABELS, whole=True),
        *context("health.weak", *WEAK_LABELS, whole=True),
        *context("health.about", *ABOUT),
        *context("health.self", *SELF, whole=True),
        Pattern(
            "health.pressure", r"blood pressure[a-z :]{1,12}[0-9]{2,3}/[0-9]{2,3}", _confirm_measure, caseless=True
        ),
        Pattern(
            "health.measure",
            r"\b(?:hba1c|bmi|ldl|hdl|psa|inr|egfr|tsh|cd4(?: count)?|viral load|cholesterol|glucose|blood sugar)"
            r"(?: level)?[ ]?(?:is|was|of|:|=)[ ]{0,2}[0-9]{1,3}(?:[.,][0-9]{1,2})?",
            _confirm_measure,
            caseless=True,
        ),
        *context("health.record", *RECORDS, whole=True),
    ),
    fields={"health": _field},
    readers=(_record,),
)
