# SPDX-License-Identifier: Apache-2.0
"""Confidentiality marks: what a document says about itself, not what a text says about secrecy.

A mark is a classification field (`Classification: Confidential`), a line that holds nothing else, a Traffic Light
Protocol label (https://www.first.org/tlp/), a government caveat, or a proprietary notice of a licence header. Prose
("kept strictly confidential", "a confidential report") is none.
"""

import re
from collections.abc import Iterable

from auditor.calls import Match
from auditor.detectors.mark_words import ALONE, FIELD_NAMES, LEVELS, WEAK
from auditor.detectors.masks import found
from auditor.detectors.patterns import Family, Pattern, context
from auditor.detectors.view import View

_QUALIFIER = re.compile(
    r"(?:(?:strictly|highly|company|commercially|commercial|business|client|medical|staff|streng|strikt|très|"
    r"strictement|"
    r"estrictamente|strettamente|ściśle|vs-|совершенно|строго)[ -]?)+$",
    re.IGNORECASE,
)
_LEVEL = re.compile(
    rf"(?:[\w-]+[ -]){{0,2}}?(?:{'|'.join(LEVELS)})(?!\w)(?:[ \w/–—-]{{0,40}}?(?:only|do not distribute))?",
    re.IGNORECASE,
)
_OPEN_CHOICE = re.compile(
    r"(?:public|internal|confidential|secret|restricted)\s*(?:[,|/]|or)\s*(?:public|internal|confidential|secret|"
    r"restricted|strictly)",
    re.IGNORECASE,
)
_EDGE = " \t*#/_-=~|>!.;:,()[]{}'\"`+<–—•·©®%@\\"
_PAGE = re.compile(r"^(?:page|p\.|seite|página|pagina|strona|rev\.?|version|v\.?)\W*\d+(?: of \d+)?$", re.IGNORECASE)
_MODAL = re.compile(
    r"\b(?:keep|kept|remain|treat|treated|will|shall|must|should|may|default|if|please|ensure|not)\b", re.IGNORECASE
)


def _confirm_line(view: View, start: int, end: int) -> Iterable[Match]:
    """A line that holds a mark and little else."""
    if not view.stands_alone(start, end):
        return ()
    qualifier = _QUALIFIER.search(view.before(start, 30))
    start -= len(qualifier[0]) if qualifier else 0
    begin, stop = view.line_start(start, 160), view.line_end(end, 160)
    before, after = view.text[begin:start].strip(_EDGE), view.text[end:stop].strip(_EDGE)
    if _OPEN_CHOICE.search(view.text[begin:stop]) or any(
        mark in view.text[begin:stop] for mark in ('="', "= '", "();")
    ):
        return ()
    value = view.text[start:end]
    words_before, words_after = len(before.split()), len(after.split())
    weak = value.lower() in WEAK
    if words_before == 0 and words_after == 0 and (not weak or value.isupper()):
        return (_mark(view, start, end, 0.85),)
    if value.lower() in ALONE:
        return ()
    if weak and not (value.isupper() and words_before <= 2 and words_after <= 6 and view.text[begin:stop].isupper()):
        return ()
    if _MODAL.search(before) or (before[-1:].isdigit() and not _PAGE.search(before)):
        return ()
    small = words_before <= 3 and words_after <= 8 and not _is_sentence(before, after)
    if small and (value[:1].isupper() or value.isupper()) and (words_before == 0 or before[:1].isupper()):
        return (_mark(view, start, end, 0.7),)
    return ()


_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|can|this|that|you|we|our|your|their|it|a|an|in|on|with|from|which|"
    r"when|data|files?|keys?|client|clients)\b",
    re.IGNORECASE,
)


def _is_sentence(before: str, after: str) -> bool:
    return _VERB.search(before) is not None or _VERB.search(after) is not None


_BANNER = "TOP SECRET|SECRET|CONTROLLED|CONFIDENTIAL|UNCLASSIFIED|RESTRICTED|CUI|OFFICIAL|PROTECTED|COSMIC TOP SECRET"
_CAVEATS = re.compile(r"[A-Z]*(?:[/, -]{1,2}[A-Z][A-Z0-9-]+)*\)?")
_ITSELF = (
    "document|file|e-?mail|message|communication|report|source code|software|program|code|script|material|memo|"
    "presentation|page|information|transmission|agreement|work|module|package|repository|library"
)


def _confirm_banner(view: View, start: int, end: int) -> Iterable[Match]:
    """A level with its caveats: SECRET//NOFORN, (S//NF)."""
    caveats = _CAVEATS.match(view.text, end, end + 60)
    return (_mark(view, start, caveats.end() if caveats else end, 0.85),)


def _confirm_itself(view: View, start: int, end: int) -> Iterable[Match]:
    """What a text says about itself; a part that is proprietary is no mark yet."""
    if view.text[end - 3 : end].lower() == "ary" and not re.match(
        r" (?:and|or|&|information|to)\b", view.after(end, 14)
    ):
        return ()
    return (_mark(view, start, end, 0.8),) if view.stands_alone(start, end) else ()


