# SPDX-License-Identifier: Apache-2.0
"""Says a filter in English, for the line under the filter bar."""

import re
from typing import Final

from auditor.archive.expressions import And, AnyNode, Compare, Everything, Not, Or, Word, plain, unescape
from auditor.archive.fields import NAMES, Field, Holds, noun
from auditor.archive.values import flag

_AMOUNTS: Final = {":": "exactly", "!=": "not", ">": "more than", ">=": "at least", "<": "less than", "<=": "at most"}
_MOMENTS: Final = {":": "in", "!=": "not in", ">": "after", ">=": "in or after", "<": "before", "<=": "in or before"}
_AGO: Final = re.compile(r"-(\d+)\s*([a-z]+)", re.IGNORECASE)
_UNITS: Final = {
    "ms": "millisecond",
    "s": "second",
    "m": "minute",
    "min": "minute",
    "h": "hour",
    "d": "day",
    "w": "week",
}
_TAGS: Final = {
    "data": "{} was sent or received",
    "sent": "{} was sent",
    "received": "{} was received",
    "label": "the label is {}",
    "tool": "the model asked for the tool {}",
    "finish": "the answer ended with {}",
}


def explain(node: AnyNode) -> str:
    """One sentence: what the calls have in common that the filter lets through."""
    return "All calls" if isinstance(node, Everything) else f"Calls where {_said(node)}"


def _said(node: AnyNode) -> str:
    match node:
        case Everything():
            return "anything holds"
        case Word():
            return f"model, path, client, provider, server or operation contains {_quote(node.pattern)}"
        case Not():
            return f"it is not so that {_inner(node.item)}"
        case And():
            return " and ".join(map(_inner, node.items))
        case Or():
            return " or ".join(map(_inner, node.items))
        case Compare():
            return _comparison(NAMES[node.field], node)


def _inner(node: AnyNode) -> str:
    return f"({_said(node)})" if isinstance(node, And | Or) else _said(node)


def _comparison(field: Field, compare: Compare) -> str:
    if compare.value == "*":
        return f"{noun(field)} is {'un' if compare.operator == '!=' else ''}known"
    match field.holds:
        case Holds.NUMBER:
            return f"{noun(field)} {_verb(noun(field))} {_AMOUNTS[compare.operator]} {unescape(compare.value)}"
        case Holds.TIME:
            return _time(compare)
        case Holds.FLAG:
            wanted = flag(compare.value) is (compare.operator == ":")
            return f"the answer was {'' if wanted else 'not '}streamed"
        case Holds.TAG:
            said = _TAGS[field.name].format(_quote(compare.value))
            return f"it is not so that {said}" if compare.operator == "!=" else said
        case Holds.TEXT:
            verb = "is not" if compare.operator == "!=" else "is"
            like = "" if plain(compare.value) is not None else " like"
            return f"{noun(field)} {verb}{like} {_quote(compare.value)}"


def _verb(name: str) -> str:
    return "are" if name.endswith("s") and name != "status" else "is"


def _time(compare: Compare) -> str:
    ago = _AGO.fullmatch(compare.value.strip())
    if ago is None:
        return f"the time is {_MOMENTS[compare.operator]} {unescape(compare.value)}"
    count, unit = int(ago[1]), _UNITS[ago[2].lower()]
    length = f"{count} {unit}{'' if count == 1 else 's'}"
    match compare.operator:
        case ">" | ">=":
            return f"the time is in the last {length}"
        case "<" | "<=":
            return f"the time is more than {length} ago"
        case _:
            return f"the time is {'not ' if compare.operator == '!=' else ''}exactly {length} ago"


def _quote(pattern: str) -> str:
    return f"“{unescape(pattern)}”"
