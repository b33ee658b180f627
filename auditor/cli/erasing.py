# SPDX-License-Identifier: Apache-2.0
"""`auditor erase`: an actor's calls, one call or a period go for good; the ledger still verifies."""

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import output
from auditor.cli.arguments import Json, examples
from auditor.cli.asking import period
from auditor.cli.context import Context
from auditor.errors import InputError

if TYPE_CHECKING:
    from auditor.store.erasing import Done, Scope, Target


_EARLIEST = datetime(2022, 11, 1, tzinfo=UTC)
"""Before imported calls of AI providers begin."""


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        epilog=examples(
            "auditor erase --actor alice --reason 'request of 2026-11-20'",
            "auditor erase --call 01JD... --reason 'private by mistake' --yes",
            "auditor erase --since 2026-01-01 --until 2026-02-01 --dry-run",
            "auditor erase --finish   carry out what waits for a gateway that has stopped",
        )
    )(erase)


def erase(
    context: typer.Context,
    actor: Annotated[str | None, typer.Option(metavar="NAME", help="Everything of an actor: a-..., or the name.")] = (
        None
    ),
    call: Annotated[str | None, typer.Option(metavar="ID", help="One call, with its whole exchange.")] = None,
    since: Annotated[str | None, typer.Option(metavar="TIME", help="Exchanges from this time on.")] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Exchanges before the end of this time.")] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why; it is recorded.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask on the terminal.")] = False,
    finish: Annotated[bool, typer.Option("--finish", help="Carry out earlier erasures that still wait.")] = False,
    json: Json = False,
) -> None:
    """Erase content and metadata for good.

    The leaf hashes stay, and an auditor's signature says that the content was erased, so the ledger still verifies. A
    running gateway carries the erasure out in its own ledger within two minutes. Backups keep what they hold.
    """
    from auditor.store import erasing

    work: Context = context.obj
    if finish:
        _tell(erasing.Done(exchanges=0, records=0, waiting=erasing.finish(work.existing)), json)
        return
    if not dry_run and not (reason or "").strip():
        raise InputError("Erasing takes a reason.", "Say why in a few words: --reason TEXT.")
    scope = _scope(work, actor, call, since, until)
    targets = _found(work, scope)
    count = sum(len(target.completions) for target in targets)
    if dry_run:
        _tell(erasing.Done(exchanges=count, records=sum(len(target.seqs) for target in targets)), json, "would be")
        return
    if count and not yes and sys.stdin.isatty():
        typer.confirm(f"Erase {count} exchanges for good?", abort=True, err=True)
    done = erasing.erase(work.existing, work.identity, scope, targets, reason or "")
    work.up_to_date()
    _tell(done, json)


def _found(work: Context, scope: "Scope") -> "tuple[Target, ...]":
    from auditor.store import LedgerReader, erasing

    scope.check()
    reader = LedgerReader.open(work.existing, work.identity)
    with output.count_progress("Searching the ledgers") as progress:
        return erasing.find(reader, scope, progress)


def _scope(work: Context, actor: str | None, call: str | None, since: str | None, until: str | None) -> "Scope":
    from auditor.privacy import Pseudonyms
    from auditor.store.erasing import Scope

    start, end = period(since, until)
    plain = Scope(actors=frozenset({actor} if actor else ()), call=call, since=start, until=end)
    plain.check()
    if not actor:
        return plain
    store = work.existing.facts()
    pseudonyms = Pseudonyms(work.identity.pseudonym_key, store.span)
    return Scope(actors=pseudonyms.actors(actor, _EARLIEST, datetime.now(UTC)) | {actor})


def _tell(done: "Done", json: bool, were: str = "were") -> None:
    if json:
        output.json_line(done)
        return
    output.line(f"{done.exchanges} exchanges ({done.records} records) {were} erased.")
    for ledger in done.waiting:
        output.note(
            f"auditor: {ledger} is being written, or written elsewhere: its writer carries it out within two minutes"
            " (the writer of a copy after the next `auditor sync`);"
            " should it be stopped or away, run `auditor erase --finish` beside its ledger."
        )
