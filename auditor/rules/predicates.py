# SPDX-License-Identifier: Apache-2.0
"""A rule on single calls as a predicate over a call at hand: what the gateway asks of every call it records.

It means what the SQL of the same rule means (`auditor.rules.sql`), down to comparing without case in ASCII only: it
looks at the very columns and tags that the index will hold of the call. A test holds the two against each other.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

import re2
from sigma.conditions import ConditionAND, ConditionFieldEqualsValueExpression, ConditionNOT, ConditionOR
from sigma.types import (
    CompareOperators,
    SigmaBool,
    SigmaCompareExpression,
    SigmaExists,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaString,
    SpecialChars,
)

from auditor.archive import rows
from auditor.archive.fields import Field
from auditor.calls import Call
from auditor.policy import UNSAID, Policy
from auditor.rules.events import folded
from auditor.rules.model import Detection
from auditor.rules.said import NOT_ALLOWED, SAID, cases, first, types_not_allowed
from auditor.rules.sql import expression, named


class Facts(NamedTuple):
    """A call as the index would hold it: columns by name, and what it has several of by kind."""

    row: Mapping[str, Any]
    tags: Mapping[str, list[str]]


type Predicate = Callable[[Facts], bool]
type Test = Callable[[Any], bool]


def facts(call: Call) -> Facts:
    """The facts of a call."""
    tags: dict[str, list[str]] = {}
    for tag in rows.tags(call):
        tags.setdefault(tag.kind, []).append(tag.value)
    return Facts(rows.columns(call), tags)


def predicate(detection: Detection, policy: Policy = UNSAID) -> Predicate:
    """Whether one of the conditions holds for a call."""
    conditions = [_condition(node, policy) for node in detection.nodes]
    return conditions[0] if len(conditions) == 1 else _any_of(conditions)


def needs(detection: Detection, policy: Policy = UNSAID) -> frozenset[str] | None:
    """Tags (`label:jailbreak`) of which a call has to have one for the conditions to hold; empty where no call can
    fulfil them under this policy, None where they ask for no tag. What is not looked at needs no predicate."""
    return _either([_needs(node, policy) for node in detection.nodes])


def tags_of(call: Facts) -> set[str]:
    """The tags of a call, spelled as `needs` spells them."""
    return {f"{kind}:{folded(one)}" for kind, values in call.tags.items() for one in values}


def _needs(node: Any, policy: Policy) -> frozenset[str] | None:
    match node:
        case ConditionAND():
            asked = [one for arg in node.args if (one := _needs(arg, policy)) is not None]
            return min(asked, key=len, default=None)
        case ConditionOR():
            return _either([_needs(one, policy) for one in node.args])
        case ConditionFieldEqualsValueExpression():
            return _needed(named(node.field), node.value, policy)
        case _:
            return None


def _either(parts: list[frozenset[str] | None]) -> frozenset[str] | None:
    known = [one for one in parts if one is not None]
    return frozenset().union(*known) if len(known) == len(parts) else None


def _needed(field: Field, wanted: Any, policy: Policy) -> frozenset[str] | None:
    if isinstance(wanted, SigmaNull) or (isinstance(wanted, SigmaExists) and not bool(wanted)):
        return None
    if field.name == NOT_ALLOWED or (field.name in SAID and cases(field, policy)):
        return None
    if field.name in SAID:
        return frozenset()
    if field.kinds and isinstance(wanted, SigmaString) and not wanted.contains_special():
        exact = folded("".join(map(str, wanted.s)))
        return frozenset(f"{kind}:{exact}" for kind in field.kinds)
    return None


def _condition(node: Any, policy: Policy) -> Predicate:
    match node:
        case ConditionAND():
            parts = [_condition(one, policy) for one in node.args]
            return lambda call: all(part(call) for part in parts)
        case ConditionOR():
            return _listed(node.args, policy) or _any_of([_condition(one, policy) for one in node.args])
        case ConditionNOT():
            inner = _condition(node.args[0], policy)
            return lambda call: not inner(call)
        case ConditionFieldEqualsValueExpression():
            return _compared(named(node.field), node.value, policy)
        case _:  # pragma: no cover - the SQL compiler refused everything else when the rule was read
            raise TypeError(type(node).__name__)


def _any_of(parts: list[Predicate]) -> Predicate:
    return lambda call: any(part(call) for part in parts)


def _listed(nodes: list[Any], policy: Policy) -> Predicate | None:
    """A list of plain texts for one field, looked up at once; None where it is anything else."""
    plain = [
        (one.field, "".join(map(str, one.value.s)))
        for one in nodes
        if isinstance(one, ConditionFieldEqualsValueExpression)
        and isinstance(one.value, SigmaString)
        and not one.value.contains_special()
    ]
    if len(plain) != len(nodes) or len({field for field, _ in plain}) != 1:
        return None
    wanted = {folded(text) for _, text in plain}
    return _one_passes(named(plain[0][0]), policy, lambda held: folded(held) in wanted)


def _compared(field: Field, wanted: Any, policy: Policy) -> Predicate:
    if isinstance(wanted, SigmaExists | SigmaNull):
        there = isinstance(wanted, SigmaExists) and bool(wanted)
        is_there = _one_passes(field, policy, lambda _: True)
        return lambda call: is_there(call) is there
    return _one_passes(field, policy, _test(field, wanted))


def _one_passes(field: Field, policy: Policy, test: Test) -> Predicate:
    """Whether one of the values of a field passes a test. Most fields are one column, and this is asked most."""
    if len(field.columns) == 1 and not field.kinds and field.name != NOT_ALLOWED and field.name not in SAID:
        (column,) = field.columns
        return lambda call: (held := call.row[column]) is not None and test(held)
    read = _reader(field, policy)
    return lambda call: any(test(one) for one in read(call))


def _reader(field: Field, policy: Policy) -> Callable[[Facts], Iterable[Any]]:
    """The values of a field that are there."""
    if field.name == NOT_ALLOWED:
        return lambda call: types_not_allowed(policy, call.row, call.tags.get("sent", ()))
    if field.name in SAID:
        given = cases(field, policy)
        return lambda call: [one for one in (first(given, call.row),) if one is not None]
    if field.kinds:
        return lambda call: [one for kind in field.kinds for one in call.tags.get(kind, ())]
    return lambda call: [one for name in field.columns if (one := call.row[name]) is not None]


def _test(field: Field, wanted: Any) -> Test:
    match wanted:
        case SigmaString():
            return _text(wanted)
        case SigmaRegularExpression():
            pattern = re2.compile(expression(wanted))
            return lambda held: pattern.search(held) is not None
        case SigmaCompareExpression():
            bound, compare = float(wanted.number.number) * field.scale, _OPERATORS[wanted.op]
            return lambda held: compare(held, bound)
        case SigmaNumber():
            exact, spelled = float(wanted.number) * field.scale, str(wanted)
            return lambda held: held == spelled if isinstance(held, str) else held == exact
        case SigmaBool():
            flag = bool(wanted.boolean)
            return lambda held: bool(held) is flag
        case _:  # pragma: no cover - refused when the rule was read
            raise TypeError(type(wanted).__name__)


_OPERATORS: Final[dict[CompareOperators, Callable[[Any, float], bool]]] = {
    CompareOperators.LT: lambda held, bound: held < bound,
    CompareOperators.LTE: lambda held, bound: held <= bound,
    CompareOperators.GT: lambda held, bound: held > bound,
    CompareOperators.GTE: lambda held, bound: held >= bound,
}


def _text(wanted: SigmaString) -> Test:
    if not wanted.contains_special():
        exact = folded("".join(map(str, wanted.s)))
        return lambda held: folded(held) == exact
    match wanted.s:
        case (SpecialChars.WILDCARD_MULTI, str(middle), SpecialChars.WILDCARD_MULTI):
            part = folded(middle)
            return lambda held: part in folded(held)
        case (str(start), SpecialChars.WILDCARD_MULTI):
            part = folded(start)
            return lambda held: folded(held).startswith(part)
        case (SpecialChars.WILDCARD_MULTI, str(end)):
            part = folded(end)
            return lambda held: folded(held).endswith(part)
    spelled = "".join(_spelled(part) for part in wanted.s)
    pattern = re2.compile(rf"(?s)\A{spelled}\z")
    return lambda held: pattern.search(folded(held)) is not None


def _spelled(part: Any) -> str:
    match part:
        case SpecialChars.WILDCARD_MULTI:
            return ".*"
        case SpecialChars.WILDCARD_SINGLE:
            return "."
        case _:
            return str(re2.escape(folded(str(part))))
