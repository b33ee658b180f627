# SPDX-License-Identifier: Apache-2.0
"""A predicate holds for the calls its SQL finds, under a policy and without."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from auditor.archive import Archive
from auditor.archive.schema import calls
from auditor.calls import DataCount
from auditor.policy import UNSAID, Account, Policy, ProviderPolicy, Standing, Team
from auditor.policy.model import Organisation
from auditor.rules import load
from auditor.rules.predicates import facts, needs, predicate, tags_of
from auditor.rules.said import SAID
from tests.auditor.archive.conftest import call, completion
from tests.auditor.rules.material import rule

type Filled = Callable[..., Archive]


def sent(*types: str) -> tuple[DataCount, ...]:
    return tuple(DataCount(type=type_, direction="sent", count=1) for type_ in types)


CALLS = (
    call(1, request_model="gpt-4o-mini", status=200, input_tokens=10, stream=True, cost_usd=0.5, credential="k-1"),
    call(2, request_model="GPT-4o", status=429, stream=False, data=sent("EMAIL", "HEALTH"), region="eu-central-1"),
    call(3, request_model=None, provider="mistral_ai", status=None, user_agent="curl/8.1", actor="a-2"),
    call(4, request_model="50%_off\nx", provider="anthropic", data=sent("SECRET"), credential="k-2", region="us"),
    call(5, provider="openrouter", request_model="anthropic/claude-x", labels=("jailbreak",), finish_reasons=("stop",)),
    call(6, provider="Ärger", request_model="ÄX", user_agent="[x]", credential="k-3", actor=None),
    call(7, provider=None, request_model="o3", data=sent("IBAN")),
)
POLICY = Policy(
    organisation=Organisation(regions=("eu*",), other_providers=Standing.UNSANCTIONED),
    provider=(
        ProviderPolicy(name="openai", models=("gpt-4o*",), data=("EMAIL",)),
        ProviderPolicy(name="open*", standing=Standing.TOLERATED),
        ProviderPolicy(name="anthropic", data=()),
    ),
    account=(
        Account(credential="k-1", owner="ml", baa=True, tier="free", shared=False, data=()),
        Account(credential="k-2", zero_retention=True, baa=False, data=("SECRET",)),
    ),
    team=(Team(name="red", actors=("a-2",)),),
)
SELECTIONS = (
    "request_model: gpt-4O", "request_model|startswith: gpt-4o", "request_model: gpt-4?", "request_model: '*mini'",
    "request_model|contains: '%_'", "request_model|re: ^gpt-4o$", "request_model|re|i: ^gpt-4o$", "model: null",
    "request_model: äx", "agent: '[x]'", "agent|contains: CURL", "request_model|exists: false", "status: 429",
    "status|gte: 300", "input_tokens|lt: 11", "cost|gt: 0.4", "stream: false", "sent: email", "sent: null",
    "provider: [mistral_ai, anthropic]", "label: jailbreak", "finish: STOP", "maker: anthropic",
    "region|startswith: EU",
    "provider_standing: unsanctioned", "provider_standing: null", "model_standing: unsanctioned",
    "model_standing|exists: true", "account_known: false", "account_baa: true", "account_baa: false",
    "account_baa: null", "account_tier: [free, trial]", "account_owner: M?", "account_shared: false", "team: red",
    "region_allowed: false", "region_allowed: null", "regions_stated: true", "data_not_allowed|exists: true",
    "data_not_allowed: HEALTH", "data_not_allowed: IBAN", "data_not_allowed|exists: false",
)  # fmt: skip


@pytest.fixture
def archive(filled: Filled) -> Archive:
    return filled(*map(completion, CALLS))


def by_sql(archive: Archive, detection: object, policy: Policy) -> set[str]:
    with archive.index.reading() as connection:
        return set(connection.scalars(select(calls.c.id).where(detection.sql(policy))))  # type: ignore[attr-defined]


def by_predicate(detection: object, policy: Policy) -> set[str]:
    holds = predicate(detection, policy)  # type: ignore[arg-type]
    return {one.id for one in CALLS if holds(facts(one))}


@pytest.mark.parametrize("policy", [UNSAID, POLICY], ids=["without a policy", "with one"])
def test_a_predicate_means_what_its_sql_means(archive: Archive, tmp_path: Path, policy: Policy) -> None:
    for number, selection in enumerate(SELECTIONS):
        for condition in ("one", "not one"):
            made = rule(tmp_path / f"{number} {condition}", f"one:\n  {selection}\ncondition: {condition}").detection
            assert by_predicate(made, policy) == by_sql(archive, made, policy), (selection, condition)


@pytest.mark.parametrize("policy", [UNSAID, POLICY], ids=["without a policy", "with one"])
def test_calls_that_lack_what_is_needed_fulfil_nothing(tmp_path: Path, policy: Policy) -> None:
    selections = ("label: jailbreak", "sent: [email, IBAN]", "account_baa: true", "data_not_allowed|exists: true")
    for number, selection in enumerate(selections):
        for other in ("provider: openai", "sent: IBAN", "label: null"):
            text = f"one:\n  {selection}\ntwo:\n  {other}\ncondition: "
            for condition in ("one and two", "one or two", "one and not two"):
                made = rule(tmp_path / f"{number} {other[:3]} {condition}", text + condition).detection
                wanted, holds = needs(made, policy), predicate(made, policy)
                for one in map(facts, CALLS):
                    assert wanted is None or wanted & tags_of(one) or not holds(one), (selection, other, condition)


def test_so_do_the_built_in_rules(archive: Archive) -> None:
    for one in load().rules:
        assert by_predicate(one.detection, POLICY) == by_sql(archive, one.detection, POLICY), one.title


EXPECTED: dict[str, set[int]] = {
    "provider_standing: unsanctioned": {3, 6},
    "provider_standing: tolerated": {5},
    "model_standing: unsanctioned": {3, 6},
    "account_known: false": {6},
    "account_baa: true": {1},
    "account_baa: null": {2, 3, 5, 6, 7},
    "region_allowed: false": {4},
    "team: red": {3},
    "data_not_allowed|exists: true": {2},
    "data_not_allowed: HEALTH": {2},
}


@pytest.mark.parametrize("selection", EXPECTED)
def test_what_the_policy_says(tmp_path: Path, selection: str) -> None:
    made = rule(tmp_path / "rules", f"one:\n  {selection}\ncondition: one").detection
    holds = predicate(made, POLICY)
    assert {int(one.id[-1]) for one in CALLS if holds(facts(one))} == EXPECTED[selection]


def test_every_field_of_the_policy_is_told() -> None:
    text = (Path(__file__).parents[3] / "docs" / "rules.md").read_text()
    for field in SAID.values():
        assert f"| `{field.name}` | {field.help} |\n" in text
