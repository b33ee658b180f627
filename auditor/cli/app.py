# SPDX-License-Identifier: Apache-2.0
"""The command `auditor`: its global options and its commands, each group in a file of its own.

Nothing heavy is imported here: rooms are opened by the command that needs them, so that help and completion answer
at once.
"""

import logging
import os
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

import auditor
from auditor.cli import (
    backup,
    calls,
    desktop,
    erasing,
    exporting,
    findings,
    fingerprint,
    gateway,
    identity,
    importing,
    ledger,
    policy,
    reporting,
    rescanning,
    retention,
    reveal,
    rules,
    scan,
    searching,
    setup,
    standing,
    sync,
    terms,
)
from auditor.cli.arguments import examples, hoisted
from auditor.cli.context import Context, Holders, Options
from auditor.cli.failures import guarded

_NAME = "auditor"
_COMPLETION = "_AUDITOR_COMPLETE"
"""Set by the shell when it asks for completions."""

app = typer.Typer(
    name=_NAME,
    help="Shows what an organisation sends to AI providers, and keeps the record sealed and provable.",
    epilog=examples(
        "auditor init --out audit                       a new store, identity and gateway folder",
        "auditor gateway run --config audit/gateway     record traffic",
        "auditor --store audit/store calls --limit 20   the newest calls",
        "auditor desktop --store audit/store            look at them (global options may stand anywhere)",
    ),
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
for group in (
    setup,
    gateway,
    importing,
    calls,
    searching,
    scan,
    rescanning,
    fingerprint,
    findings,
    exporting,
    reporting,
    rules,
    terms,
    policy,
    ledger,
    erasing,
    identity,
    retention,
    reveal,
    standing,
    sync,
    backup,
    desktop,
):
    group.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"auditor {auditor.__version__}")
        raise typer.Exit


@app.callback()
def _global(
    context: typer.Context,
    store: Annotated[
        str | None,
        typer.Option(
            metavar="URL-or-path", envvar="AUDITOR_STORE", help="The store; by default in the user's data folder."
        ),
    ] = None,
    identity: Annotated[
        Path | None, typer.Option(metavar="FILE", envvar="AUDITOR_IDENTITY", help="The auditor's private key file.")
    ] = None,
    passphrase_file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            envvar="AUDITOR_PASSPHRASE_FILE",
            help="Where the passphrase stands; '-' asks on the terminal, the default.",
        ),
    ] = None,
    holder: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="The identity of one of two people who unlock --identity together; twice."),
    ] = None,
    holder_passphrase_file: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="Their passphrases, in the same order.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Configuration: for a gateway, the folder that init wrote.")
    ] = None,
    verbose: Annotated[
        int, typer.Option("-v", "--verbose", count=True, help="Say more; -vv also shows where a failure arose.")
    ] = 0,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    logging.basicConfig(level=logging.WARNING, format="auditor: %(message)s", stream=sys.stderr, force=True)
    logging.getLogger("auditor").setLevel(level)
    people = Holders(files=tuple(holder or ()), passphrase_files=tuple(holder_passphrase_file or ()))
    options = Options(store=store, identity=identity, passphrase_file=passphrase_file, config=config, holders=people)
    work = Context(options)
    context.call_on_close(work.close)
    context.obj = work


def invoke(arguments: Sequence[str]) -> int:
    """Runs a command line and returns its exit code; nothing is raised."""
    return guarded(lambda: _invoke(arguments))


def _invoke(arguments: Sequence[str]) -> int:
    """Parses and runs, without typer's own handling of failures: it would end a broken pipe or Ctrl-C its own way."""
    if _COMPLETION in os.environ:
        app(prog_name=_NAME)
    with _command().make_context(_NAME, hoisted(arguments) or ["--help"]) as context:
        code = context.command.invoke(context)
    return code if isinstance(code, int) else 0


_command = cache(lambda: typer.main.get_command(app))
"""All commands as they are invoked; to make them takes longer than many of them do."""


def run() -> None:
    """Runs this process's command line and leaves with its exit code."""
    sys.exit(invoke(sys.argv[1:]))
