# SPDX-License-Identifier: Apache-2.0
"""`auditor retention`: how long records can be opened; past that, their epoch keys are destroyed."""

import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import output
from auditor.cli.arguments import Json, examples
from auditor.cli.context import Context
from auditor.errors import InputError

if TYPE_CHECKING:
    from auditor.store.facts import EpochKey

Keep = Annotated[int, typer.Option("--keep", metavar="DAYS", min=0, help="Days to keep after a month's end.")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(
        help="How long records can be opened.",
        epilog=examples("auditor retention list", "auditor retention apply --keep 365 --reason 'policy 7'"),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("list", epilog=examples("auditor retention list", "auditor retention list --json"))(list_)
    group.command(
        epilog=examples(
            "auditor retention apply --keep 365 --dry-run",
            "auditor retention apply --keep 365 --reason 'policy 7' --yes",
        )
    )(apply)
    app.add_typer(group, name="retention")


def list_(context: typer.Context, json: Json = False) -> None:
    """The months whose records this identity opens, and those whose keys it destroyed."""
    work: Context = context.obj
    store = work.existing.facts().id
    held = [(one.key.epoch, "held") for one in work.identity.epochs if one.key.store == store]
    gone = [
        (one.epoch, f"destroyed {output.moment(datetime.fromtimestamp(one.at, UTC))}")
        for one in work.identity.destroyed
        if one.store == store
    ]
    if json:
        output.json_lines({"epoch": epoch, "key": state} for epoch, state in sorted(gone + held))
        return
    output.table(("month", "key"), sorted(gone + held))


def apply(
    context: typer.Context,
    keep: Keep,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why; it is recorded.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say which months would close.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask on the terminal.")] = False,
    json: Json = False,
) -> None:
    """Destroy the epoch keys of months that ended longer ago than --keep.

    Their records, and all copies of them, can never be opened again; the ledgers still verify. Each auditor does this
    for their own identity, and destroys its older backups.
    """
    from auditor.archive import Archive
    from auditor.store import retention

    work: Context = context.obj
    now = datetime.now(UTC)
    if not dry_run and not (reason or "").strip():
        raise InputError("Destroying keys takes a reason.", "Say why in a few words: --reason TEXT.")
    keys = retention.due(work.identity, work.existing.facts(), timedelta(days=keep), now)
    if not dry_run and keys:
        if not yes and sys.stdin.isatty():
            typer.confirm(f"Close the records of {len(keys)} months for good?", abort=True, err=True)
        retention.destroy(work.existing, work.identity_file, work.identity, keys, reason or "", now)
        Archive.discard(work.existing, work.identity)
    _tell(keys, json, "would be" if dry_run else "were")


def _tell(keys: "tuple[EpochKey, ...]", json: bool, were: str) -> None:
    if json:
        output.json_line({"epochs": [key.epoch for key in keys]})
        return
    months = ", ".join(key.epoch for key in keys) or "none"
    output.line(f"Keys of {len(keys)} months {were} destroyed: {months}.")
