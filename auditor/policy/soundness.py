# SPDX-License-Identifier: Apache-2.0
"""What a policy cannot mean: entries that contradict each other, and keys that are no fingerprints."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from auditor.policy.model import Policy

_CREDENTIAL: Final = re.compile(r"k-[a-z2-7]{16}")
_ACTOR: Final = re.compile(r"a-[a-z2-7]{16}")


class Problem(NamedTuple):
    """What is wrong, and where (`$.account[0].credential`)."""

    place: str
    what: str


def problems(policy: Policy) -> Iterator[Problem]:
    """Everything a policy cannot mean, as far as it shows without the store."""
    yield from _twice("provider", "name", [one.name.lower() for one in policy.provider])
    yield from _twice("account", "credential", [one.credential for one in policy.account])
    yield from _twice("training", "name", [one.name for one in policy.training])
    yield from _twice("team", "name", [one.name for one in policy.team])
    for number, account in enumerate(policy.account):
        if not _CREDENTIAL.fullmatch(account.credential):
            what = "a credential is named by its fingerprint (k-…, as calls show it), never by the key itself"
            yield Problem(f"$.account[{number}].credential", what)
    yield from _team_problems(policy)


def _team_problems(policy: Policy) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    names = {team.name for team in policy.team}
    for number, team in enumerate(policy.team):
        for actor in team.actors:
            if not _ACTOR.fullmatch(actor):
                yield Problem(f"$.team[{number}].actors", f"{actor} is no actor's pseudonym (a-…)")
            if seen.setdefault(actor, team.name) != team.name:
                yield Problem(f"$.team[{number}].actors", f"actor {actor} is in team {seen[actor]}, too")
    for number, training in enumerate(policy.training):
        for name in training.teams:
            if name not in names:
                yield Problem(f"$.training[{number}].teams", f"there is no team {name}")


def _twice(table: str, key: str, values: list[str]) -> Iterator[Problem]:
    for number, value in enumerate(values):
        if value in values[:number]:
            yield Problem(f"$.{table}[{number}].{key}", f"{table} {value} occurs twice")
