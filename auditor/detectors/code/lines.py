# SPDX-License-Identifier: Apache-2.0
"""What a line looks like: code, comment, prose or markup, found for all lines of a text in one pass."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from auditor.detectors.engine import EndEngine, compile_ends
from auditor.detectors.patterns import Pattern
from auditor.detectors.view import View

_WHOLE, _BLOCK, _SAMPLE = 6_000, 4_000, 800
"""Bytes: texts up to `_WHOLE` are looked at line by line, of longer ones the first lines of every block."""
OTHER, BLANK, CODE, COMMENT, MARKUP, PROSE = b"abcdef"
"""Looks of a line; where several fit, the greater one is taken."""

_MODIFIERS = (
    "public|private|protected|static|final|abstract|virtual|override|async|export|inline|extern|const|unsafe|"
    "internal|sealed|"
    "partial|lazy|implicit|mutable|volatile|register|friend|explicit|synchronized|native|pub|fileprivate|@\\w+"
)
_DEFINERS = (
    "def|class|func|fn|function|sub|struct|enum|interface|trait|impl|module|namespace|package|proc|macro|"
    "defmodule|defp|fun|"
    "subroutine|program|procedure|object|protocol|extension|typedef|template|type|data|instance|newtype|local|"
    "let|var|val|my|our"
)
_LOADERS = (
    "import|from|using|use|require|require_relative|include|open|library|source|load|@import|#include|#import|"
    "#define|#if|#ifdef|"
    "#ifndef|#endif|#pragma|#!|@interface|@implementation|@property|@end|@protocol|<\\?php|\\?>"
)
_BLOCKS = (
    "if|elif|else|else if|elsif|elseif|for|while|foreach|switch|case|until|unless|try|except|catch|with|match|"
    "guard|when|select|loop|"
    "do|begin|finally|default|repeat"
)
_STATEMENTS = (
    "return|yield|raise|throw|break|continue|echo|print|printf|println|puts|auto|int|char|void|float|double|bool|"
    "string|long|"
    "unsigned|size_t|dim|export|end|fi|done|esac|pass|global|assert|del|await|defer|mov|push|call|goto|attr_\\w+|"
    "elseif|endif|"
    "endfunction|endwhile|sudo|cd|mkdir|cp|mv|chmod|apt-get|curl|git|docker|npm|pip|exit|shift|unset"
)
_SQL = (
    "SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE (?:TABLE|VIEW|INDEX|FUNCTION|PROCEDURE|UNIQUE|OR)|ALTER TABLE|"
    "DROP|FROM|WHERE|"
    "(?:LEFT |RIGHT |INNER |OUTER )?JOIN|GROUP BY|ORDER BY|GRANT|COMMIT|DECLARE|VALUES|PRIMARY KEY|CONSTRAINT|"
    "FOREIGN KEY"
)
_COBOL_HEADS = (
    "(?:IDENTIFICATION|ENVIRONMENT|DATA|PROCEDURE) DIVISION|(?:WORKING-STORAGE|FILE|LINKAGE|CONFIGURATION) SECTION"
)
_COBOL = (
    "(?:MOVE|PERFORM|DISPLAY|COMPUTE|EVALUATE|ACCEPT|STOP RUN|END-(?:IF|PERFORM|READ|EVALUATE)|PROGRAM-ID)[ .]|"
    "[0-9]{2} [A-Z][A-Z0-9-]* PIC "
)
_MNEMONICS = (
    "mov|movq|movl|push|pop|call|jmp|lea|add|sub|xor|cmp|test|ldr|str|ldp|stp|bl|beq|bne|jne|jz|jnz|ret|nop|int|"
    "aload|iload|invokevirtual|invokestatic|getstatic|putfield|LDA|STA|LDX|JSR|BNE|BEQ|MOV|PUSH|CALL|JMP|ADD|CMP"
)
_BASIC = (
    "End (?:Sub|If|Function|Class|With|Select|Property|Module)|Dim \\w+ As|(?:Public|Private) (?:Sub|Function|Class)|"
    "(?:Sub|Function) \\w+\\(|Option Explicit|Next \\w+|Wend|ElseIf |On Error |@echo off|setlocal|(?:if|"
    "IF) not exist |"
    "goto :?\\w|%\\w+%|SetOutPath |StrCpy |SectionEnd|FunctionEnd|!(?:define|include|macro|insertmacro) "
)
_PROVERS = (
    "Theorem|Lemma|Proof|Qed|Defined|Definition|Inductive|Fixpoint|Require Import|Notation|Variable|Hypothesis|"
    "theorem|lemma|proof|qed|by auto|apply|rewrite|intros|induction"
)
_LINES: tuple[tuple[int, str], ...] = (
    (CODE, r"[;{}][ \t]*\r?$"),
    (CODE, r"^[ \t]*[})\]]+[;,)]*[ \t]*\r?$"),
    (CODE, rf"^[ \t]*(?:{_MODIFIERS})[ \t]+\w"),
    (CODE, rf"^[ \t]*(?:{_DEFINERS})[ \t]+[\w:&<*$'(@%]"),
    (CODE, rf"^[ \t]*(?:{_LOADERS})[ \t(\"'<*\{{./\w]"),
    (CODE, rf"^[ \t]*(?:{_BLOCKS})\b[^\n]*(?:[:{{)\]]|\bthen|\bdo|\bin)[ \t]*\r?$"),
    (CODE, rf"^[ \t]*(?:{_BLOCKS}|{_STATEMENTS})[ \t]*:?\r?$"),
    (CODE, rf"^[ \t]*(?:{_STATEMENTS})[ \t]+[\w$@&*(\"'\[{{<-]"),
    (CODE, rf"^[ \t]*(?:{_SQL})\b"),
    (
        CODE,
        r"^[ \t]*(?i:select [\w*.,() ]+ from|create (?:table|procedure|view)|insert into|drop |union all|go\r?$|"
        r"end\r?$|as\r?$)",
    ),
    (CODE, r"^[ \t]*[A-Za-z_]\w*[ \t]+(?i:varchar|integer|int|number|text|timestamp|date|boolean|char|decimal)\b"),
    (CODE, r"^[ \t]*[$@%&*]?[\w.'\"$>:\[\]-]+[ \t]*(?:=|:=|<-|\+=|-=|\*=|/=|\|\|=|<<-|=>|->)[ \t]*[^\s=]"),
    (CODE, r"^[ \t]*[\w.$:>\[\]-]+\([^\n]*[;,{)][ \t]*\r?$"),
    (CODE, r"^[ \t]*(?:[-+*/%]|\|\||&&|\.|->|\|>|::)[ \t]*\w+[.(\[]"),
    (CODE, r"(?:\w\(\w*\)|=>|->|::\w|\$\w|\w\[\w+\]|[=!<>]=|&&|\|\|)"),
    (CODE, r"^[ \t]*[-+]?[ \t]*[\w-]+[ \t]*=[ \t]*[\[{\"'\w]"),
    (CODE, r"[\w\"'\])]\)\)+[ \t]*\r?$"),
    (CODE, rf"^[0-9 \t]{{0,8}}(?:{_COBOL_HEADS})"),
    (CODE, rf"^[0-9 \t]{{0,8}}(?:{_COBOL})"),
    (CODE, rf"^[ \t]*(?:{_MNEMONICS})[a-z]?[ \t]+[-%$#&@\w\[(]"),
    (CODE, rf"^[ \t]*(?:{_BASIC})"),
    (CODE, r"^(?:FROM|RUN|COPY|CMD|ENTRYPOINT|WORKDIR|EXPOSE|ARG|ENV|HEALTHCHECK|VOLUME)[ \t]+[\w./\"\[$-]"),
    (CODE, rf"^[ \t]*(?:{_PROVERS})\b[^\n]*[.:]?\r?$"),
    (CODE, r"(?::-|\?-)[ \t]*(?:$|[^\n]*[.,]\r?$)|^[a-z]\w*\([^\n]*\)\.\r?$"),
    (
        CODE,
        r"^[ \t]*(?:/[\w-]+[ \t]*[{\[]|[^\n]*\b(?:(?:bind|exch) def|(?:move|line)to|showpage|g(?:save|restore))\r?$)",
    ),
    (CODE, r"^!?[A-Z]\w*(?: class)? methodsFor: |^[ \t]*\^[ \t]*\w|^[ \t]*\|[ \t\w]+\|[ \t]*\r?$"),
    (
        CODE,
        r"^\*\*\* ?[A-Z]\w+(?: \w+)? ?\*\*\*|^[ \t]*(?:Given|When|Then|Scenario|Feature)(?: Outline)?:? [^\n]*[\"<]",
    ),
    (CODE, r"^#SBATCH|^[ \t]*\(\w[\w-]*[ \t)]"),
    (
        COMMENT,
        r"^[ \t]*(?://|/\*|\*/|\*[ \t]|\*\r?$|#[ \t!]|#\r?$|##|--[ \t-]|%[ \t%]|\"\"\"|'''|\(\*|REM[ \t]|;;|;[ \t])",
    ),
    (MARKUP, r"^[ \t]*(?:</?[a-zA-Z!][^\n>]*>|\"[^\n\"]*\"[ \t]*:|- [\w-]+:|#{2,6} \w|\|[^\n]*\||\\[a-z]+[\{\[])"),
    (MARKUP, r"^[ \t]*[\w-]+:(?:[ \t]+[^\n;{}()=]*)?\r?$"),
    (
        PROSE,
        r"^[ \t]*(?:[-*>][ \t]+|[0-9]+[.)][ \t]+)?[A-Za-z][a-z']*(?:[ ,]+[A-Za-z'`()/-]+){4,}[.,:!?]?[ \t]*\r?$",
    ),
)


@cache
def _engine() -> EndEngine:
    return compile_ends([Pattern(f"line.{look:c}", f"(?m){sign}") for look, sign in _LINES])


CODE_SIGNS = sum(1 << number for number, (look, _) in enumerate(_LINES) if look == CODE)


class Lines(NamedTuple):
    """The lines of a text: where each begins (and the text ends), a byte for its look, and the signs that say so."""

    starts: list[int]
    looks: bytearray
    signs: list[int]


def lines_of(view: View) -> Lines:
    """The lines of a text, each with its look. Every sign lies within a line."""
    texts = view.text.split("\n")
    looks = bytearray(map(str.isspace, map("\n".__add__, texts))).translate(_WRITTEN)
    signs = [0] * len(texts)
    places = _starts(texts)
    starts = places if len(view.data) == len(view.text) else _starts(view.data.split(b"\n"))
    samples = list(_samples(starts, len(view.data)))
    _look_at(view.data, starts, samples, looks, signs)
    for first, last, stop in samples:
        _assume(looks, first, last, stop)
    _close_comments(texts, looks)
    return Lines(places, looks, signs)


type _Sample = tuple[int, int, int]


def _samples(starts: list[int], size: int) -> Iterator[_Sample]:
    """Blocks of lines: the first, one behind the last looked at, one behind the last; short texts whole."""
    count = len(starts) - 1
    if size <= _WHOLE:
        yield 0, count, count
        return
    first = 0
    while first < count:
        last = min(max(bisect_left(starts, starts[first] + _SAMPLE), first + 1), count)
        stop = min(max(bisect_left(starts, starts[first] + _BLOCK), last), count)
        yield first, last, stop
        first = stop


def _look_at(data: bytes, starts: list[int], samples: Sequence[_Sample], looks: bytearray, signs: list[int]) -> None:
    """Let the engine look at some lines, one behind the other."""
    numbers = [number for first, last, _ in samples for number in range(first, last)]
    ends = list(accumulate(starts[number + 1] - starts[number] for number in numbers))
    sampled = b"".join(data[starts[first] : starts[last]] for first, last, _ in samples)
    for sign, end in _engine().ends(sampled):
        number = numbers[bisect_left(ends, end)]
        signs[number] |= 1 << sign
        look = _LOOKS[sign]
        if look > looks[number]:
            looks[number] = look


def _assume(looks: bytearray, first: int, last: int, stop: int) -> None:
    """Lines nobody looked at look like most of those above them in their block."""
    if stop > last:
        seen = looks[first:last]
        usual = max((OTHER, CODE, COMMENT, MARKUP, PROSE), key=seen.count)
        looks[last:stop] = looks[last:stop].replace(bytes([OTHER]), bytes([usual]))


def _starts(lines: Sequence[str | bytes]) -> list[int]:
    """Where each line begins, and one behind the end."""
    return list(accumulate(map((1).__add__, map(len, lines)), initial=0))


def _close_comments(texts: Sequence[str], looks: bytearray) -> None:
    """Lines between the ends of a comment or docstring are comment, whatever they look like."""
    number = looks.find(COMMENT)
    while number >= 0:
        head = texts[number].lstrip()
        end = "*/" if head[:2] == "/*" else head[:3] if head[:3] in ('"""', "'''") else ""
        if end and end not in head[len(end) :]:
            first = number + 1
            number = next((later for later in range(first, len(texts)) if end in texts[later]), first - 1)
            looks[first : number + 1] = bytes([COMMENT]) * (number + 1 - first)
        number = looks.find(COMMENT, number + 1)


_LOOKS = tuple(look for look, _ in _LINES)
_WRITTEN = bytes.maketrans(bytes([False, True]), bytes([OTHER, BLANK]))
