# SPDX-License-Identifier: Apache-2.0
"""Names behind labels and introductions, and above the end of a letter: sure by what stands around them."""

import re
from collections.abc import Iterable, Iterator

from auditor.calls import Match
from auditor.detectors.masks import found
from auditor.detectors.persons.bylines import is_byline
from auditor.detectors.persons.names import load
from auditor.detectors.persons.shapes import LOW, RUN, UP, is_cased, is_organisation, person
from auditor.detectors.persons.words import NO_NAMES
from auditor.detectors.view import View


def labelled_name(view: View, start: int, end: int) -> Iterable[Match]:
    """The value behind a label for persons' names."""
    return _labelled(view, start, end, 0.9)


def weakly_labelled_name(view: View, start: int, end: int) -> Iterable[Match]:
    """The value behind a label that often, not always, names a person: a known name must be in it."""
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", view.text[start:end])
    names = load()
    if not 1 < len(words) <= 5:
        return ()
    known = any((names.is_given(word) or names.is_family(word)) and not names.is_common(word) for word in words)
    usual = names.is_given(words[0]) and names.is_family(words[-1])
    unknown = all(word[0].isupper() and not word.isupper() and not names.is_common(word) for word in words)
    if not (known or usual or unknown) or is_byline(view, start, end):
        return ()
    return _labelled(view, start, end, 0.8)


_VALUE = re.compile(r"[^\W\d_][^\d\n,;:|<>(){}\[\]\"=@/\\_]{1,60}")


def _labelled(view: View, start: int, end: int, score: float) -> Iterable[Match]:
    value = _VALUE.match(view.text, start, min(end, start + 62))
    if value is None:
        return ()
    text = value[0].strip(" \t'`*.")
    words = text.split()
    if text[:1].islower() and not load().is_given(words[0].title()):
        return ()
    if not text or len(words) > 6 or is_organisation(text) or view.after(value.end(), 1) in tuple("(=@_/\\[{"):
        return ()
    if text.lower() in NO_NAMES or (len(words) == 1 and (text.islower() or text in load().common)):
        return ()
    if (
        len(words) > 1
        and text.islower()
        and not all(load().is_given(word.title()) or load().is_family(word.title()) for word in words)
    ):
        return ()
    begin = view.text.index(text, start)
    return (found("PERSON", begin, begin + len(text), text, None, score),)


def introduced_names(view: View) -> Iterator[Match]:
    """Names behind "my name is" and above the end of a letter."""
    for _, end in view.words("person.intro"):
        lead = _LEAD.match(view.text, end)
        begin = lead.end() if lead else end
        run = RUN.match(view.text, begin, begin + 80)
        if run:
            tokens = run[0].split()
            plain = tokens[0] in load().common and not load().is_given(tokens[0])
            if not plain and not (len(tokens) == 1 and tokens[0].isupper()) and tokens[0].lower() not in NO_NAMES:
                yield person(view, begin, run.end(), 0.88)
        elif view.text[begin : begin + 1].isalpha() and not is_cased(view.text[begin]):
            yield from _uncased_value(view, begin)
        else:
            yield from _lower_value(view, begin)
    for _, end in view.words("person.close"):
        yield from _signature(view, end)


_LEAD = re.compile(rf"[\s:,\"'*]{{1,4}}(?:[{UP}][{LOW}]{{0,4}}\.[ ])*")


_LOWER = re.compile(r"[^\W\d_]{3,}(?:[ -][^\W\d_]{2,}){0,2}")


def _lower_value(view: View, begin: int) -> Iterator[Match]:
    """A name in small letters: a known given name, and a family name behind it."""
    value = _LOWER.match(view.text, begin, begin + 40)
    words = value[0].title().split(" ") if value else []
    names = load()
    if not value or not names.is_given(words[0]) or (names.is_common(words[0]) and not names.is_family(words[-1])):
        return
    known = next((place for place, word in enumerate(words[1:], 1) if not names.is_family(word)), len(words))
    yield found("PERSON", begin, begin + len(" ".join(words[:known])), " ".join(words[:known]), None, 0.7)


def whole_name(view: View) -> Iterator[Match]:
    """A text that is nothing but a given name."""
    text = view.text.strip(" \t\r\n.,;:!?>*\"'")
    if 2 < len(text) < 20 and text.isalpha() and (text.istitle() or text.islower()):
        names = load()
        if names.is_given(text.title()) and (text.istitle() or not names.is_common(text.title())):
            start = view.text.index(text)
            yield found("PERSON", start, start + len(text), text, None, 0.5)


_UNCASED = re.compile(r"[^\W\d_a-zA-Z]+(?:[ \u200c-][^\W\d_a-zA-Z]+){0,4}")


def _uncased_value(view: View, begin: int) -> Iterator[Match]:
    value = _UNCASED.match(view.text, begin, begin + 40)
    if value and view.after(value.end(), 1) in (",", "", "\n", "،", "、", "。", ".", "|"):
        yield found("PERSON", begin, value.end(), value[0], None, 0.7)


def _signature(view: View, end: int) -> Iterator[Match]:
    """The line below a closing formula, where it holds nothing but a few words."""
    below = re.compile(r"[^\n]{0,20}[,!.]?[ \t]*\n\s{0,4}([^\W\d_][^\n\d<>@]{1,50}?)[ \t.,]*(?=\n|$)").match(
        view.text, end
    )
    if below and len(below[1].split()) <= 6 and not is_organisation(below[1]) and not below[1].islower():
        yield found("PERSON", below.start(1), below.end(1), below[1], None, 0.8)
