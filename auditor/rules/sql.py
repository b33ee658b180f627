# SPDX-License-Identifier: Apache-2.0
"""Turns the condition of a Sigma rule, as pySigma parsed it, into a condition over the index.

Sigma's meaning is kept: texts compare without case, `*` and `?` are wildcards, regular expressions with case unless
`|i` says otherwise. A fact that is absent matches nothing but `null`, and the opposite of what does not match holds.
What the index cannot answer is refused by name, so that no rule matches more than its author wrote.
"""

import difflib
from collections.abc import Callable
from typing import Any, Final

from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.types import (
    CompareOperators,
    SigmaBool,
    SigmaCasedString,
    SigmaCompareExpression,
    SigmaExists,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaString,
    SpecialChars,
)
from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, true

from auditor.archive.fields import FIELDS, Field, Holds, field_of
from auditor.archive.schema import calls, tags
from auditor.policy import UNSAID, Policy
from auditor.rules.said import ESCAPE, NOT_ALLOWED, SAID, column, not_allowed

type Test = Callable[[ColumnElement[Any]], ColumnElement[bool]]


class Unsupported(Exception):
    """What a rule asks for and the index cannot answer; the text is a sentence's middle."""


def named(name: str) -> Field:
    """The field of a name in any spelling. Raises `Unsupported` where there is none."""
    field = SAID.get(name.lower()) or field_of(name)
    if field is None:
        near = difflib.get_close_matches(name, [*(one.name for one in FIELDS), *SAID], n=1)
        raise Unsupported(f"a call has no field {name}" + (f" (is {near[0]} meant?)" if near else ""))
    return field


class Compiler:
    """Compiles the conditions of one rule under a policy; `fields` are those it met, in their order."""

    def __init__(self, policy: Policy = UNSAID) -> None:
        self.fields: dict[str, Field] = {}
        self._policy = policy

    def condition(self, node: Any) -> ColumnElement[bool]:
        """The condition a row of `calls` fulfils. Raises `Unsupported`."""
        match node:
            case ConditionAND():
                return and_(*map(self.condition, node.args))
            case ConditionOR():
                return or_(*map(self.condition, node.args))
            case ConditionNOT():
                return _opposite(self.condition(node.args[0]))
            case ConditionFieldEqualsValueExpression():
                return self._field(node.field, node.value)
            case ConditionValueExpression():
                raise Unsupported("it looks for words without saying in which field")
            case _:
                raise Unsupported(f"its condition holds a {type(node).__name__}")

    def _field(self, name: str, value: Any) -> ColumnElement[bool]:
        field = named(name)
        self.fields.setdefault(field.name, field)
        if isinstance(value, SigmaExists):
            there = self._any(field, lambda column: column.is_not(None))
            return there if bool(value) else _opposite(there)
        if isinstance(value, SigmaNull):
            return _opposite(self._any(field, lambda column: column.is_not(None)))
        return self._any(field, _test(field, value))

    def _any(self, field: Field, test: Test) -> ColumnElement[bool]:
        """Whether one of the field's values passes a test."""
        if field.name == NOT_ALLOWED:
            return not_allowed(self._policy, test)
        if field.name in SAID:
            return test(column(field, self._policy))
        return _any(field, test)


def _opposite(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """What holds where a condition does not, or cannot be told."""
    return not_(func.coalesce(condition, false()))


def _any(field: Field, test: Test) -> ColumnElement[bool]:
    """Whether one of the values the index holds of a field passes a test."""
    if field.kinds:
        return calls.c.n.in_(select(tags.c.n).where(tags.c.kind.in_(field.kinds), test(tags.c.value)))
    return or_(*(test(calls.c[name]) for name in field.columns))


def _test(field: Field, value: Any) -> Test:
    match field.holds:
        case Holds.TEXT | Holds.TAG:
            return _text_test(field, value)
        case Holds.NUMBER:
            return _number_test(field, value)
        case Holds.FLAG:
            return _flag_test(field, value)
        case _:
            raise Unsupported(f"rules do not compare {field.name}")


def _text_test(field: Field, value: Any) -> Test:
    match value:
        case SigmaCasedString():
            raise Unsupported(f"{field.name} is compared without case only")
        case SigmaString():
            return _like(value)
        case SigmaRegularExpression():
            pattern = expression(value)
            return lambda held: func.regexp(pattern, held) == 1
        case SigmaNumber():
            return lambda column: column == str(value)
        case _:
            raise Unsupported(f"{field.name} is a text and cannot be compared with a {type(value).__name__}")


def _like(value: SigmaString) -> Test:
    if not value.contains_special():
        exact = value.to_plain() if not value.s else "".join(map(str, value.s))
        return lambda column: column == exact
    spelled = "".join(map(_spelled, value.s))
    return lambda column: column.like(spelled, escape=ESCAPE)


def _spelled(part: Any) -> str:
    match part:
        case SpecialChars.WILDCARD_MULTI:
            return "%"
        case SpecialChars.WILDCARD_SINGLE:
            return "_"
        case str():
            return part.replace(ESCAPE, ESCAPE * 2).replace("%", ESCAPE + "%").replace("_", ESCAPE + "_")
        case _:
            raise Unsupported("it holds a placeholder nobody filled in")


def expression(value: SigmaRegularExpression) -> str:
    """The pattern with its flags written into it. pySigma's policy let nothing through that RE2 does not take."""
    flags = "".join(sorted(value.sigma_to_re_flag[flag] for flag in value.flags))
    return (f"(?{flags})" if flags else "") + str(value.regexp)


_COMPARED: Final[dict[CompareOperators, Callable[[ColumnElement[Any], float], ColumnElement[bool]]]] = {
    CompareOperators.LT: lambda column, number: column < number,
    CompareOperators.LTE: lambda column, number: column <= number,
    CompareOperators.GT: lambda column, number: column > number,
    CompareOperators.GTE: lambda column, number: column >= number,
}


def _number_test(field: Field, value: Any) -> Test:
    match value:
        case SigmaCompareExpression() if value.op in _COMPARED and isinstance(value.number, SigmaNumber):
            compared, bound = _COMPARED[value.op], float(value.number.number) * field.scale
            return lambda column: compared(column, bound)
        case SigmaNumber():
            exact = float(value.number) * field.scale
            return lambda column: column == exact
        case _:
            raise Unsupported(f"{field.name} is a number")


def _flag_test(field: Field, value: Any) -> Test:
    if not isinstance(value, SigmaBool):
        raise Unsupported(f"{field.name} is true or false")
    wanted = true() if bool(value.boolean) else false()
    return lambda column: column.is_(wanted)
