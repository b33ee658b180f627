# SPDX-License-Identifier: Apache-2.0
"""`auditor gateway add` and `retire`: another gateway of a store, and the end of one. Run where the identity is."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli import output
from auditor.cli.arguments import examples
from auditor.cli.context import Context


def register(gateway: typer.Typer) -> None:
    """Adds the commands to `auditor gateway`."""
    gateway.command(epilog=examples("auditor gateway add paris --out paris"))(add)
    gateway.command(
        epilog=examples(
            "auditor gateway retire paris", "auditor gateway add paris --out paris-anew    with keys of its own"
        )
    )(retire)


def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What the gateway is called.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where to create its folder.")],
) -> None:
    """Enrol another gateway and write its folder.

    Also for one whose keys are lost, after `retire`: it begins a ledger of its own, and the old one stays. Takes a
    manager's identity.
    """
    from auditor.store.server import gateways

    work: Context = context.obj
    made = gateways.enrol(work.existing, work.identity, name, out)
    output.line(f"{name} writes the ledger {made.ledger}. Copy {out} to its machine; all it needs is in it.")
    output.line(f"\nNext, there: auditor gateway run --config {out}")


def retire(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What the gateway, or its ledger, is called.")],
) -> None:
    """End a gateway's ledger as it is here.

    Whatever is added to it later does not count, and `verify` says so. Stop the gateway and fetch its last records
    first. Takes a manager's identity.
    """
    from auditor.store.server import gateways

    work: Context = context.obj
    end = gateways.retire(work.existing, work.identity, name, datetime.now(UTC))
    output.line(f"{end.ledger} ends at {end.size} leaves. It stays, and verifies.")
