# SPDX-License-Identifier: Apache-2.0
"""Names in running text: a gazetteer, and what surrounds a run of capitalised words.

Sure are names behind a title; likely is a given name followed by another capitalised word; a given name alone counts
in running text only.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from auditor.calls import Match
from auditor.detectors.masks import found
from auditor.detectors.persons.forms import PLACE_HEADS, has_family_ending
from auditor.detectors.persons.names import Names, load
from auditor.detectors.persons.shapes import LOW, NO_END, RUN, TOKEN, is_organisation, is_title, person
from auditor.detectors.persons.words import GREETING
from auditor.detectors.view import View

_SPEECH = re.compile(r"\b(?:said|says|told|asked|replied|explained|added|wrote|named|called)[ ]$")
_SENTENCE = re.compile(rf"[{LOW}]{{2,}}[,;:]?[ ]$|^$|[.!?,;:\"“»)]['\"]?[ \n]+$|[>\n*-][ ]*$|[\"“«(]$")
_CODE_NEXT = re.compile(r"[=(\[{_/\\<@]|\.\w|::|->|:\w|\w")
_STRONG, _LIKELY, _GIVEN = 0.72, 0.62, 0.5
_LONGEST_PAIR = 4
"""Words that a name no list has may be made of."""


def names_in_runs(view: View) -> Iterator[Match]:
    """Runs of capitalised words with a name among them."""
    names, titles = load(), view.word_ends("person.title")
    for run in view.paced(_runs(view.text, titles)):
        if not NO_END.match(view.text, run.end()):
            yield from _in_run(view, names, run.start(), run[0], run.start() - 1 in titles)


def _runs(text: str, titles: frozenset[int]) -> Iterator[re.Match[str]]:
    """Runs of several words that are not all plain, of a name that tells enough alone, and behind a title."""
    telling, plain = _telling_alone(), _plain()
    for run in RUN.finditer(text):
        words = run[0]
        if (
            words in telling
            or (" " in words and not plain.issuperset(words.split()))
            or (titles and run.start() - 1 in titles)
        ):
            yield run


@cache
def _telling_alone() -> frozenset[str]:
    """Given names that are no other words."""
    return load().given - load().common


@cache
def _plain() -> frozenset[str]:
    """Words that neither are nor introduce a name."""
    return frozenset(word for word in load().common - load().given if not is_title(word))


def _in_run(view: View, names: Names, start: int, text: str, titled: bool) -> Iterator[Match]:
    words = text.split()
    if text.isupper() and not (len(words) in (2, 3) and names.is_given(words[0]) and names.is_family(words[-1])):
        return
    first = next((place for place, word in enumerate(words) if word not in GREETING), len(words))
    title = first if first < len(words) and is_title(words[first]) else None
    first += title is not None
    ahead = _title_ahead(view, start) if titled and first == 0 else None
    if (
        (title is not None or ahead is not None)
        and first < len(words)
        and not is_organisation(text)
        and (not names.is_common(words[first]) or first + 1 < len(words) or names.is_family(words[first]))
    ):
        begin = ahead if ahead is not None else start + _spans(text)[title or 0][0]
        yield person(view, begin, start + len(text), 0.85)
        return
    for index in range(first, len(words)):
        score = _score(view, names, words, index, first, start, text)
        if score:
            if not is_organisation(text):
                spans = _spans(text)
                yield person(view, start + spans[index][0], start + spans[_last(names, words, index)][1], score)
            return


def _spans(text: str) -> list[tuple[int, int]]:
    """Where the words of a run stand in it."""
    return [word.span() for word in TOKEN.finditer(text)]


def _title_ahead(view: View, start: int) -> int:
    """Where the title ahead of a name begins."""
    word = view.before(start, 16)[:-1].rpartition(" ")[2].rpartition("\n")[2].lstrip("(\"'>*")
    return start - 1 - len(word)


def _score(view: View, names: Names, words: list[str], index: int, first: int, start: int, text: str) -> float | None:
    """How sure a name begins at this word, if it does; `first` is the first word behind a greeting."""
    word = words[index]
    if not names.is_given(word) and (word.isupper() or names.is_common(word)):
        return None
    later = words[index + 1 : index + 4]
    following = next((other for other in later if len(other.rstrip(".")) > 1 and other[0].isupper()), None)
    if word in PLACE_HEADS:
        return None
    if following is None:
        return _alone(view, names, word, start, text) if index == first else None
    if names.is_given(word):
        return _after_given(names, word, following, text)
    if names.is_common(following) or not word.isalpha():
        return None
    pair = len(words) - index <= _LONGEST_PAIR
    if has_family_ending(following) and pair and not has_family_ending(word):
        return _LIKELY
    if pair and words[index + 1] != following and min(len(word), len(following)) > 2 and following.isalpha():
        return _LIKELY  # an initial between the two
    known = following in names.family and len(following) > 3
    if index == first and known and len(words) == index + 2:
        return _GIVEN if _in_prose(view, start, start + len(text)) else None
    return None


def _after_given(names: Names, word: str, following: str, text: str) -> float | None:
    """A given name and what may be a family name behind it."""
    sure = not names.is_common(word)
    if names.is_family(following) and (sure or not names.is_common(following)):
        return _STRONG
    if names.is_common(following) or not (sure or has_family_ending(following)):
        return None
    return None if _is_heading(text) else _LIKELY


def _alone(view: View, names: Names, word: str, start: int, text: str) -> float | None:
    """A single word: a given name in running text, or who speaks."""
    if word.isupper() or names.is_common(word):
        return None
    if names.is_given(word) and len(word) > 2 and _in_prose(view, start, start + len(text)):
        return _GIVEN
    return _GIVEN if _SPEECH.search(view.before(start, 12)) else None


def _last(names: Names, words: list[str], index: int) -> int:
    """The last word of the name that begins at this one."""
    last = index
    for place, word in enumerate(words[index + 1 : index + 6], index + 1):
        if word in names.common and not (names.is_family(word) or names.is_given(word)):
            break
        last = place
    return last


def _is_heading(text: str) -> bool:
    """More than four capitalised words in a row are a heading or a list, unless they fill a line."""
    return text.count(" ") > 4


def _in_prose(view: View, start: int, end: int) -> bool:
    """Whether a place lies in running text, not in code."""
    before, after = view.before(start, 24), view.after(end, 3)
    if _CODE_NEXT.match(after) or before[-1:] in tuple("._-/\\@#$=<[{&|+~^%"):
        return False
    if _SENTENCE.search(before) is None:
        return False
    line = view.text[view.line_start(start, 160) : view.line_end(end, 160)]
    return sum(map(line.count, "(){}[]=<>;_/\\|`")) < 3


def names_in_lower_case(view: View) -> Iterator[Match]:
    """A short text without capitals, read as if it had them."""
    text = view.text
    if len(text) > 2_000 or not view.is_lower:
        return
    titled = text.title()
    if len(titled) != len(text):
        return
    names = load()
    words = [(word.start(), word[0]) for word in re.finditer(r"[^\W\d_]+(?:-[^\W\d_]+)*", titled)]
    for (start, first), (last_start, last) in pairwise(words):
        known = names.is_given(first) and names.is_family(last)
        plain = names.is_common(first) or names.is_common(last) or len(first) < 3
        if last_start - start == len(first) + 1 and known and not plain:
            end = last_start + len(last)
            yield found("PERSON", start, end, text[start:end], None, _LIKELY)
