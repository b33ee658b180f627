# SPDX-License-Identifier: Apache-2.0
"""`auditor terms list|show|check`: the registry of provider terms, and which clauses need a new reading."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import output
from auditor.cli.arguments import Folders, Json, examples
from auditor.errors import CheckFailed

if TYPE_CHECKING:
    from auditor.rules.coverage import Covered
    from auditor.terms import Clause, Registry
    from auditor.terms.archive_check import Review


def register(app: typer.Typer) -> None:
    """Adds the command group."""
    group = typer.Typer(
        help="The registry of provider terms.",
        epilog=examples("auditor terms list --provider openai", "auditor terms check --archive ota"),
        rich_markup_mode=None,
    )
    group.command("list", epilog=examples("auditor terms list", "auditor terms list --provider openai --json"))(listed)
    group.command("show", epilog=examples("auditor terms show openai.competing_model_training.1"))(show)
    group.command(
        "check", epilog=examples("auditor terms check --archive ota", "auditor terms check --archive ota --json")
    )(check)
    group.command("coverage", epilog=examples("auditor terms coverage", "auditor terms coverage --rules our-rules"))(
        coverage
    )
    app.add_typer(group, name="terms")


def listed(
    provider: Annotated[str | None, typer.Option(help="Only this provider's clauses, by its id.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only clauses of this kind, such as reselling.")] = None,
    json: Json = False,
) -> None:
    """List the clauses: what each says in our words, where it stands, and how sure we are of it."""
    registry = _registry()
    clauses = [
        clause
        for clause in registry.clauses.values()
        if provider in (None, clause.provider) and kind in (None, clause.kind)
    ]
    if json:
        output.json_lines(clauses)
        return
    output.table(
        ("clause", "role", "document", "section", "status", "in our words"),
        ((c.id, c.role, c.document_title, c.section or "", c.status, c.paraphrase) for c in clauses),
    )
    output.note(f"{len(clauses)} clauses, compiled {registry.compiled_on}. Read the document itself before acting.")


def show(clause_id: Annotated[str, typer.Argument(metavar="ID", help="The clause's id.")], json: Json = False) -> None:
    """Show one clause with its source."""
    registry = _registry()
    clause = registry.clause(clause_id)
    if json:
        output.json_line(clause)
    else:
        _show(clause, registry)


def _show(clause: "Clause", registry: "Registry") -> None:
    output.line(clause.paraphrase)
    output.line()
    facts = {
        "clause": clause.id,
        "provider": registry.providers[clause.provider].name,
        "document": clause.document_title,
        "section": clause.section,
        "url": clause.url,
        "effective": clause.effective_or_updated,
        "kind": f"{clause.kind}: {registry.kinds[clause.kind]}",
        "role": clause.role,
        "applies to": clause.applies_to,
        "in traffic": clause.traffic_evidence,
        "detectability": clause.detectability,
        "status": f"{clause.status} (confidence {clause.confidence}, seen in {clause.seen_via})",
        "note": clause.note,
    }
    for name, value in facts.items():
        if value:
            output.line(f"{name + ':':15}{value}")


def check(
    archive: Annotated[
        Path,
        typer.Option(
            metavar="DIR", help="A checkout of an Open Terms Archive versions repository, or a folder of several."
        ),
    ],
    json: Json = False,
) -> None:
    """Compare each document with an Open Terms Archive checkout; exit 1 where clauses need a new reading."""
    from auditor.terms.archive_check import check as reviews_of

    reviews = list(reviews_of(_registry(), archive))
    if json:
        output.json_lines(reviews)
    else:
        _show_reviews(reviews)
    affected = [clause for review in reviews for clause in review.clauses]
    if affected:
        documents = sum(1 for review in reviews if review.clauses)
        raise CheckFailed(f"{len(affected)} clauses in {documents} documents need a new reading.")


def _show_reviews(reviews: "list[Review]") -> None:
    output.table(
        ("provider", "document", "state", "changed sections", "clauses to read again"),
        (
            (r.provider, r.title, r.state.replace("_", " "), "\n".join(r.changed_sections), "\n".join(r.clauses))
            for r in reviews
            if r.state != "untracked"
        ),
    )
    untracked = [review for review in reviews if review.state == "untracked"]
    output.note(f"{len(reviews) - len(untracked)} documents compared, {len(untracked)} not in this archive.")


def coverage(rules: Folders = None, json: Json = False) -> None:
    """Tell which clauses are watched by which rules, and why the others are not."""
    from auditor.rules import load
    from auditor.rules.coverage import coverage as covered

    rows = list(covered(_registry(), load(rules or ())))
    if json:
        output.json_lines(rows)
        return
    output.table(
        ("clause", "in traffic", "may alarm", "watched by"),
        (
            (one.clause, one.detectability, "yes" if one.may_alarm else "no", "\n".join(one.watched_by) or _dash(one))
            for one in rows
        ),
    )
    output.note(f"{sum(bool(one.watched_by) for one in rows)} of {len(rows)} clauses are watched.")


def _dash(one: "Covered") -> str:
    return f"— {one.unseen_because}"


def _registry() -> "Registry":
    """The registry; warns where it has grown old."""
    from auditor.terms import Registry

    registry = Registry.load()
    if registry.is_stale(datetime.now(UTC).date()):
        output.note(f"The registry was compiled on {registry.compiled_on}, more than 90 days ago: check the documents.")
    return registry
