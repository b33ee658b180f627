# SPDX-License-Identifier: Apache-2.0
"""Phone numbers: international ones anywhere, national ones by their usual grouping or beside a word for phone.

Country codes, lengths and national formats are libphonenumber's metadata (https://github.com/google/libphonenumber),
as phonenumberslite carries them.
"""

import re
import traceback
from collections.abc import Iterable, Iterator

import phonenumbers
from phonenumbers import NumberParseException

from auditor.calls import Match
from auditor.detectors.masks import found
from auditor.detectors.patterns import Family, Pattern, context
from auditor.detectors.view import View

_REACH = 60
"""Characters around a number within which a word says that it is a telephone's."""
_CANDIDATE = re.compile(
    r"(?<![\w./-])(?<!\d,)(?:\+[ ]?)?\(?\d(?:[ \u00a0\u2009]{0,2}[().\-/–‑]{0,2}[ \u00a0\u2009]{0,2}\d){3,16}"
    r"(?:[ ]?(?:x|ext\.?|ext|#)[ ]?\d{1,6})?(?![\w%€$]|[.,:]\d|\.\w)"
)
_DIRECTLY = re.compile(r"[^\n:=]{0,24}[:=：]\s*[\"'`*_]{0,3}|\W{0,4}")
"""What may stand between a word for phone and a number for the number to need no further sign."""
_DATE = re.compile(r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d)(?!\d)")
_ZIP = re.compile(r"\d{5}-\d{4}")
_SSN = re.compile(r"\d{3}-\d{2}-\d{4}$")
_DECIMAL = re.compile(r"\d+\.\d+$")
_LOCAL_DIGITS = range(5, 16)
_LEADING_ZERO = ("DE", "FR", "GB", "IT", "NL", "CH", "AT", "BE", "SE", "AU", "JP", "KR", "ZA", "TR", "IN", "UA", "ID")
_NANP_GROUPS = re.compile(r"\(?\d{3}\)?[ .-]{0,2}\d{3}[.-]\d{4}")


def _confirm_international(view: View, start: int, end: int) -> Iterable[Match]:
    before, after = view.text[start - 1 : start] if start else "", view.after(end, 2)
    if before.isalnum() or before in (".", "_", ")", "+") or _goes_on(after):
        return ()
    value = view.text[start:end]
    number = _parsed(value, None)
    if number is None or value.count("(") != value.count(")"):
        return ()
    near = view.near("phone", start, end, _REACH)
    if not near and not phonenumbers.is_possible_number(number):
        return ()
    return _match(view, start, end, 0.9, number)


def _goes_on(after: str) -> bool:
    return after[:1].isalnum() or (after[:1] in (".", ",", ":") and after[1:].isdigit())


def _confirm_grouped(view: View, start: int, end: int) -> Iterable[Match]:
    """Groups as they are written in North America: few other numbers look like this."""
    before = view.text[start - 1 : start] if start else ""
    if before.isalnum() or before in (".", "-", "/", "_", "=", "$") or _goes_on(view.after(end, 2)):
        return ()
    if view.text[start:end].count(".") == 2 and not view.near("phone", start, end, _REACH, 20):
        return ()  # numbers with dots are versions as well
    return _match(view, start, end, 0.7)


def _confirm_national(view: View, start: int, end: int) -> Iterable[Match]:
    """A trunk prefix and groups: a phone number where some country's plan says so."""
    value = view.text[start:end]
    before = view.text[start - 1 : start] if start else ""
    if before.isalnum() or before in (".", "-", "/", "_", "(") or _goes_on(view.after(end, 2)) or _DATE.match(value):
        return ()
    if _ZIP.fullmatch(value) or _SSN.match(value) or view.before(start, 2)[:1].isdigit():
        return ()
    if any(_is_valid(value, region) for region in _LEADING_ZERO):
        return _match(view, start, end, 0.6)
    return ()


def _field(view: View, start: int, end: int) -> Iterable[Match]:
    """The value behind a label for phone numbers."""
    for candidate in _CANDIDATE.finditer(view.text[start : min(end, start + 80)]):
        if _is_plausible(candidate[0], explained=True):
            yield from _match(view, start + candidate.start(), start + candidate.end(), 0.88)


def _near_words(view: View) -> Iterator[Match]:
    """Numbers behind a word for phone, and a text that is nothing but a number."""
    for _, word_end in view.paced(view.words("phone")):
        stop = min(word_end + _REACH, view.line_end(word_end, _REACH))
        if view.text[stop : stop + 1] == "\n" and view.text[word_end:stop].strip(" :*_") == "":
            stop = view.line_end(stop + 1, _REACH)
        yield from _candidates(view, word_end, stop, 0.8)
    for number_end, word_start in _before_words(view):
        yield from _candidates(view, number_end, word_start, 0.7)
    text = view.text.strip()
    if 6 <= len(text) <= 24 and _CANDIDATE.fullmatch(text) and _is_somewhere_valid(text):
        start = view.text.index(text)
        yield from _match(view, start, start + len(text), 0.5)


