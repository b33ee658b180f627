# SPDX-License-Identifier: Apache-2.0
"""`auditor gateway add`: another gateway of a store. Run where the identity is; copy the folder to the gateway."""

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli import output
from auditor.cli.arguments import examples
from auditor.cli.context import Context


def register(gateway: typer.Typer) -> None:
    """Adds the command to `auditor gateway`."""
    gateway.command(epilog=examples("auditor gateway add paris --out paris"))(add)


def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What the gateway is called.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where to create its folder.")],
) -> None:
    """Enrol another gateway and write its folder.

    Also for one whose keys are lost: it begins a ledger of its own, and the old one stays. Takes a manager's identity.
    """
    from auditor.store import gateways

    work: Context = context.obj
    made = gateways.enrol(work.existing, work.identity, name, out)
    output.line(f"{name} writes the ledger {made.ledger}. Copy {out} to its machine; all it needs is in it.")
    output.line(f"\nNext, there: auditor gateway run --config {out}")
