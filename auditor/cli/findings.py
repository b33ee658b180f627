# SPDX-License-Identifier: Apache-2.0
"""`auditor analyze`, `auditor findings` and `auditor finding set`: what is reported for review, and working on it."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from auditor.cli import output
from auditor.cli.arguments import Folders, Json, PolicyFile, examples
from auditor.cli.asking import moment
from auditor.errors import InputError
from auditor.findings import Level, Reason, State, Step

if TYPE_CHECKING:
    from auditor.findings import Case
    from auditor.rules import BadRule

ID_SHOWN = 12
ACCEPTED_FOR = timedelta(days=90)
"""How long a risk is accepted where nobody says until when."""


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(epilog=examples("auditor analyze", "auditor analyze --since -7d", "auditor analyze --rules our-rules"))(
        analyze
    )
    app.command(
        epilog=examples(
            "auditor findings --status new --level high",
            "auditor findings --clause mistral.unpaid_tier_training.1 --json",
        )
    )(findings)
    group = typer.Typer(
        help="Work on one finding.",
        epilog=examples("auditor finding show 3f9a1c", "auditor finding set 3f9a1c --status confirmed"),
        rich_markup_mode=None,
    )
    group.command(
        "set",
        epilog=examples(
            "auditor finding set 3f9a1c --status confirmed --owner zoe",
            'auditor finding set 3f9a1c --status dismissed --comment "a drill"',
        ),
    )(set_)
    group.command("show", epilog=examples("auditor finding show 3f9a1c"))(show)
    app.add_typer(group, name="finding")


def analyze(
    context: typer.Context,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="Calls from then on: a date, a time, or -2h, -7d.")
    ] = None,
    rules: Folders = None,
    policy: PolicyFile = None,
    fingerprints: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            envvar="AUDITOR_FINGERPRINTS",
            help="A PostgreSQL database of your own where fingerprints of outputs and uploads are compared by SQL.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Evaluate all rules and analyses.

    Analysing again adds nothing; a finding that was dismissed stays dismissed.
    """
    from auditor.analysis import analyze as analysed
    from auditor.rules.folder import RuleFolder
    from auditor.terms import Registry

    start = moment("--since", since)
    said = context.obj.policy(policy)
    loaded = RuleFolder.of(context.obj.location).running(rules or ())
    tell_bad(loaded.bad)
    archive = context.obj.up_to_date()
    if fingerprints:
        archive.compare_on(fingerprints)
    with output.count_progress("Analysing") as progress:
        tally = analysed(archive, Registry.load(), loaded, progress, start, said)
    if json:
        output.json_line({**msgspec.to_builtins(tally), "rules": len(loaded.rules), "bad_rules": len(loaded.bad)})
    else:
        output.note(f"{tally.new} new findings, {tally.more} with more evidence, {tally.known} known already.")


def tell_bad(bad: "tuple[BadRule, ...]") -> None:
    """Names rules that cannot be run; the others are."""
    for one in bad:
        title = f" ({one.title})" if one.title else ""
        output.note(f"auditor: rule {one.path}{title}: {one.what}; it is left out.")


def at_least(level: Level | None) -> tuple[Level, ...]:
    """The levels from this one up; all where none is named."""
    levels = tuple(Level)
    return levels if level is None else levels[levels.index(level) :]


def findings(
    context: typer.Context,
    status: Annotated[list[State] | None, typer.Option(help="Only in this state; repeatable.")] = None,
    level: Annotated[list[Level] | None, typer.Option(help="Only of this level; repeatable.")] = None,
    clause: Annotated[str | None, typer.Option(metavar="ID", help="Only on this clause.")] = None,
    json: Json = False,
) -> None:
    """List findings, the last seen first.

    Each is an indication for review, never a verdict.
    """
    cases = context.obj.up_to_date().cases(states=status or (), levels=level or (), clause=clause)
    if json:
        output.json_lines(map(as_json, cases))
        return
    if not cases:
        output.note("There are no such findings. `auditor analyze` looks for them.")
        return
    output.table(
        ("id", "level", "status", "grade", "calls", "last seen", "actor", "title", "owner"),
        (_row(case) for case in cases),
        right=("calls",),
    )