def _confirm_sure(view: View, start: int, end: int) -> Iterable[Match]:
    """Phrases that are a mark wherever they stand."""
    line = view.text[view.line_start(start, 160) : view.line_end(end, 160)]
    if not view.stands_alone(start, end) or line.lower().count("tlp") > 1 or _explains(view, start, end):
        return ()
    if _MODAL.search(view.before(start, 24)):
        return ()
    return (_mark(view, start, end, 0.85),)


def _explains(view: View, start: int, end: int) -> bool:
    """Whether the labels of the Traffic Light Protocol are explained here, one after another."""
    around = view.text[max(0, start - 400) : end + 400].lower()
    return len(set(_TLP.findall(around))) > 2


_TLP = re.compile(r"\btlp[:_ -]{1,2}(red|amber|green|clear|white)\b")


def _field(view: View, start: int, end: int) -> Iterable[Match]:
    """A field of classification; a list of the possible values is none."""
    level = _LEVEL.match(view.text, start, min(len(view.text), max(end, start + 60)))
    if level is None or _OPEN_CHOICE.search(view.text[start : view.line_end(start, 80)]):
        return ()
    return (_mark(view, start, level.end(), 0.9),)


def _mark(view: View, start: int, end: int, score: float) -> Match:
    return found("CONFIDENTIAL_MARK", start, end, view.text[start:end], None, score)


MARKS = Family(
    types=frozenset({"CONFIDENTIAL_MARK"}),
    patterns=(
        *(
            Pattern(f"mark.line.{number}", pattern.expression, _confirm_line, caseless=True)
            for number, pattern in enumerate(context("mark", *LEVELS))
        ),
        *context("mark.field", *FIELD_NAMES),
        Pattern(
            "mark.tlp",
            r"\b(?:tlp[:_ -]{1,2}(?:red|amber(?:\+strict)?)|pap:(?:red|amber))\b",
            _confirm_sure,
            caseless=True,
        ),
        Pattern("mark.banner", rf"\b(?:{_BANNER})//[A-Z]{{2}}", _confirm_banner),
        Pattern("mark.portion", r"\((?:TS|S|C|CUI|U|R)//[A-Z]{2}", _confirm_banner),
        Pattern(
            "mark.itself",
            rf"this (?:{_ITSELF})(?: and any attachments)?(?: is| are| contains?| may contain)"
            r"(?: the| strictly| highly)? "
            r"(?:confidential|proprietary|privileged|classified)\b",
            _confirm_itself,
            caseless=True,
        ),
        Pattern(
            "mark.notice",
            r"(?:proprietary (?:and|&|/|,)? ?(?:strictly )?confidential|confidential (?:and|&|/) ?proprietary|"
            r"proprietary/confidential|"
            r"confidential and (?:trade secret|privileged)|(?:strictly|highly|company|commercial in|commercially|"
            r"business) confidential|commercial-in-confidence|"
            r"confidential information|confidential business information|not for (?:public )?(?:distribution|"
            r"release|disclosure)|"
            r"do not (?:distribute|forward|circulate|copy or distribute)|for internal use only|internal use only|"
            r"for official use only|eyes only|attorney[- ]client privileged?|attorney work product|"
            r"privileged (?:and|&) confidential|(?:staff|management)[- ]in[- ]confidence|ne pas diffuser|"
            r"trade secrets? of|nur f(?:ü|"
            r"u)r den internen gebrauch|vs-nfd|"
            r"streng vertraulich|diffusion restreinte|strictement confidentiel|estrictamente confidencial|"
            r"strettamente riservato|strikt vertrouwelijk)",
            lambda view, start, end: _confirm_notice(view, start, end),
            caseless=True,
        ),
    ),
    fields={"mark.field": _field},
)


def _confirm_notice(view: View, start: int, end: int) -> Iterable[Match]:
    """Notices as they stand in licence headers and footers: by themselves, in capitals, or said of this very text."""
    begin, stop = view.line_start(start, 200), view.line_end(end, 200)
    before, after = view.text[begin:start].strip(_EDGE), view.text[end:stop].strip(_EDGE)
    value = view.text[start:end]
    if _MODAL.search(before) or not view.stands_alone(start, end):
        return ()
    about_itself = re.search(
        r"\b(?:this|the) (?:content of this |source code|software|document|file|program|code|e-?mail|message|"
        r"script|report|work|information|material)[^.]{0,40}\b(?:is|are|contains?|constitutes?)(?: the)?$",
        before,
        re.IGNORECASE,
    )
    if (
        about_itself
        or (value[:1].isupper() and len(before.split()) <= 5 and not _VERB.search(before))
        or (not before and len(after.split()) <= 10 and not _VERB.search(after))
    ):
        return (_mark(view, start, end, 0.8),)
    if value.lower().startswith("proprietary") and len(before.split()) <= 6:
        return (_mark(view, start, end, 0.75),)
    return ()
