# SPDX-License-Identifier: Apache-2.0
"""`auditor init`: a new store, the identity that opens it, and the folder a gateway needs."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from auditor.cli import output
from auditor.cli.arguments import examples
from auditor.cli.context import Context


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        epilog=examples(
            "auditor init --out audit",
            "auditor init --out audit --passphrase-file secret.txt   without a terminal",
            "auditor init --out audit --store postgresql+psycopg://owner@db.example/audit   a shared store",
        )
    )(init)


def init(
    context: typer.Context,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where to create store, auditor.identity and gateway.")],
    name: Annotated[str, typer.Option(help="The auditor's name, as the record of readings will show it.")] = "auditor",
    pseudonyms: Annotated[
        Literal["forever", "year", "quarter", "month"],
        typer.Option(help="How long an actor keeps a pseudonym; short spans protect people, long ones show habits."),
    ] = "forever",
) -> None:
    """Create a store, its identity and a gateway's folder.

    Nothing that exists is overwritten.
    """
    from auditor.store.create import create_store

    work: Context = context.obj
    shared = work.location if work.location.server else None
    created = create_store(out, work.passphrase(new=True), name=name, shared=shared, span=pseudonyms)
    parts: list[tuple[str, object, str]] = [
        ("store", shared.label if shared else created.store, "sealed records; holds no key, back it up like any data"),
        ("identity", created.identity, "opens the store with the passphrase; keep it off the gateway, keep two copies"),
        ("gateway", created.gateway, "all that a gateway's machine needs: copy it there"),
    ]
    if shared:
        parts.append(("desk", shared.folder, "what this machine writes itself, and its signing key; back it up, too"))
    for part, path, use in parts:
        output.line(f"{part:9} {path}\n          {use}")
    output.line(f"\nNext: auditor gateway run --config {created.gateway}")
