# SPDX-License-Identifier: Apache-2.0
"""What a line looks like: code, comment, prose or markup, found for all lines of a text in one pass."""

from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import cache

from auditor.detectors.engine import Engine, compile_engine
from auditor.detectors.patterns import Pattern
from auditor.detectors.view import View

MOST_LINES = 60_000
"""Hits of one sign in a text; what lies behind them counts as no code."""


class Look(IntEnum):
    """Looks of a line; where several fit, the greater one is taken."""

    OTHER = 0
    BLANK = 1
    CODE = 2
    COMMENT = 3
    MARKUP = 4
    PROSE = 5


_MODIFIERS = (
    "public|private|protected|static|final|abstract|virtual|override|async|export|inline|extern|const|unsafe|internal|sealed|"
    "partial|lazy|implicit|mutable|volatile|register|friend|explicit|synchronized|native|pub|fileprivate|@\\w+"
)
_DEFINERS = (
    "def|class|func|fn|function|sub|struct|enum|interface|trait|impl|module|namespace|package|proc|macro|defmodule|defp|fun|"
    "subroutine|program|procedure|object|protocol|extension|typedef|template|type|data|instance|newtype|local|let|var|val|my|our"
)
_LOADERS = (
    "import|from|using|use|require|require_relative|include|open|library|source|load|@import|#include|#import|#define|#if|#ifdef|"
    "#ifndef|#endif|#pragma|#!|@interface|@implementation|@property|@end|@protocol|<\\?php|\\?>"
)
_BLOCKS = (
    "if|elif|else|else if|elsif|elseif|for|while|foreach|switch|case|until|unless|try|except|catch|with|match|guard|when|select|loop|"
    "do|begin|finally|default|repeat"
)
_STATEMENTS = (
    "return|yield|raise|throw|break|continue|echo|print|printf|println|puts|auto|int|char|void|float|double|bool|string|long|"
    "unsigned|size_t|dim|export|end|fi|done|esac|pass|global|assert|del|await|defer|mov|push|call|goto|attr_\\w+|elseif|endif|"
    "endfunction|endwhile|sudo|cd|mkdir|cp|mv|chmod|apt-get|curl|git|docker|npm|pip|exit|shift|unset"
)
_SQL = (
    "SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE (?:TABLE|VIEW|INDEX|FUNCTION|PROCEDURE|UNIQUE|OR)|ALTER TABLE|DROP|FROM|WHERE|"
    "(?:LEFT |RIGHT |INNER |OUTER )?JOIN|GROUP BY|ORDER BY|GRANT|COMMIT|DECLARE|VALUES|PRIMARY KEY|CONSTRAINT|FOREIGN KEY"
)
_LINES: tuple[tuple[Look, str], ...] = (
    (Look.CODE, r"^[^\n]*[;{}][ \t]*\r?$"),
    (Look.CODE, r"^[ \t]*[})\]]+[;,)]*[ \t]*\r?$"),
    (Look.CODE, rf"^[ \t]*(?:{_MODIFIERS})[ \t]+\w"),
    (Look.CODE, rf"^[ \t]*(?:{_DEFINERS})[ \t]+[\w:&<*$'(@%]"),
    (Look.CODE, rf"^[ \t]*(?:{_LOADERS})[ \t(\"'<*\{{./\w]"),
    (Look.CODE, rf"^[ \t]*(?:{_BLOCKS})\b[^\n]*(?:[:{{)\]]|\bthen|\bdo|\bin)[ \t]*\r?$"),
    (Look.CODE, rf"^[ \t]*(?:{_BLOCKS}|{_STATEMENTS})[ \t]*:?\r?$"),
    (Look.CODE, rf"^[ \t]*(?:{_STATEMENTS})[ \t]+[\w$@&*(\"'\[{{<-]"),
    (Look.CODE, rf"^[ \t]*(?:{_SQL})\b"),
    (
        Look.CODE,
        r"^[ \t]*(?i:select [\w*.,() ]+ from|create (?:table|procedure|view)|insert into|drop |union all|go\r?$|end\r?$|as\r?$)",
    ),
    (Look.CODE, r"^[ \t]*[A-Za-z_]\w*[ \t]+(?i:varchar|integer|int|number|text|timestamp|date|boolean|char|decimal)\b"),
    (Look.CODE, r"^[ \t]*[$@%&*]?[\w.'\"$>:\[\]-]+[ \t]*(?:=|:=|<-|\+=|-=|\*=|/=|\|\|=|<<-|=>|->)[ \t]*[^\s=]"),
    (Look.CODE, r"^[ \t]*[\w.$:>\[\]-]+\([^\n]*[;,{)][ \t]*\r?$"),
    (Look.CODE, r"^[ \t]*(?:[-+*/%]|\|\||&&|\.|->|\|>|::)[ \t]*\w+[.(\[]"),
    (Look.CODE, r"^[^\n]*(?:\w\(\w*\)|=>|->|::\w|\$\w|\w\[\w+\]|[=!<>]=|&&|\|\|)"),
    (Look.CODE, r"^[ \t]*[-+]?[ \t]*[\w-]+[ \t]*=[ \t]*[\[{\"'\w]"),
    (Look.CODE, r"^#SBATCH|^[ \t]*\(\w[\w-]*[ \t)]"),
    (
        Look.COMMENT,
        r"^[ \t]*(?://|/\*|\*/|\*[ \t]|\*\r?$|#[ \t!]|#\r?$|##|--[ \t-]|%[ \t%]|\"\"\"|'''|\(\*|REM[ \t]|;;|;[ \t])",
    ),
    (Look.MARKUP, r"^[ \t]*(?:</?[a-zA-Z!][^\n>]*>|\"[^\n\"]*\"[ \t]*:|- [\w-]+:|#{2,6} \w|\|[^\n]*\||\\[a-z]+[\{\[])"),
    (Look.MARKUP, r"^[ \t]*[\w-]+:(?:[ \t]+[^\n;{}()=]*)?\r?$"),
    (
        Look.PROSE,
        r"^[ \t]*(?:[-*>][ \t]+|[0-9]+[.)][ \t]+)?[A-Za-z][a-z']*(?:[ ,]+[A-Za-z'`()/-]+){4,}[.,:!?]?[ \t]*\r?$",
    ),
)


