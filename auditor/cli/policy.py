# SPDX-License-Identifier: Apache-2.0
"""`auditor policy check`: whether the organisation's policy can be used, and what it says."""

import difflib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import output
from auditor.cli.arguments import Json, examples
from auditor.errors import CheckFailed

if TYPE_CHECKING:
    from auditor.policy import Policy


def register(app: typer.Typer) -> None:
    """Adds the command group."""
    group = typer.Typer(
        help="What the organisation says of itself.",
        epilog=examples("auditor policy check", "auditor policy check our-policy.toml"),
        rich_markup_mode=None,
    )
    group.callback()(_group)
    group.command("check", epilog=examples("auditor policy check", "auditor policy check policy.toml --json"))(check)
    app.add_typer(group, name="policy")


def _group() -> None:
    """What the organisation says of itself."""


def check(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="By default policy.toml in the gateway's folder.")
    ] = None,
    json: Json = False,
) -> None:
    """Read the policy and say what it holds.

    Exit code 2 where it cannot be used, 1 where it names what nobody knows.
    """
    from auditor.detectors.own.organisation import finders_of
    from auditor.policy import load

    path = file or context.obj.policy_file
    policy = load(path)
    finders_of(policy.data, path.parent)
    careless = list(_careless(policy))
    if json:
        output.json_line(policy)
    else:
        output.facts(_said(policy))
    for one in careless:
        output.note(f"auditor: {path}: {one}.")
    if careless:
        raise CheckFailed(f"{path} names {len(careless)} things that nobody knows.", "See above.")
    output.note(f"{path} is sound.")


def _said(policy: "Policy") -> Iterator[tuple[str, str]]:
    """What a policy holds, in figures."""
    standings = [str(entry.standing) for entry in policy.provider]
    counted = ", ".join(f"{standings.count(one)} {one}" for one in dict.fromkeys(standings))
    yield "organisation", policy.organisation.name or "not named"
    yield "regions", ", ".join(policy.organisation.regions) or "any"
    yield "providers", f"{counted or 'none'}; others {policy.organisation.other_providers or 'not judged'}"
    yield "accounts", str(len(policy.account))
    yield "models trained", str(len(policy.training))
    yield "teams", f"{len(policy.team)} with {sum(len(team.actors) for team in policy.team)} actors"
    yield "taken out", f"{len(policy.capture.remove)} types for good, {len(policy.capture.withhold)} to be had back"
    yield "own data", f"{len(policy.data.dictionary)} dictionaries, {len(policy.data.pattern)} patterns"


def _careless(policy: "Policy") -> Iterator[str]:
    """Names that mean nothing here: providers we do not know, data types nobody detects."""
    from auditor.detectors.own.organisation import TYPES as OWN
    from auditor.detectors.table import TYPES
    from auditor.providers import Providers

    providers = {*Providers.load().names()}
    data = [*(one.data for one in policy.provider), *(one.data for one in policy.account)]
    data += [policy.capture.remove, policy.capture.withhold]
    yield from _unknown("provider", [one.name for one in policy.provider if "*" not in one.name], providers)
    yield from _unknown("provider", [one.provider for one in policy.account if one.provider], providers)
    yield from _unknown("data type", [type_ for types in data for type_ in types or ()], TYPES | OWN)


def _unknown(what: str, given: list[str], known: Collection[str]) -> Iterator[str]:
    for name in dict.fromkeys(given):
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            yield f"there is no {what} {name}" + (f" (is {near[0]} meant?)" if near else "")
