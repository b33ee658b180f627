# SPDX-License-Identifier: Apache-2.0
import msgspec
import pytest

from auditor.policy import Account, Policy, ProviderPolicy, Standing, Team, Training
from auditor.policy.model import Organisation, matches

KEY = "k-" + "a" * 16
POLICY = Policy(
    organisation=Organisation(regions=("eu*", "europe-*"), other_providers=Standing.UNSANCTIONED),
    provider=(
        ProviderPolicy(name="openai", models=("gpt-4o*",), data=("EMAIL",), other_models=Standing.TOLERATED),
        ProviderPolicy(name="aws.*", standing=Standing.TOLERATED),
        ProviderPolicy(name="*", standing=Standing.SANCTIONED),
    ),
    account=(Account(credential=KEY, data=("HEALTH",)),),
    training=(Training(name="all"), Training(name="theirs", teams=("ml",)), Training(name="hers", actors=("a-1",))),
    team=(Team(name="ml", actors=("a-2", "a-3")),),
)


@pytest.mark.parametrize(
    ("provider", "model", "standing"),
    [
        ("openai", None, Standing.SANCTIONED),
        ("openai", "GPT-4o-mini", Standing.SANCTIONED),
        ("openai", "o3", Standing.TOLERATED),
        ("aws.bedrock", "anything", Standing.TOLERATED),
        ("mistral_ai", None, Standing.SANCTIONED),
        (None, "gpt-4o", None),
    ],
)
def test_the_first_entry_that_matches_counts(provider: str | None, model: str | None, standing: Standing) -> None:
    assert POLICY.standing(provider, model) is standing


def test_those_nobody_names_have_a_standing_of_their_own() -> None:
    policy = Policy(organisation=Organisation(other_providers=Standing.UNSANCTIONED))
    assert policy.standing("groq", "x") is Standing.UNSANCTIONED
    assert Policy().standing("groq", "x") is None


def test_an_account_may_have_data_of_its_own() -> None:
    assert POLICY.allowed_data("openai") == ("EMAIL",)
    assert POLICY.allowed_data("openai", KEY) == ("HEALTH",)
    assert POLICY.allowed_data("aws.bedrock") is None


def test_teams_act_together() -> None:
    assert POLICY.together("a-2") == {"a-2", "a-3"}
    assert POLICY.together("a-1") == {"a-1"}
    assert POLICY.together(None) == frozenset()
    assert [one.name for one in POLICY.trainings("a-3")] == ["all", "theirs"]
    assert [one.name for one in POLICY.trainings("a-1")] == ["all", "hers"]


def test_who_is_named_by_nobody_is_vouched_for_by_nobody() -> None:
    theirs = Training(name="router", kind="classifier", distributed=False)
    hers = msgspec.structs.replace(theirs, actors=("a-1",))
    assert not Policy(training=(theirs,)).trains_private_classifiers("a-1")
    assert Policy(training=(theirs, hers)).trains_private_classifiers("a-1")
    assert not Policy(training=(Training(name="chat", kind="generator"), hers)).trains_private_classifiers("a-1")
    assert not Policy(training=(hers,)).trains_private_classifiers("a-2")


@pytest.mark.parametrize(
    ("region", "allowed"), [("eu", True), ("EU-central-1", True), ("us-east-1", False), (None, None)]
)
def test_regions(region: str | None, allowed: bool | None) -> None:
    assert POLICY.region_allowed(region) is allowed
    assert Policy().region_allowed(region) is None


@pytest.mark.parametrize(("pattern", "value"), [("a[b]", "a[b]"), ("a?", "A?"), ("*-x", "y-x")])
def test_only_the_star_is_special(pattern: str, value: str) -> None:
    assert matches(pattern, value)
    assert not matches("a?", "ab")