@cache
def _engine() -> Engine:
    return compile_engine([Pattern(f"line.{look.name.lower()}", f"(?m){sign}") for look, sign in _LINES], MOST_LINES)


class Lines:
    """The lines of a text: where each begins, how it looks, and which signs say so. One start more than lines."""

    def __init__(self, starts: list[int], looks: list[Look], signs: list[int]) -> None:
        self.starts, self.looks, self.signs = starts, looks, signs

    def __len__(self) -> int:
        return len(self.looks)


def lines_of(view: View) -> Lines:
    """The lines of a text, each with its look. Every sign begins at the beginning of a line."""
    texts = view.text.split("\n")
    looks = [Look.BLANK if not text or text.isspace() else Look.OTHER for text in texts]
    signs = [0] * len(texts)
    numbers = {start: number for number, start in enumerate(_starts(view.data.split(b"\n")))}
    for sign, start in _engine().find(view.data).ends:
        number = numbers[start]
        looks[number] = max(looks[number], _LINES[sign][0])
        signs[number] |= 1 << sign
    _close_comments(texts, looks)
    return Lines([*_starts(texts), len(view.text) + 1], looks, signs)


def _starts(lines: Sequence[str | bytes]) -> Iterator[int]:
    """Where each line begins."""
    start = 0
    for line in lines:
        yield start
        start += len(line) + 1


def _close_comments(texts: Sequence[str], looks: list[Look]) -> None:
    """Lines between the ends of a comment or docstring are comment, whatever they look like."""
    closing = ""
    for number, text in enumerate(texts):
        if closing:
            looks[number] = Look.COMMENT
            if closing in text:
                closing = ""
        elif looks[number] is Look.COMMENT:
            mark = text.lstrip()[:3]
            end = "*/" if mark[:2] == "/*" else mark if mark in ('"""', "'''") else ""
            if end and end not in text.lstrip()[len(end) :]:
                closing = end
