# SPDX-License-Identifier: Apache-2.0
"""Dates of birth: a date beside a word for birth, or in a field or column of that name. A date alone is no match."""

import re
from collections.abc import Iterable, Iterator

from auditor.calls import Match
from auditor.detectors.masks import found
from auditor.detectors.patterns import Family, context
from auditor.detectors.view import View

_REACH = 40
"""Characters behind a word of birth within which its date stands."""
_YEARS = range(1880, 2031)
_DATE = re.compile(
    r"(?<![\d.])(?:"
    r"(?P<y1>\d{4})[-/.\s年년](?:\s?)(?:\d{1,2})[-/.\s月월](?:\s?)(?:\d{1,2})[日일]?(?:T[\d:.Z+]+)?"
    r"|\d{1,2}(?:[-/.]|\.\s|\s[-/]\s)(?:\d{1,2}|[^\W\d_]{3,12}\.?)(?:[-/.]|\.\s|\s[-/]\s)(?P<y2>\d{4}|\d{2})"
    r"|\d{1,2}(?:st|nd|rd|th|er|º|ª|\.)?\s(?:of\s|de\s|di\s|d')?[^\W\d_]{3,14}\.?,?\s(?:de\s|del\s)?(?P<y3>\d{4})"
    r"|[^\W\d_]{3,14}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s(?P<y4>\d{4})"
    r"|(?P<y5>(?:19|20)\d{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r")(?!\d)"
)


def _dates(view: View, start: int, stop: int, score: float) -> Iterator[Match]:
    for date in _DATE.finditer(view.text, start, min(len(view.text), stop + 30)):
        if date.start() >= stop:
            return
        year = next(part for part in date.groups() if part)
        if len(year) == 2 or int(year) in _YEARS:
            yield found("DATE_OF_BIRTH", date.start(), date.end(), date[0], None, score)
            return


def _field(view: View, start: int, end: int) -> Iterable[Match]:
    return tuple(_dates(view, start, min(end, start + 40), 0.97))


def _near_words(view: View) -> Iterator[Match]:
    for _, word_end in view.paced(view.words("birth")):
        yield from _dates(view, word_end, word_end + _REACH, 0.93)


BIRTHS = Family(
    types=frozenset({"DATE_OF_BIRTH"}),
    patterns=(
        *context("birth", "dob|d\\.o\\.b\\.?", whole=True),
        *context(
            "birth",
            "date ?_?of ?_?birth|birth ?_?date|birth ?_?day|born|bday|geboren|geb\\.|geburts|n[eé]e? le|"
            "n[eé]\\(e\\) le|naissance|nacid|nacimiento",
            "nascid|nascimento|nata? il|nat[oa]|nascita|data di nascita|geboortedatum|født|fødsel|född|födelse|"
            "syntynyt",
            "syntymä|narozen|naroden|urodz|született|születés|rođen|rojen|născut|nașter|naștere|doğum|dogum|"
            "gimęs|gimim|gimi|születtem|születt|nac[ií]\\b|rojst|sünniaeg|sündin|sünni|lindur|linda|roden|rođ|"
            "rodjen|datum rodenja|ro[dđ]enja|fødd|födda|fødte|kelahiran|tgl lahir|tarikh lahir|petsa ng kapanganakan|"
            "breith|genedigaeth|ganwyd|jaio|tugilgan|dünyaya|ziua de na[sș]tere",
            "dzimis|dzimšan|sünd|synnynyt|lahir|sinh ngày|ngày sinh|sinh|ipinanganak|kapanganakan|kuzaliwa|"
            "fæddur|fæðing",
            "ditëlindj|datëlindj|γεννήθ|γέννησ|γεννημ|рожд|ражд|родил|родена?|народ|рођ|роден|нарођ|туған|"
            "төрсөн|туулган|生年月日|生まれ|誕生日|出生|誕生|生日|生於|生于|생년월일|생일|출생",
            "تاريخ الميلاد|الميلاد|مواليد|ولد|تولد|תאריך לידה|נולד|วันเกิด|เกิด|जन्म|জন্ম|பிறந்த|జన్మ|"
            "పుట్టిన|ಜನ್ಮ|ജനന|જન્મ|ਜਨਮ|උපන්|မွေး|ເກີດ|កំណើត|ልደት|დაბად|ծնվ|ծննդ",
        ),
    ),
    fields={"birth": _field},
    readers=(_near_words,),
)
