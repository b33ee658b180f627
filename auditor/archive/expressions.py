# SPDX-License-Identifier: Apache-2.0
"""What a filter says, as a tree of frozen values that writes itself back in the language it was read from.

Invariant: a tree built by `conjunction`, `disjunction`, `Not`, `Word` and `Compare` equals what the parser makes of
its `str()`. A pattern is text in which `*` stands for anything, and a backslash takes the meaning from `*` and from
itself.
"""

import re
from collections.abc import Iterable
from typing import Final, Literal

import msgspec

type Operator = Literal[":", "!=", ">", ">=", "<", "<="]

KEYWORDS: Final = frozenset({"and", "or", "not"})

_PLAIN_WORD = re.compile(r"[^\s()\"\\:=!<>]+")
_PLAIN_VALUE = re.compile(r"[^\s()\"\\=<>:!][^\s()\"\\]*")
_STAR = re.compile(r"(?:\\.|[^*\\])*\*", re.DOTALL)
_ESCAPED = re.compile(r"\\([*\\])")


class Node(msgspec.Struct, frozen=True):
    """Base of the tree."""


class Everything(Node, frozen=True):
    """No condition: what an empty filter says."""

    def __str__(self) -> str:
        return ""


class Word(Node, frozen=True):
    """A bare word, looked for in model, path, client and the like."""

    pattern: str

    def __str__(self) -> str:
        return self.pattern if _is_plain_word(self.pattern) else quoted(self.pattern)


class Compare(Node, frozen=True):
    """A field by its short name and what is asked of it; `value` is a pattern, or a number or time as written."""

    field: str
    operator: Operator
    value: str

    def __str__(self) -> str:
        return f"{self.field}{self.operator}{written(self.value)}"


class Not(Node, frozen=True):
    """The opposite."""

    item: "AnyNode"

    def __str__(self) -> str:
        return f"not {_grouped(self.item)}"


class And(Node, frozen=True):
    """All of two or more; none of them an And."""

    items: tuple["AnyNode", ...]

    def __str__(self) -> str:
        return " and ".join(map(_grouped, self.items))


class Or(Node, frozen=True):
    """At least one of two or more; none of them an Or."""

    items: tuple["AnyNode", ...]

    def __str__(self) -> str:
        return " or ".join(map(_grouped, self.items))


type AnyNode = Everything | Word | Compare | Not | And | Or


def conjunction(items: Iterable[AnyNode]) -> AnyNode:
    """All of the items, nested ones flattened, Everything left out."""
    flat = [part for item in items for part in (item.items if isinstance(item, And) else (item,))]
    flat = [part for part in flat if not isinstance(part, Everything)]
    return And(tuple(flat)) if len(flat) > 1 else (flat[0] if flat else Everything())


def disjunction(items: Iterable[AnyNode]) -> AnyNode:
    """Any of the items, nested ones flattened; Everything where one of them is, or none is given."""
    flat = [part for item in items for part in (item.items if isinstance(item, Or) else (item,))]
    if not flat or any(isinstance(part, Everything) for part in flat):
        return Everything()
    return Or(tuple(flat)) if len(flat) > 1 else flat[0]


def _grouped(node: AnyNode) -> str:
    return f"({node})" if isinstance(node, And | Or) else str(node)


# --- patterns ---------------------------------------------------------------------------------------------------


def escape(text: str) -> str:
    """The pattern that matches exactly this text."""
    return text.replace("\\", "\\\\").replace("*", "\\*")


def plain(pattern: str) -> str | None:
    """The text a pattern without wildcards stands for, or None where it has one."""
    return None if _STAR.match(pattern) else unescape(pattern)


def unescape(pattern: str) -> str:
    """The pattern's text, its wildcards as stars."""
    return _ESCAPED.sub(r"\1", pattern)


def pieces(pattern: str) -> list[str]:
    """The literal texts between a pattern's wildcards; one more than there are wildcards."""
    found = re.findall(r"\\[*\\]|\*|[^*\\]+|\\", pattern)
    texts = [""]
    for token in found:
        if token == "*":  # noqa: S105 - a wildcard, no password
            texts.append("")
        else:
            texts[-1] += unescape(token)
    return texts


def quoted(pattern: str) -> str:
    """The pattern between quotation marks."""
    return '"' + pattern.replace('"', '\\"') + '"'


def written(value: str) -> str:
    """A value as it can stand after an operator."""
    return value if _PLAIN_VALUE.fullmatch(value) else quoted(value)


def _is_plain_word(pattern: str) -> bool:
    return _PLAIN_WORD.fullmatch(pattern) is not None and pattern.lower() not in KEYWORDS and pattern[0] != "-"
