# SPDX-License-Identifier: Apache-2.0
"""`auditor rescan`: the whole store searched again with the detectors of today."""

from typing import Annotated

import msgspec
import typer

from auditor.cli import output
from auditor.cli.arguments import Json, examples
from auditor.cli.asking import Reason, moment, stated
from auditor.cli.context import Context
from auditor.cli.scan import scanner_of


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        epilog=examples(
            'auditor rescan --reason "new detectors, ticket 4711"',
            'auditor rescan --since -30d --reason "project names changed" --config audit/gateway',
        )
    )(rescan)


def rescan(
    context: typer.Context,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="Calls from then on: a date, a time, or -2h, -7d.")
    ] = None,
    reason: Reason = None,
    json: Json = False,
) -> None:
    """Search recorded calls again for data that was missed.

    Every access is recorded with the reason. Records stay as they are: what is new becomes a finding for each data type
    and actor. Broken off (Ctrl+C), nothing is reported. With --config, the gateway's own dictionaries, patterns and
    documents are looked for as well.
    """
    from auditor.rescan import rescan as searched

    work: Context = context.obj
    why = stated(reason)
    start = moment("--since", since)
    scanner = scanner_of(work)
    archive = work.up_to_date()
    with output.count_progress("Searching calls") as progress:
        tally = searched(archive, scanner, why, start, progress)
    if json:
        output.json_line(msgspec.to_builtins(tally))
    else:
        output.note(f"{tally.new} new findings, {tally.more} with more evidence, {tally.known} known already.")
