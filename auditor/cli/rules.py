# SPDX-License-Identifier: Apache-2.0
"""`auditor rules list|lint|test`: the Sigma rules, built-in and yours, and whether they do what they say."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import output
from auditor.cli.arguments import Folders, Json, examples
from auditor.cli.findings import tell_bad
from auditor.errors import CheckFailed

if TYPE_CHECKING:
    from auditor.rules import Rules

Given = Annotated[
    list[Path] | None, typer.Argument(metavar="[DIR...]", help="Folders of your rules; without, the built-in ones.")
]


def register(app: typer.Typer) -> None:
    """Adds the command group."""
    group = typer.Typer(
        help="Sigma rules over the recorded calls.",
        epilog=examples("auditor rules list", "auditor rules test our-rules"),
        rich_markup_mode=None,
    )
    group.command("list", epilog=examples("auditor rules list", "auditor rules list --rules our-rules --json"))(listed)
    group.command("lint", epilog=examples("auditor rules lint our-rules"))(lint)
    group.command("test", epilog=examples("auditor rules test", "auditor rules test our-rules"))(exercised)
    app.add_typer(group, name="rules")


def listed(rules: Folders = None, json: Json = False) -> None:
    """List the rules that run, built-in and yours."""
    from auditor.rules import load

    loaded = load(rules or ())
    tell_bad(loaded.bad)
    rows = [
        {
            "id": rule.id,
            "title": rule.title,
            "level": rule.level.value,
            "kind": rule.section.kind.value,
            "clauses": list(rule.section.clauses),
            "file": None if rule.path is None else rule.path.name,
        }
        for rule in loaded.rules
    ]
    if json:
        output.json_lines(rows)
        return
    output.table(
        ("level", "kind", "title", "clauses"),
        ((rule.level, rule.section.kind, rule.title, "\n".join(rule.section.clauses)) for rule in loaded.rules),
    )


def lint(folders: Given = None, json: Json = False) -> None:
    """Check rules without running them.

    Exit code 1 where one cannot be run or is careless.
    """
    from auditor.rules.linting import problems

    loaded = _loaded(folders)
    found = list(problems(loaded))
    if json:
        output.json_lines(found)
    else:
        for one in found:
            output.line(f"{one.path}{f' ({one.title})' if one.title else ''}: {one.what}")
    if found:
        raise CheckFailed(f"{len(found)} problems in {len(loaded.rules) + len(loaded.bad)} rules.")
    output.note(f"{len(loaded.rules)} rules are sound.")


def exercised(folders: Given = None, json: Json = False) -> None:
    """Run every rule's samples through import and analysis.

    Exit code 1 where one does not come out as it says.
    """
    from auditor.exercise import exercise

    loaded = _loaded(folders)
    tell_bad(loaded.bad)
    with output.count_progress("Testing") as progress:
        outcomes = list(exercise(loaded, progress))
    wrong = [outcome for outcome in outcomes if not outcome.holds]
    if json:
        output.json_lines(outcomes)
    else:
        for outcome in wrong:
            output.line(outcome.sentence())
    if wrong or loaded.bad:
        raise CheckFailed(f"{len(wrong)} of {len(outcomes)} samples came out wrong, {len(loaded.bad)} rules are bad.")
    output.note(f"{len(outcomes)} samples of {len(loaded.rules)} rules came out as they say.")


def _loaded(folders: list[Path] | None) -> "Rules":
    from auditor.rules import load

    return load(folders or (), built_in=not folders)
