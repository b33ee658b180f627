# SPDX-License-Identifier: Apache-2.0
"""What the organisation's policy says of a call, as fields that rules can name.

Each field is a list of cases, the first that matches counts: one definition gives both the SQL over the index and the
value for a call at hand. A field about which the policy says nothing is absent, so a rule on it stays quiet.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, case, false, func, not_, null, or_, select

from auditor.archive.fields import Field, Holds
from auditor.archive.schema import calls, tags
from auditor.policy import Policy
from auditor.policy.model import any_matches

ESCAPE: Final = "\\"
NOT_ALLOWED: Final = "data_not_allowed"


class Case(NamedTuple):
    """A value, and what a call has to be for it: by column, the patterns of which one has to match. Without `value`
    the field is absent there."""

    when: tuple[tuple[str, tuple[str, ...]], ...]
    value: Any


type Cases = list[Case]


def _field(name: str, holds: Holds, help_: str, noun: str) -> Field:
    return Field(name=name, holds=holds, help=help_, example="", noun=noun)


def _standing(policy: Policy) -> Cases:
    cases = [Case((("provider", (one.name,)),), one.standing.value) for one in policy.provider]
    return [*cases, *_others(policy)]


def _model_standing(policy: Policy) -> Cases:
    cases: Cases = []
    for one in policy.provider:
        if one.models:
            cases.append(Case((("provider", (one.name,)), ("model", one.models)), one.standing.value))
            cases.append(Case((("provider", (one.name,)), ("model", ("*",))), one.other_models.value))
        cases.append(Case((("provider", (one.name,)),), one.standing.value))
    return [*cases, *_others(policy)]


def _others(policy: Policy) -> Cases:
    other = policy.organisation.other_providers
    return [Case((("provider", ("*",)),), other.value)] if other else []


def _of_accounts(attribute: str) -> Callable[[Policy], Cases]:
    def cases(policy: Policy) -> Cases:
        stated = ((one.credential, getattr(one, attribute)) for one in policy.account)
        return [Case((("credential", (key,)),), value) for key, value in stated if value is not None]

    return cases


def _known(policy: Policy) -> Cases:
    """Whether a key is listed; nothing is said where no keys are."""
    listed = [one.credential for one in policy.account]
    return [Case((("credential", tuple(listed)),), True), Case((("credential", ("*",)),), False)] if listed else []


def _team(policy: Policy) -> Cases:
    return [Case((("actor", one.actors),), one.name) for one in policy.team if one.actors]


def _region_allowed(policy: Policy) -> Cases:
    regions = policy.organisation.regions
    return [Case((("region", regions),), True), Case((("region", ("*",)),), False)] if regions else []


def _regions_stated(policy: Policy) -> Cases:
    return [Case((), True)] if policy.organisation.regions else []


def _country(policy: Policy) -> Cases:
    country = policy.organisation.country
    return [Case((), country.upper())] if country else []


_TABLE: Final[tuple[tuple[Field, Callable[[Policy], Cases]], ...]] = (
    (_field("provider_standing", Holds.TEXT, "sanctioned, tolerated or unsanctioned.", "standing"), _standing),
    (
        _field("model_standing", Holds.TEXT, "The same of the model.", "standing of the model"),
        _model_standing,
    ),
    (_field("account_known", Holds.FLAG, "Whether the policy lists the key.", "key listed"), _known),
    (_field("account_owner", Holds.TEXT, "Whose key it is.", "owner"), _of_accounts("owner")),
    (_field("account_contract", Holds.TEXT, "The contract of the account.", "contract"), _of_accounts("contract")),
    (_field("account_tier", Holds.TEXT, "The tier of the account.", "tier"), _of_accounts("tier")),
    (
        _field("account_zero_retention", Holds.FLAG, "Whether zero retention is agreed.", "zero retention agreed"),
        _of_accounts("zero_retention"),
    ),
    (_field("account_baa", Holds.FLAG, "Whether a BAA is signed.", "BAA signed"), _of_accounts("baa")),
    (_field("account_region", Holds.TEXT, "The region of the account.", "region agreed"), _of_accounts("region")),
    (_field("account_purpose", Holds.TEXT, "What the account is for.", "purpose"), _of_accounts("purpose")),
    (
        _field("account_shared", Holds.FLAG, "Whether several clients are meant to use the key.", "key meant for many"),
        _of_accounts("shared"),
    ),
    (_field("team", Holds.TEXT, "The team of the actor.", "team"), _team),
    (
        _field("region_allowed", Holds.FLAG, "Whether data may be processed in the call's region.", "region allowed"),
        _region_allowed,
    ),
    (
        _field("regions_stated", Holds.FLAG, "Whether regions are named.", "regions stated"),
        _regions_stated,
    ),
    (_field("organisation_country", Holds.TEXT, "The organisation's seat (ISO 3166).", "seat"), _country),
    (_field(NOT_ALLOWED, Holds.TAG, "Data types sent that may not be sent there.", "data not allowed"), lambda _: []),
)

SAID: Final[Mapping[str, Field]] = {field.name: field for field, _ in _TABLE}
"""The fields by name."""

_CASES: Final = {field.name: cases for field, cases in _TABLE}


# --- over the index ---------------------------------------------------------------------------------------------


def column(field: Field, policy: Policy) -> ColumnElement[Any]:
    """The field as an expression over `calls`."""
    cases = _CASES[field.name](policy)
    if not cases:
        return null()
    return case(*((_condition(one), one.value) for one in cases), else_=null())


def not_allowed(policy: Policy, test: Callable[[ColumnElement[Any]], ColumnElement[bool]]) -> ColumnElement[bool]:
    """Whether a type of data was sent that passes a test and may not be sent there."""
    found: list[ColumnElement[bool]] = []
    earlier: list[ColumnElement[bool]] = []
    for when, allowed in _limits(policy):
        here = _condition(when)
        if allowed is not None:
            sent = select(tags.c.n).where(tags.c.kind == "sent", tags.c.value.not_in(allowed), test(tags.c.value))
            found.append(and_(here, *map(_is_not, earlier), calls.c.n.in_(sent)))
        earlier.append(here)
    return or_(false(), *found)


def _limits(policy: Policy) -> Iterable[tuple[Case, tuple[str, ...] | None]]:
    """What may be sent, the first that matches: by key, then by provider."""
    for account in policy.account:
        if account.data is not None:
            yield Case((("credential", (account.credential,)),), None), account.data
    for entry in policy.provider:
        yield Case((("provider", (entry.name,)),), None), entry.data


def _condition(one: Case) -> ColumnElement[bool]:
    return and_(*(or_(*(_like(name, pattern) for pattern in patterns)) for name, patterns in one.when), not_(false()))


def _like(name: str, pattern: str) -> ColumnElement[bool]:
    if "*" not in pattern:
        return calls.c[name] == pattern
    spelled = pattern.replace(ESCAPE, ESCAPE * 2).replace("%", ESCAPE + "%").replace("_", ESCAPE + "_")
    return calls.c[name].like(spelled.replace("*", "%"), escape=ESCAPE)


def _is_not(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return not_(func.coalesce(condition, false()))


# --- of a call at hand ------------------------------------------------------------------------------------------


def value(field: Field, policy: Policy, row: Mapping[str, Any]) -> Any:
    """The field of a call whose columns are given; None where it is absent."""
    return first(cases(field, policy), row)


def cases(field: Field, policy: Policy) -> Cases:
    """The cases of a field under a policy; none where it says nothing."""
    return _CASES[field.name](policy)


def first(given: Cases, row: Mapping[str, Any]) -> Any:
    """The value of the first case that a call is; None where it is none."""
    return next((one.value for one in given if _holds(one, row)), None)


def types_not_allowed(policy: Policy, row: Mapping[str, Any], sent: Iterable[str]) -> list[str]:
    """The types that were sent and may not be."""
    allowed = policy.allowed_data(row["provider"], row["credential"])
    return [] if allowed is None else [one for one in sent if one not in allowed]


def _holds(one: Case, row: Mapping[str, Any]) -> bool:
    return all(row[name] is not None and any_matches(patterns, row[name]) for name, patterns in one.when)
