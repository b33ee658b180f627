# SPDX-License-Identifier: Apache-2.0
"""`auditor reveal`: who stands behind a pseudonym, or a call unmasked; with a reason, and a second person if so set."""

from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import output
from auditor.cli.arguments import Json, examples
from auditor.cli.asking import Reason, Second, SecondPassphrase, stated
from auditor.cli.calls import found_call, show_content
from auditor.cli.context import TERMINAL, Context, person
from auditor.errors import InputError

if TYPE_CHECKING:
    from auditor.archive import Archive
    from auditor.store import Identity


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        epilog=examples(
            'auditor reveal --actor a-7f3k2m --reason "ticket 4711"              who that is',
            'auditor reveal --call 1c9f2a77d0b4 --reason "ticket 4711"           the conversation, unmasked',
            'auditor reveal --call 1c9f2a77d0b4 --reason "ticket 4711" --second bob.identity   with a second person',
        )
    )(reveal)


def reveal(
    context: typer.Context,
    actor: Annotated[str | None, typer.Option(metavar="A-…", help="A pseudonym, or its beginning.")] = None,
    call: Annotated[str | None, typer.Option(metavar="ID", help="A call, or the beginning of its id.")] = None,
    reason: Reason = None,
    second: Second = None,
    second_passphrase_file: SecondPassphrase = TERMINAL,
    raw: Annotated[bool, typer.Option("--raw", help="Of a call: the exchange as it was captured.")] = False,
    json: Json = False,
) -> None:
    """Break the glass.

    The access is recorded with its reason, and signed by the second person where there is one, before anything is
    shown; `auditor access-log` lists it.
    """
    if (actor is None) == (call is None):
        raise InputError("Say what to reveal: an actor or a call.", "Give --actor or --call.")
    why = stated(reason)
    work: Context = context.obj
    archive = work.up_to_date()
    other = None if second is None else person(second, second_passphrase_file)
    if actor is not None:
        _names(archive, actor, why, other, json)
    else:
        _call(archive, call or "", why, other, raw, json)


def _names(archive: "Archive", actor: str, why: str, second: "Identity | None", json: bool) -> None:
    known = archive.names(actor, why, second=second)
    if json:
        output.json_lines(known)
    elif known:
        rows = ((one.user or "", one.address or "", output.moment(one.first_seen)) for one in known)
        output.table(("name", "address", "first seen"), rows)
    else:
        output.note("What was recorded of this actor was erased, or its key was destroyed.")


def _call(archive: "Archive", id_: str, why: str, second: "Identity | None", raw: bool, json: bool) -> None:
    from auditor.archive.reveal import REVEAL
    from auditor.exports.call_json import call_json

    found = found_call(archive, id_)
    (opened,) = archive.content([found.id], why, action=REVEAL, unmasked=True, second=second)
    if json:
        output.raw_line(call_json(opened.call, opened.content))
    else:
        show_content(opened.content, opened.captured, raw)