def _row(case: "Case") -> tuple[str, ...]:
    one = case.finding
    standing = (one.id[:ID_SHOWN], one.rule.level, one.status, one.grade, str(one.count))
    return *standing, output.moment(one.last_seen), one.actor or "", one.rule.title, case.owner or ""


def as_json(case: "Case") -> dict[str, object]:
    """A finding as the contract prints it, and how staff work it."""
    facts = msgspec.to_builtins(case.finding)
    facts |= {name: getattr(case, name) for name in ("owner", "due", "accepted_until", "history")}
    return dict(facts)


def set_(
    context: typer.Context,
    finding: Annotated[str, typer.Argument(metavar="ID", help="The finding's id, or its beginning.")],
    status: Annotated[State | None, typer.Option(help="The state it goes to.")] = None,
    owner: Annotated[str | None, typer.Option(metavar="NAME", help="Who works on it.")] = None,
    comment: Annotated[str, typer.Option(metavar="TEXT", help="What you found; closing a finding takes one.")] = "",
    reason: Annotated[Reason | None, typer.Option(help="Why it is dismissed.")] = None,
    due: Annotated[str | None, typer.Option(metavar="DATE", help="When it has to be done.")] = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="DATE", help=f"How long a risk is accepted; {ACCEPTED_FOR.days} days where not said."),
    ] = None,
    approver: Annotated[str | None, typer.Option(metavar="NAME", help="Who accepts the risk.")] = None,
    json: Json = False,
) -> None:
    """Set a finding's state, owner or due date, or comment on it.

    Every step is recorded in your ledger.
    """
    accepted = status is State.ACCEPTED
    step = Step(
        status=status,
        owner=owner,
        due=moment("--due", due),
        comment=comment,
        reason=reason,
        approver=approver,
        until=moment("--until", until) or datetime.now(UTC) + ACCEPTED_FOR if accepted else None,
    )
    if step == Step():
        raise InputError("There is nothing to set.", "Give --status, --owner, --due or --comment.")
    case = context.obj.up_to_date().triage(finding, step)
    if json:
        output.json_line(as_json(case))
    else:
        output.note(f"Finding {case.finding.id[:ID_SHOWN]} is {case.finding.status}{_owned(case)}.")


def _owned(case: "Case") -> str:
    return f", owned by {case.owner}" if case.owner else ""


def show(
    context: typer.Context,
    finding: Annotated[str, typer.Argument(metavar="ID", help="The finding's id, or its beginning.")],
    json: Json = False,
) -> None:
    """Show one finding.

    What it says, what it rests on, and what was done about it.
    """
    case = context.obj.up_to_date().case(finding)
    if json:
        output.json_line(as_json(case))
    else:
        _show(case)


def _show(case: "Case") -> None:
    one = case.finding
    output.line(one.explanation)
    output.line()
    facts = {
        "id": one.id,
        "rule": f"{one.rule.title} ({one.rule.level})",
        "clause": one.clause and f"{one.clause.id}: {one.clause.document} {one.clause.section or ''}".rstrip(),
        "status": one.status,
        "grade": one.grade,
        "actor": one.actor,
        "credential": one.credential,
        "owner": case.owner,
        "due": case.due and output.moment(case.due),
    }
    output.facts((name, str(value)) for name, value in facts.items() if value)
    output.table(("call", "what"), (((point.call or "")[:ID_SHOWN], point.text) for point in one.evidence))
    for done in case.history:
        said = [done.step.status and f"to {done.step.status}", done.step.owner and f"for {done.step.owner}"]
        words = ", ".join(filter(None, [*said, done.step.comment]))
        output.line(f"{output.moment(done.time)} {done.step.auditor}: {words}")
