# SPDX-License-Identifier: Apache-2.0
"""`auditor backup` and `restore`: proved copies of a store. Needs neither identity nor passphrase."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import output
from auditor.cli.arguments import Json, examples
from auditor.cli.context import Context

if TYPE_CHECKING:
    from auditor.sync.pulling import Pulled


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(epilog=examples("auditor backup --out /mnt/backup/audit", "auditor backup --out copy --json"))(backup)
    app.command(epilog=examples("auditor restore /mnt/backup/audit --store audit/store"))(restore)


def backup(
    context: typer.Context,
    out: Annotated[Path, typer.Option(metavar="DIR", help="A new folder, or an earlier backup to bring up to date.")],
    json: Json = False,
) -> None:
    """Copy the store, proving every record on the way.

    Only what is new is copied. The copy opens nothing: keep the identity file's copies elsewhere.
    """
    from auditor.sync import backup as work

    with output.count_progress("Copying") as progress:
        found = work.backup(context.obj.existing, out, progress)
    _tell(found, json, f"The backup in {out} is complete")


def restore(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="DIR", help="A backup.")],
    json: Json = False,
) -> None:
    """Make a store of a backup, at --store, which must not exist.

    A desk goes on writing where the backup ends. A gateway whose own ledger is lost has to be enrolled anew.
    """
    from auditor.sync import backup as work

    own: Context = context.obj
    with output.count_progress("Restoring") as progress:
        found = work.restore(source, own.location, progress)
    _tell(found, json, f"The store is restored to {own.location.label}")


def _tell(found: "list[Pulled]", json: bool, done: str) -> None:
    if json:
        output.json_lines(found)
        return
    for one in found:
        output.line(f"{one.ledger}: {one.leaves} new, {one.size} in all.")
    output.line(f"{done}.")
