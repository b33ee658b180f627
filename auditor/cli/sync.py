# SPDX-License-Identifier: Apache-2.0
"""`auditor sync`: bring a gateway's sealed records here. Needs neither identity nor passphrase: nothing is opened."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import output
from auditor.cli.arguments import Json, examples
from auditor.cli.context import Context
from auditor.errors import EnvironmentFailure

if TYPE_CHECKING:
    from auditor.store import Location
    from auditor.sync.pulling import Pulled
    from auditor.sync.sources import Source

_EVERY = 1.0
"""Seconds between looks at a source that cannot tell of news."""
_REST = 5.0
"""Seconds before a source that was away is tried again."""


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        epilog=examples(
            "auditor sync https://gateway.example:8443 --token-file desk-1.token",
            "auditor sync https://gateway.example:8443 --token-file desk-1.token --follow",
            "auditor sync /mnt/snapshot/store            a folder, a backup, or one ledger's file",
            "auditor sync postgresql+psycopg://ada@db.example/audit",
        )
    )(sync)


def sync(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A path, https://GATEWAY:PORT, or a server's URL.")],
    token_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", envvar="AUDITOR_TOKEN_FILE", help="The read token for a gateway."),
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Go on as records arrive, until stopped.")] = False,
    json: Json = False,
) -> None:
    """Bring sealed records into the store's folder.

    Only what is new is fetched, and proved before it is kept: it must continue, signed, what is here. Broken off, the
    next run goes on.
    """
    from auditor.sync import pulling
    from auditor.sync.opening import opened

    work: Context = context.obj
    location = work.existing
    with opened(source, token_file) as origin:
        if follow:
            for pulled in _following(origin, location):
                _tell([pulled], json)
                sys.stdout.flush()
        else:
            with output.count_progress("Fetching") as progress:
                found = pulling.pull(origin, location, progress)
            _tell(found, json)


def _following(origin: "Source", location: "Location") -> "Iterator[Pulled]":
    """What arrives, for ever; a source that goes away is waited for."""
    from auditor.sync import pulling

    pulling.ready(origin, location)
    while True:
        try:
            yield from pulling.follow(origin, location, _EVERY)
        except EnvironmentFailure as away:
            output.note(f"auditor: {away.diagnostics()}")
            time.sleep(_REST)


def _tell(found: "list[Pulled]", json: bool) -> None:
    if json:
        output.json_lines(found)
        return
    for one in found:
        erased = f", {one.erased} erased as they were there" if one.erased else ""
        output.line(f"{one.ledger}: {one.leaves} new, {one.size} in all{erased}.")
        if one.undelivered:
            output.note(f"auditor: erasures for {one.ledger} wait to be delivered: {one.undelivered}")
    if not found:
        output.line("The source has no ledger that is not written here.")
