# SPDX-License-Identifier: Apache-2.0
"""`auditor search`: which calls hold some words, with a reason that is recorded first."""

from typing import Annotated

import typer

from auditor.cli import output
from auditor.cli.arguments import Json, examples
from auditor.cli.asking import Reason, Since, Until, stated, within
from auditor.cli.calls import SHOWN_BY_DEFAULT, print_facts, print_table
from auditor.cli.context import Context


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        epilog=examples(
            'auditor search "project nightjar" --reason "ticket 4711"',
            "auditor search nightjar --filter provider:openai --since -7d --json --reason 'ticket 4711'",
        )
    )(search)


def search(
    context: typer.Context,
    words: Annotated[str, typer.Argument(metavar="WORDS", help="All of them must occur, in whatever case.")],
    filter_: Annotated[str, typer.Option("--filter", metavar="EXPR", help="Among which calls.")] = "",
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="List at most so many.")] = SHOWN_BY_DEFAULT,
    reason: Reason = None,
    json: Json = False,
) -> None:
    """List the calls in which some words were said, newest first.

    What came since the last search is opened first. The reason and the calls that are opened or found are recorded
    before anything is shown; the words are not. Broken off (Ctrl+C), the next search goes on.
    """
    from auditor import searching

    work: Context = context.obj
    why, wanted = stated(reason), within(filter_, since, until)
    archive = work.up_to_date()
    with output.count_progress("Searching contents") as progress:
        searched = searching.search(archive, words, why, wanted, progress=progress)
    found = [archive.call(id_) for id_ in searched.found[:limit]]
    if json:
        print_facts(found)
    elif found:
        print_table(found)
    which = f"{searched.listed}" if searched.whole else f"the first {searching.MOST} of {searched.named} that may"
    listed = "" if len(found) == searched.total else f"; {len(found)} are listed, --limit N lists more"
    output.note(f"{searched.total} of {which} hold the words{listed}.")
