# SPDX-License-Identifier: Apache-2.0
"""`auditor identity`: what the identity is, its passphrase, and the keys it gives to gateways."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli import auditors, output
from auditor.cli.arguments import Json, examples
from auditor.cli.context import Context


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(
        help="The key file that opens the record.",
        epilog=examples("auditor identity show", "auditor identity passphrase", "auditor identity epochs --months 12"),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command(epilog=examples("auditor identity show", "auditor identity show --json"))(show)
    group.command(
        epilog=examples(
            "auditor identity passphrase",
            "auditor identity passphrase --passphrase-file old.txt --new-passphrase-file new.txt",
        )
    )(passphrase)
    group.command(
        epilog=examples(
            "auditor identity epochs --months 12",
            "auditor identity epochs --months 12 --gateway /srv/gateway-berlin --gateway /srv/gateway-rome",
        )
    )(epochs)
    auditors.register(group)
    app.add_typer(group, name="identity")


def show(context: typer.Context, json: Json = False) -> None:
    """Who this identity is, and until when gateways have keys of it."""
    work: Context = context.obj
    store, identity = work.existing.facts(), work.identity
    facts = {
        "name": identity.name,
        "id": identity.auditor.id,
        "suite": identity.auditor.suite,
        "store": store.id,
        "in_store": identity.auditor in store.active,
        "held": sum(one.key.store == store.id for one in identity.epochs),
        "destroyed": sum(one.store == store.id for one in identity.destroyed),
        "keys_until": datetime.fromtimestamp(store.epochs_end, UTC),
    }
    if json:
        output.json_line(facts)
        return
    shown = facts | {"keys_until": output.moment(datetime.fromtimestamp(store.epochs_end, UTC))}
    output.facts((name.replace("_", " "), str(value)) for name, value in shown.items())


def passphrase(
    context: typer.Context,
    new: Annotated[
        Path | None,
        typer.Option(
            "--new-passphrase-file", metavar="FILE", help="Where the new passphrase stands; else it is asked."
        ),
    ] = None,
) -> None:
    """Change the passphrase.

    Copies of the file keep the old one: replace or destroy them.
    """
    work: Context = context.obj
    identity = work.identity
    identity.with_passphrase(work.new_passphrase(new)).save(work.identity_file)
    output.line(f"{work.identity_file} opens with the new passphrase.")


def epochs(
    context: typer.Context,
    months: Annotated[int, typer.Option(min=0, max=120, metavar="N", help="How many months more; 0: none.")] = 12,
    gateway: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="DIR", help="A gateway's folder to bring up to date; by default the one beside the store."
        ),
    ] = None,
) -> None:
    """Make epoch keys for more months, and hand the public halves to gateways.

    Without new keys a gateway goes on sealing to the last one. It takes new ones at its next start.
    """
    from auditor.store import renewal

    work: Context = context.obj
    folders = gateway or [folder for folder in [work.gateway_folder] if folder.exists()]
    now = datetime.now(UTC)
    keys = renewal.extend(work.existing, work.identity_file, work.identity, months, folders, now)
    made = f"{keys[0].epoch} to {keys[-1].epoch}" if keys else "none"
    output.line(f"New epoch keys: {made}. Keys last until {datetime.fromtimestamp(_end(work), UTC):%Y-%m-%d}.")
    for folder in folders:
        output.line(f"Up to date: {folder} (copy it to its machine, but not over its signing.key, and restart it)")


def _end(work: Context) -> int:
    return work.existing.facts().epochs_end