def _before_words(view: View) -> Iterator[tuple[int, int]]:
    """Short stretches ahead of words like office, fax or mobile that follow their number."""
    for start, _ in view.paced(view.words("phone.after")):
        yield max(view.line_start(start, 30), start - 30), start


def _candidates(view: View, start: int, stop: int, score: float) -> Iterator[Match]:
    for candidate in _CANDIDATE.finditer(view.text, start, min(len(view.text), stop + 24)):
        if candidate.start() >= stop:
            return
        directly = _DIRECTLY.fullmatch(view.text, start, candidate.start()) is not None
        if _is_plausible(candidate[0], explained=directly):
            yield from _match(view, candidate.start(), candidate.end(), score)


def _is_plausible(value: str, explained: bool) -> bool:
    """Whether a number may be one to call: `explained` where a label says so, else it must not look like others."""
    digits = sum(map(str.isdigit, re.split(r"[x#e]", value)[0]))
    if value.count("(") != value.count(")") or _ZIP.fullmatch(value):
        return False
    if digits not in _LOCAL_DIGITS or _DATE.match(value) or _SSN.match(value) or _DECIMAL.match(value):
        return False
    if explained:
        return len(set(value)) > 2
    return 7 <= digits <= 15 and len(set(value)) > 3 and not (value.isdigit() and digits > 12)


def _match(view: View, start: int, end: int, score: float, number: object = None) -> Iterable[Match]:
    value = view.text[start:end]
    code = re.match(r"\+\d{1,3}", value)
    prefix = f"+{number.country_code}" if isinstance(number, phonenumbers.PhoneNumber) else code[0] if code else ""
    return (found("PHONE", start, end, value, None, score, prefix if value.startswith(prefix) else ""),)


def _parsed(value: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(value, region)
    except NumberParseException as error:
        # The library keeps it in a variable: a cycle, which would hold all that called us, and the body being searched.
        traceback.clear_frames(error.__traceback__)
        return None


def _is_valid(value: str, region: str) -> bool:
    number = _parsed(value, region)
    return number is not None and phonenumbers.is_valid_number_for_region(number, region)


def _is_somewhere_valid(value: str) -> bool:
    return any(_is_valid(value, region) for region in phonenumbers.SUPPORTED_REGIONS)


PHONES = Family(
    types=frozenset({"PHONE"}),
    patterns=(
        Pattern(
            "phone.international",
            r"\(?\+ ?\(?[1-9](?:[ ().\-/]{0,3}[0-9]){6,14}(?: ?(?:x|ext\.? ?)[0-9]{1,6})?",
            _confirm_international,
        ),
        Pattern("phone.prefix00", r"\b00[1-9][0-9]{0,2}[ -](?:[ ().\-/]{0,2}[0-9]){6,12}", _confirm_grouped),
        Pattern(
            "phone.north-america",
            r"(?:\+?1[ .-])?(?:\([0-9]{3}\) ?[0-9]{3}[-. ][0-9]{4}|[0-9]{3}-[0-9]{3}-[0-9]{4}|"
            r"[0-9]{3}\.[0-9]{3}\.[0-9]{4})"
            r"(?: ?x[0-9]{1,6})?",
            _confirm_grouped,
        ),
        Pattern(
            "phone.national",
            r"\(?\b0[0-9]{1,4}\)?[ /-][0-9]{2,8}(?:[ -][0-9]{2,4}){0,4}\b",
            _confirm_national,
        ),
        *context(
            "phone",
            "phone|tele?phone|telefon|telefone|tel[eé]fono|telepon|telefoon|telephon|mobile|mobil|mobiel|fax|faks",
            "whatsapp|kontakt|contacto|contato|anruf|rufen|rückruf|appel|joignable|llam|ligar",
            "ligue|telem[oó]vel|celular|m[oó]vil|cellulare|chiama|chiami|puhelin|bereikbaar|trovate|msisdn",
            "t[eé]l[eé]phone|sími|simu|simi|telefón|tālrunis|komórk|zadzwo|zavol|điện thoại|sđt|liên hệ",
            "τηλ|κινητ|тел|моб|телефон|звон|дзвон|電話|携帯|电话|手机|联系|電洽|전화|휴대|연락|هاتف|جوال|تلفن|موبايل|موبایل|اتصل",
            "טלפון|נייד|โทร|มือถือ|फ़ोन|फोन|मोबाइल|ফোন|தொலைபேசி|ఫోన్|ტელ|հեռ|hotline|helpline|voicemail|text me|"
            "messages? to",
        ),
        *context(
            "phone",
            "tel\\.?|cell|sms|call|calls|calling|contact|contacts|reach|handy|gsm|t[eé]l|portable|puh\\.?|"
            "mob\\.?|dial|ring|answering|ph\\.?",
            whole=True,
        ),
        *context("phone.after", "office|fax|mobile|cell|phone|home|work|mobil|m[oó]vil", whole=True),
    ),
    fields={"phone": _field},
    readers=(_near_words,),
)
