# SPDX-License-Identifier: Apache-2.0
"""`auditor calls` and `auditor show`: lists and facts freely, content with a reason that is recorded first."""

from collections.abc import Iterable
from itertools import batched
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from auditor.cli import output
from auditor.cli.arguments import Json, examples
from auditor.cli.asking import Reason, Since, Until, stated, within
from auditor.errors import InputError

if TYPE_CHECKING:
    from auditor.archive import Archive, Filter, Opened
    from auditor.calls import Call, Content, Exchange

SHOWN_BY_DEFAULT = 50
ID_SHOWN = 12
"""Characters of an id in the list; `show` takes the beginning of an id where it is enough."""
_ACCESS = 1000
"""Calls that one access record stands for, at most."""


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(
        epilog=examples(
            "auditor calls --filter 'provider:openai and tokens>1000' --since -7d",
            "auditor calls --json > calls.ndjson",
            'auditor calls --json --content --reason "ticket 4711" --filter sent:SECRET',
        )
    )(calls)
    app.command(
        epilog=examples(
            "auditor show 1c9f2a77d0b4",
            'auditor show 1c9f2a77d0b4 --reason "ticket 4711"         and the conversation',
            'auditor show 1c9f2a77d0b4 --raw --reason "ticket 4711"   and the exchange as captured',
        )
    )(show)


def calls(
    context: typer.Context,
    filter_: Annotated[str, typer.Option("--filter", metavar="EXPR", help="Which calls, e.g. 'model:gpt-4o*'.")] = "",
    since: Since = None,
    until: Until = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help=f"At most so many; {SHOWN_BY_DEFAULT}, or all with --json."),
    ] = None,
    json: Json = False,
    content: Annotated[
        bool, typer.Option("--content", help="With --json: what was said, too; takes a reason.")
    ] = False,
    reason: Reason = None,
) -> None:
    """List calls, newest first."""
    if content and not json:
        raise InputError("Content is printed as JSON only.", "Add --json, or read one call with `auditor show`.")
    why = stated(reason) if content else ""
    wanted = within(filter_, since, until)
    archive = context.obj.up_to_date()
    if content:
        _print_content(archive, archive.calls(wanted, limit=limit), why)
    elif json:
        print_facts(archive.calls(wanted, limit=limit))
    else:
        _print_table(archive, wanted, limit or SHOWN_BY_DEFAULT)


def show(
    context: typer.Context,
    call: Annotated[str, typer.Argument(metavar="ID", help="The call's id, or its beginning.")],
    raw: Annotated[bool, typer.Option("--raw", help="Show the exchange as it was captured; takes a reason.")] = False,
    reason: Reason = None,
) -> None:
    """Show one call.

    Its facts and the data found in it; with a reason, the conversation, too, with that data masked.
    """
    from auditor.privacy import masked

    why = stated(reason) if raw or reason is not None else None
    archive = context.obj.up_to_date()
    found = found_call(archive, call)
    _show_facts(found)
    if why is None:
        output.note("The conversation is sealed; to read it, say why: --reason TEXT.")
        return
    (opened,) = archive.content([found.id], why, action="show", unmasked=raw)
    _show_matches(opened)
    stored = opened.sealed and opened.sealed.exchange
    show_content(masked(opened.content, opened.sealed.matches if opened.sealed else ()), stored, raw)


# --- lists ------------------------------------------------------------------------------------------------------


def print_facts(found: "Iterable[Call]") -> None:
    """Calls as JSON, one a line."""
    from auditor.exports.call_json import call_json

    for call in found:
        output.raw_line(call_json(call))


def _print_content(archive: "Archive", found: "Iterable[Call]", reason: str) -> None:
    from auditor.exports.call_json import call_json

    for block in batched(found, _ACCESS):
        for opened in archive.content([call.id for call in block], reason, action="list", unmasked=True):
            output.raw_line(call_json(opened.call, opened.content))


def _print_table(archive: "Archive", wanted: "Filter", limit: int) -> None:
    listing = archive.listing(wanted)
    if listing.count == 0:
        output.note("There is no such call." if wanted else "There are no calls yet.")
        return
    print_table(listing.page(0, limit))
    if listing.count > limit:
        output.note(f"{limit} of {listing.count} calls; --limit N shows more, --filter EXPR fewer.")


def print_table(found: "Iterable[Call]") -> None:
    """Calls as a table."""
    headings = ("time", "id", "outcome", "provider", "model", "in", "out", "actor", "client", "data")
    output.table(headings, map(_row, found), right=("in", "out"))


def _row(call: "Call") -> tuple[str, ...]:
    model = call.response_model or call.request_model
    data = ", ".join(f"{one.type}×{one.count} {one.direction}" for one in call.data)
    cells = (call.outcome, call.provider, model, call.input_tokens, call.output_tokens, call.actor, call.client, data)
    return (output.moment(call.time), call.id[:ID_SHOWN], *("" if cell is None else str(cell) for cell in cells))


# --- one call ---------------------------------------------------------------------------------------------------


def found_call(archive: "Archive", id_: str) -> "Call":
    """The call of this id, or the only one whose id begins so."""
    from auditor.archive import Filter

    if id_.isalnum() and len(id_) < 32:
        matching = archive.listing(Filter.parse(f"id:{id_}*")).page(0, 2)
        if len(matching) == 1:
            return matching[0]
        if matching:
            raise InputError(f"Several calls begin with {id_}.", "Give more of the id.")
    return archive.call(id_)


def _show_facts(call: "Call") -> None:
    facts = msgspec.to_builtins(call)
    data = facts.pop("data")
    output.facts((name, _told(value)) for name, value in facts.items() if value not in (None, (), ""))
    if data:
        output.table(("data found", "direction", "count"), ((d["type"], d["direction"], str(d["count"])) for d in data))


def _told(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _show_matches(opened: "Opened") -> None:
    found = opened.sealed.matches if opened.sealed else ()
    if found:
        rows = (
            (m.match.type, m.match.masked, m.direction, m.carrier or m.role, m.place, "again" if m.repeated else "")
            for m in found
        )
        output.table(("data found", "masked", "direction", "in", "place", "sent before"), rows)


def show_content(content: "Content", exchange: "Exchange | None", raw: bool) -> None:
    """A call's conversation, or its exchange, which is never masked."""
    from auditor.exports.conversation import conversation_lines
    from auditor.exports.raw import raw_lines

    if exchange is None:
        output.note("Nothing was captured of this call, or nothing is left of it.")
        return
    for line in raw_lines(exchange) if raw else conversation_lines(content):
        output.line(line)
