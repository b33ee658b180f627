# SPDX-License-Identifier: Apache-2.0
"""The organisation's policy as values: what no traffic shows, said by those who know.

Everything is optional, and nothing is guessed: a fact nobody stated is None, and what rests on it says so. Names of
providers are `gen_ai.provider.name`'s; they and models may hold `*`. The first entry that matches counts.
"""

from collections.abc import Iterable
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Annotated, Final, Literal

import msgspec

from auditor.calls import Value


class Standing(StrEnum):
    """What the organisation thinks of a provider or model."""

    SANCTIONED = "sanctioned"
    TOLERATED = "tolerated"
    UNSANCTIONED = "unsanctioned"


class _Entry(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry of the file: a key nobody knows is refused, since it is a slip of the pen."""


class Organisation(_Entry, frozen=True, kw_only=True):
    """The table `[organisation]`. `country` is its seat (ISO 3166), `regions` are where its data may be processed
    (`eu-*`), `other_providers` is the standing of those that no entry names."""

    name: str | None = None
    country: str | None = None
    regions: tuple[str, ...] = ()
    other_providers: Standing | None = None


class ProviderPolicy(_Entry, frozen=True, kw_only=True):
    """One `[[provider]]`. `models` are the ones that share its standing (all, where absent); its others have the
    standing `other_models`. `data` are the data types that may be sent there (all, where absent)."""

    name: str
    standing: Standing = Standing.SANCTIONED
    models: tuple[str, ...] = ()
    other_models: Standing = Standing.UNSANCTIONED
    data: tuple[str, ...] | None = None
    note: str | None = None


class Account(_Entry, frozen=True, kw_only=True):
    """One `[[account]]`: what is known of a key, by its fingerprint (`k-…`, as calls show it).

    `shared` says that several clients are meant to use it (a server's key). `data` are data types that may be sent
    with it, whatever its provider's entry says.
    """

    credential: str
    provider: str | None = None
    owner: str | None = None
    contract: str | None = None
    tier: Literal["free", "trial", "individual", "paid", "team", "enterprise"] | None = None
    zero_retention: bool | None = None
    baa: bool | None = None
    region: str | None = None
    purpose: str | None = None
    shared: bool | None = None
    data: tuple[str, ...] | None = None


class Training(_Entry, frozen=True, kw_only=True):
    """One `[[training]]`: a model the organisation makes. `competes` says whether it rivals what its teachers sell;
    `distributed` whether others get it. `teams` and `actors` are who makes it (anybody, where both are absent);
    `models` are names of the model in tuning jobs and uploads, and of what it is made of."""

    name: str
    kind: Literal["generator", "classifier", "embedding", "other"] | None = None
    competes: bool | None = None
    distributed: bool | None = None
    teams: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    purpose: str | None = None


class Team(_Entry, frozen=True, kw_only=True):
    """One `[[team]]`: actors (`a-…`, as calls show them) that act together."""

    name: str
    actors: tuple[str, ...] = ()


class DictionaryEntry(_Entry, frozen=True, kw_only=True):
    """One `[[data.dictionary]]`: terms of the organisation's own, here or one a line in a file beside the policy."""

    name: str
    terms: tuple[str, ...] = ()
    file: str | None = None
    match_case: bool = False


class CustomPattern(_Entry, frozen=True, kw_only=True):
    """One `[[data.pattern]]`: an expression of RE2; with `context`, one of these words (in any case) must stand
    within 60 characters."""

    name: str
    expression: str
    context: tuple[str, ...] = ()
    score: float = 0.9


class Data(_Entry, frozen=True, kw_only=True):
    """The table `[data]`: what the organisation itself calls data."""

    dictionary: tuple[DictionaryEntry, ...] = ()
    pattern: tuple[CustomPattern, ...] = ()


class Capture(_Entry, frozen=True, kw_only=True):
    """The table `[capture]`: data types whose values are taken out before anything is stored, for good (`remove`) or
    sealed apart, to be had back by a reveal (`withhold`). The call itself is sent as it was."""

    remove: tuple[str, ...] = ()
    withhold: tuple[str, ...] = ()


type Days = Annotated[int, msgspec.Meta(ge=0, le=100_000)]


class Retention(_Entry, frozen=True, kw_only=True):
    """The table `[retention]`: for how many days the metadata, content and names of a month can be opened after its
    end, and calls that hold a type of data after they were made. What is not named is kept."""

    metadata: Days | None = None
    content: Days | None = None
    names: Days | None = None
    data: dict[str, Days] = msgspec.field(default_factory=dict)


class Policy(_Entry, frozen=True, kw_only=True):
    """The whole file. An empty one says nothing, and nothing is concluded from it."""

    organisation: Organisation = Organisation()
    provider: tuple[ProviderPolicy, ...] = ()
    account: tuple[Account, ...] = ()
    training: tuple[Training, ...] = ()
    team: tuple[Team, ...] = ()
    data: Data = Data()
    capture: Capture = Capture()
    retention: Retention = Retention()

    def entry(self, provider: str | None) -> ProviderPolicy | None:
        """What is said of a provider."""
        return next((one for one in self.provider if provider and matches(one.name, provider)), None)

    def standing(self, provider: str | None, model: str | None = None) -> Standing | None:
        """The standing of a provider, or of a model there; None where nothing is said."""
        entry = self.entry(provider)
        if entry is None:
            return self.organisation.other_providers if provider else None
        if model is None or not entry.models or any_matches(entry.models, model):
            return entry.standing
        return entry.other_models

    def account_of(self, credential: str | None) -> Account | None:
        """What is known of a key."""
        return next((one for one in self.account if credential and one.credential == credential), None)

    def allowed_data(self, provider: str | None, credential: str | None = None) -> tuple[str, ...] | None:
        """The data types that may be sent to a provider (with this key); None where there is no limit."""
        account, entry = self.account_of(credential), self.entry(provider)
        if account is not None and account.data is not None:
            return account.data
        return None if entry is None else entry.data

    def team_of(self, actor: str | None) -> str | None:
        """The team of an actor."""
        return next((team.name for team in self.team if actor in team.actors), None)

    def together(self, actor: str | None) -> frozenset[str]:
        """The actors that act with this one, itself included."""
        named = next((team.actors for team in self.team if actor in team.actors), ())
        return frozenset({actor, *named} if actor else ())

    def trainings(self, actor: str | None) -> tuple[Training, ...]:
        """What an actor may be training: the entries that name it, its team, or nobody."""
        team = self.team_of(actor)
        return tuple(
            one
            for one in self.training
            if actor in one.actors or (team and team in one.teams) or not (one.actors or one.teams)
        )

    def trains_private_classifiers(self, actor: str | None) -> bool:
        """Whether all that an actor is said to train are classifiers or embeddings that nobody else gets. An entry
        that names nobody vouches for nobody: it would permit everyone's distillation at once."""
        stated = self.trainings(actor)
        named = any(one.actors or one.teams for one in stated)
        return named and all(one.kind in ("classifier", "embedding") and one.distributed is False for one in stated)

    def region_allowed(self, region: str | None) -> bool | None:
        """Whether data may be processed in a region; None where either is unknown."""
        if not region or not self.organisation.regions:
            return None
        return any_matches(self.organisation.regions, region)


UNSAID: Final = Policy()
"""The policy of an organisation that states none."""


def matches(pattern: str, value: str) -> bool:
    """Whether a value is what a pattern means: in any case, `*` for anything."""
    return fnmatchcase(value.lower(), pattern.lower().replace("[", "[[]").replace("?", "[?]"))


def any_matches(patterns: Iterable[str], value: str) -> bool:
    """Whether one of the patterns means a value."""
    return any(matches(pattern, value) for pattern in patterns)
