# SPDX-License-Identifier: Apache-2.0
"""A line of the pattern table: what the engine looks for, and who confirms what it found.

Expressions are the common subset of Hyperscan, RE2 and `re`: no look-around, no back references, no long bounded
repeats (Hyperscan must be able to tell where a match starts). They are matched on UTF-8 bytes, longest match first.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from auditor.calls import Match
from auditor.detectors.view import View

_GROUP = 60
"""Alternatives in one expression; Hyperscan bounds its length."""
_SEPARATOR = r"[\"'`*_)\]]*[ \t]*[:=|>,;\t\n]"
_WIDE_CLASS = re.compile(r"\[([^\]\\-]*[^\x00-\x7f][^\]\\-]*)\]")

_UNJOINED = {
    code: unicodedata.normalize("NFD", chr(code))
    for code in (*range(0x958, 0x960), 0x9DC, 0x9DD, 0x9DF, 0xA33, 0xA36, *range(0xA59, 0xA5C), 0xA5E)
}
"""Letters of Indic scripts with a dot below: one character or two, and no normal form joins them (UAX 15, 5.1)."""

type Confirm = Callable[[View, int, int], Iterable[Match]]
"""Says what a candidate at (start, end) really is: the matches in it, mostly none or one."""

type Reader = Callable[[View], Iterable[Match]]
"""Finds matches in a text as a whole."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One expression and what happens when it occurs.

    With `confirm`, it is a candidate of the family's type; with `words`, it marks context words of that kind for
    whoever asks `View.near`. A `label` carries the separator behind it, which is no part of the word.

    To know where a match begins costs the engine much where many could begin: `late` says that it tells only the end,
    and how many bytes ahead of it the beginning is then looked for. Of a `label` nobody asks for the beginning.
    """

    name: str
    expression: str
    confirm: Confirm | None = None
    words: str = ""
    caseless: bool = False
    label: bool = False
    late: int = 0

    @property
    def starts(self) -> bool:
        """Whether the engine is to tell where matches begin."""
        return not (self.late or self.label)


@dataclass(frozen=True, slots=True)
class Family:
    """All patterns of one family of data, and the data types they report.

    `fields` confirms the value behind a label (`Label: value`, JSON, XML, a table's column) whose context words are of
    that kind. `readers` look at the text as a whole, for what no single expression can begin with.
    """

    types: frozenset[str]
    patterns: tuple[Pattern, ...]
    fields: Mapping[str, Confirm] = MappingProxyType({})
    readers: tuple[Reader, ...] = ()


def context(kind: str, *words: str, whole: bool = False, label: bool = False, behind: str = "") -> tuple[Pattern, ...]:
    """Context words of a kind, in any case: literal words or small expressions, alternatives between bars.

    Words in ASCII begin at a word boundary or an underscore (`whole`: and end at one); other scripts have no such
    boundaries in bytes, nor cases, so these get their other forms beside them. `label` asks for a separator of
    fields or cells right behind, for words that are too common otherwise; `behind` says what else it may be.
    """
    alternatives = _alternatives("|".join(words))
    boundary = r"(?:\b|_)"
    cased = dict.fromkeys(form for word in alternatives for form in (word, *_written(word)))
    plain = [f"{boundary}(?:{word}){boundary if whole else ''}" for word in cased if word[:1].isascii()]
    forms = [_byte_safe(form) for form in (*plain, *(word for word in cased if not word[:1].isascii()))]
    groups = [forms[place : place + _GROUP] for place in range(0, len(forms), _GROUP)]
    separator = (behind or _SEPARATOR) if label else ""
    return tuple(
        Pattern(f"context.{kind}", f"(?:{'|'.join(group)}){separator}", words=kind, caseless=True, label=label)
        for group in groups
    )


def _written(word: str) -> tuple[str, ...]:
    """Other spellings of a word with letters beyond ASCII: with a capital, in capitals, dotted letters in two ways."""
    if word.isascii():
        return ()
    if word[:1].isascii():
        return () if "\\" in word or "(?" in word or "[" in word else (word.upper(),)
    capitals = () if "\\" in word or "(?" in word else (word.upper(),)
    return word[:1].upper() + word[1:], word.translate(_UNJOINED), _joined(word), *capitals


def _joined(word: str) -> str:
    """A word with its dotted letters as single characters, as many keyboards write them."""
    for code, parts in _UNJOINED.items():
        word = word.replace(parts, chr(code))
    return word


def _alternatives(expression: str) -> list[str]:
    """The alternatives of an expression at its top level."""
    parts, depth = [""], 0
    for character in expression:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _byte_safe(expression: str) -> str:
    """Classes with characters beyond ASCII as alternatives: in bytes, a class stands for a single byte."""
    return _WIDE_CLASS.sub(lambda found: f"(?:{'|'.join(found[1])})", expression)
