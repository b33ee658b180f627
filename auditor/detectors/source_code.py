# SPDX-License-Identifier: Apache-2.0
"""Source code and its language, by what lines look like: fences, keywords, punctuation, indentation.

A passage is a run of lines that look like code, with the blank and comment lines between them. Markup and data
formats (HTML, CSS, JSON, YAML, Markdown, TeX) are no source code here.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from auditor.calls import Match
from auditor.detectors.languages import LANGUAGES, NO_CODE, language_of
from auditor.detectors.masks import found
from auditor.detectors.patterns import Family
from auditor.detectors.view import View

_FENCE = re.compile(r"^[ \t]*(```+|~~~+)[ \t]*([\w+#.-]*)[^\n]*\n(.*?)(?:^[ \t]*\1|\Z)", re.MULTILINE | re.DOTALL)
_LEAST_LINES = 3
_GAP = 4
_LEAST_SCORE = 2.6
_WINDOW = 400_000
_CODE_LINE = re.compile(
    r"[;{}]\s*(?://.*|/\*.*|#.*)?$"
    r"|^\s*[})\]]+[;,)]*\s*(?:else|catch|finally|while)?.*\{?$"
    r"|^\s*(?:public|private|protected|static|final|abstract|virtual|override|async|export|inline|extern|const|unsafe|internal|sealed|partial|open|lazy|implicit)\s+\w+"
    r"|^\s*(?:def|class|func|fn|function|sub|struct|enum|interface|trait|impl|module|namespace|package|proc|macro|defmodule|defp|fun|subroutine|program|procedure|object|protocol|extension|typedef|template|type|data|instance|where|newtype)\s+[\w:&<*$'(]"
    r"|^\s*(?:import|from|using|use|require|require_relative|include|open|library|source|load|@import|#include|#import|#define|#if|#ifdef|#ifndef|#endif|#pragma|#!|@interface|@implementation|@property|@end|@protocol)\b[ (\"'<*{./\w]"
    r"|^\s*(?:if|elif|else if|elsif|for|while|foreach|switch|case|until|unless|try|except|catch|with|match|guard|when|select|loop|do)\b.*(?:[:{)]|\bthen|\bdo|\bin)\s*(?:#.*|//.*)?$"
    r"|^\s*(?:return|yield|raise|throw|break|continue|echo|print|printf|println|puts|let|var|val|const|local|my|our|auto|int|char|void|float|double|bool|string|long|unsigned|size_t|dim|set|export|end|fi|done|esac|begin|pass|global|assert|del|await|defer|go|mov|push|call|goto|attr_\w+|elseif|endif|endfunction|endwhile)\b(?:\s+[\w$@&*(\"'\[{-].*|[;,(].*|\s*)$"
    r"|^\s*(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE (?:TABLE|VIEW|INDEX|FUNCTION|PROCEDURE|OR)|ALTER TABLE|DROP|FROM|WHERE|JOIN|LEFT JOIN|GROUP BY|ORDER BY|GRANT|BEGIN|COMMIT|DECLARE|VALUES)\b"
    r"|^\s*[$@%&*]?[\w.\[\]'\"$>:-]+\s*(?:=|:=|<-|\+=|-=|\*=|/=|\|\|=|<<-|=>|->)\s*\S"
    r"|^\s*[\w.$:>\[\]-]+\([^)]*\)?.*[;,{)]?$"
    r"|^\s*(?:[-+*/%]|and|or|\|\||&&|\.|->|\|>|::)\s*\w+[.(\[]"
    r"|\w\(\w*\)|=>|->|::\w|\$\w+|<-|\w\[\w+\]|[=!<>]=|&&|\|\|"
)
_COMMENT = re.compile(r"^\s*(?://|/\*|\*(?:/|\s|$)|#|--|;|%|\"\"\"|'''|<!--|\(\*|REM\b|!)")
_PROSE = re.compile(r"^\s*(?:[-*>]\s+|\d+[.)]\s+)?[A-Z]?[a-z']+(?:[ ,]+[A-Za-z'`()/-]+){4,}[.,:;!?]?\s*$")
_MARKUP = re.compile(
    r"^\s*(?:</?[a-zA-Z!][^>]*>|\"[^\"]*\"\s*:|[\w-]+:\s+[^;{}()]*$|- [\w-]+:|#+ |\|.*\||\\(?:begin|end|section|item|usepackage)\b|[.#@]?[\w-]+\s*\{$|[\w-]+\s*:\s*[^;]+;$)"
)


def _code(view: View) -> Iterator[Match]:
    """Fenced blocks, then runs of lines outside them."""
    text = view.text
    fenced: list[tuple[int, int]] = []
    for block in _FENCE.finditer(text):
        fenced.append(block.span())
        yield from _fenced(block)
    for start, end in _outside(fenced, len(text)):
        yield from _passages(text[start:end], start)


def _fenced(block: re.Match[str]) -> Iterator[Match]:
    label, body = block[2].lower(), block[3]
    if label in NO_CODE or not body.strip():
        return
    language = LANGUAGES.get(label) or language_of(body)
    if language or _score(body.splitlines()) >= _LEAST_SCORE:
        yield found("SOURCE_CODE", block.start(), block.end(), body, language, 0.9)


def _outside(spans: list[tuple[int, int]], size: int) -> Iterator[tuple[int, int]]:
    place = 0
    for start, end in [*spans, (size, size)]:
        if start > place:
            yield place, start
        place = end


def _passages(text: str, offset: int) -> Iterator[Match]:
    """Runs of code lines: short gaps belong to them, prose and markup end them."""
    lines = text[:_WINDOW].splitlines(keepends=True)
    kinds = [_kind(line) for line in lines]
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for first, last in _joined(kinds):
        body = lines[first : last + 1]
        score = _score(body)
        if sum(kind == "code" for kind in kinds[first : last + 1]) >= _LEAST_LINES and score >= _LEAST_SCORE:
            passage = "".join(body)
            yield found(
                "SOURCE_CODE", offset + starts[first], offset + starts[last + 1], passage, language_of(passage), 0.8
            )


def _kind(line: str) -> str:
    """What a line looks like: code, comment, blank, markup or prose."""
    if not line.strip():
        return "blank"
    line = line[:300]
    if _PROSE.match(line):
        return "prose"
    if _MARKUP.match(line):
        return "markup"
    if _COMMENT.match(line):
        return "comment"
    return "code" if _CODE_LINE.search(line) else "other"


def _joined(kinds: list[str]) -> Iterator[tuple[int, int]]:
    """First and last line of each run that begins and ends with code."""
    first = last = None
    gap = 0
    for number, kind in enumerate(kinds):
        if kind in ("code", "comment"):
            first = number if first is None else first
            last, gap = number, 0
        elif first is not None:
            gap += 1 if kind == "blank" else 2
            if gap > 2 * _GAP:
                yield first, last if last is not None else first
                first, gap = None, 0
    if first is not None and last is not None:
        yield first, last


def _score(lines: list[str]) -> float:
    """How much a passage looks like code: kinds of evidence, not their number, against its length."""
    kinds = {kind: len(list(group)) for kind, group in groupby(sorted(map(_kind, lines)))}
    code, written = kinds.get("code", 0), sum(count for kind, count in kinds.items() if kind != "blank")
    if not written:
        return 0.0
    share = (code + 0.5 * kinds.get("comment", 0)) / written
    signs = sum(sign.search("".join(lines)) is not None for sign in _SIGNS)
    return 2 * share + 0.6 * signs - 1.5 * kinds.get("markup", 0) / written


_SIGNS = tuple(
    re.compile(sign, re.MULTILINE)
    for sign in (
        r"\w+\([^)\n]*\)\s*[;{:]?\s*$",
        r"[;{}]\s*$",
        r"^\s+(?:return|if|for|while|end|def|let|var|my|local|self|this)\b",
        r"^\s*(?:import|from \w+ import|#include|using|require|package|use|library|module|open)\b",
        r"\b(?:def|function|func|fn|sub|class|struct|proc|void|int|public|static|const|begin|endif|elif|then)\b",
        r"[\w\])]\s*(?:==|!=|<=|>=|:=|\+=|=>|->|<-|&&|\|\||\+\+|::)\s*\S",
        r"^\s*[\w.$@\[\]\"']+\s*=\s*[\w\"'(\[{$@-]",
        r"^\s*(?://|/\*|#!|#|--|%|;)\s*\S",
        r"\b(?:SELECT|INSERT|UPDATE|CREATE TABLE|ALTER TABLE)\b[\s\S]{1,200}\b(?:FROM|INTO|SET|VALUES|WHERE|PRIMARY KEY|NOT NULL)\b",
    )
)

SOURCE_CODE = Family(types=frozenset({"SOURCE_CODE"}), patterns=(), readers=(_code,))
