# SPDX-License-Identifier: Apache-2.0
"""The words a text is searched by, and what to ask of them so that the answer is as if the text itself were searched.

A search is for all of some parts, each anywhere in a text, also within a word, without case. A text's words are its
runs of letters, digits and underscores. Long ones (paths, keys, data) are kept as windows that overlap so far that
every short stretch lies whole in one; scripts that leave no room between words (Chinese, Japanese) by twos. A part
that is itself such a stretch lies in a text exactly where it lies in one of its words. Any other part (with a dot
in it, say, or very long) is asked for by the words it is made of; the texts that have them all must be looked into.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

FORM: Final = 1
"""Raised with any change of what words a text has."""

_DENSE: Final = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
_dense: Final = re.compile(f"[{_DENSE}]+")
_plain: Final = re.compile(rf"[^\W{_DENSE}]+")
_either: Final = re.compile(rf"(?P<dense>[{_DENSE}]+)|[^\W{_DENSE}]+")

_STRIDE: Final = 16
"""A window of a plain run is twice as wide: whatever is one longer than this, or shorter, lies whole in one."""


class Part(NamedTuple):
    """What to look for in a list of words, each between line ends: all of `needles`. `exact`: that is the answer;
    else texts whose words hold them may hold the part."""

    needles: tuple[bytes, ...]
    exact: bool


def words_of(text: str) -> set[bytes]:
    """The words of a text."""
    folded = text.casefold()
    found = set(_plain.findall(folded))
    long = [word for word in found if len(word) > 2 * _STRIDE]
    found.difference_update(long)
    for word in long:
        found.update(_windows(word, _STRIDE))
    if not folded.isascii():
        for run in _dense.findall(folded):
            found.update(_windows(run, 1))
    return set(_bytes("\n".join(found)).split(b"\n")) if found else set()


def parts_of(asked: str) -> tuple[str, ...]:
    """The parts of a search as they have to lie in a text: without case, cut at spaces."""
    return tuple(dict.fromkeys(asked.casefold().split()))


def question(part: str) -> Part:
    """What to ask for a part of a search."""
    runs = list(_either.finditer(part))
    needles = tuple(dict.fromkeys(needle for run in runs for needle in _needles(run, len(part))))
    whole = len(runs) == 1 and runs[0][0] == part and len(part) <= _longest(runs[0])
    return Part(needles, exact=whole)


def _needles(run: re.Match[str], size: int) -> Iterator[bytes]:
    """A run has neighbours in its part, so there a word has to begin, or end; it is too long for one window else."""
    word, longest = run[0], _longest(run)
    if len(word) <= longest:
        before, after = b"\n" if run.start() else b"", b"\n" if run.end() < size else b""
        yield before + _bytes(word) + after
        return
    for start in (*range(0, len(word) - longest, longest), len(word) - longest):
        yield _bytes(word[start : start + longest])


def _longest(run: re.Match[str]) -> int:
    return (1 if run["dense"] else _STRIDE) + 1


def _windows(run: str, stride: int) -> Iterator[str]:
    for start in range(0, max(len(run) - stride, 1), stride):
        yield run[start : start + 2 * stride]


def _bytes(word: str) -> bytes:
    return word.encode("utf-8", "surrogatepass")
