# SPDX-License-Identifier: Apache-2.0
"""`auditor gateway token`: who may read a gateway's sealed records by HTTPS. Run on the gateway's machine."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditor.cli import output
from auditor.cli.arguments import Json, examples
from auditor.cli.gateway_folder import gateway_config
from auditor.errors import InputError

if TYPE_CHECKING:
    from auditor.gateway.readers import Reader, Readers


def register(gateway: typer.Typer) -> None:
    """Adds the group to `auditor gateway`."""
    group = typer.Typer(
        help="Who may read this gateway's sealed records by HTTPS.",
        epilog=examples(
            "auditor gateway token add desk-1 --config audit/gateway --days 365 > desk-1.token",
            "auditor gateway token list --config audit/gateway",
            "auditor gateway token revoke desk-1 --config audit/gateway",
        ),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command(epilog=examples("auditor gateway token add desk-1 --days 365 > desk-1.token"))(add)
    group.command("list", epilog=examples("auditor gateway token list", "auditor gateway token list --json"))(list_)
    group.command(epilog=examples("auditor gateway token revoke desk-1"))(revoke)
    gateway.add_typer(group, name="token")


def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Whom it is for.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(metavar="SCOPE", help="records (the default) or orders (deliver signed erasures); repeatable."),
    ] = None,
    days: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="How long it lasts; for ever by default.")
    ] = None,
    rate: Annotated[float, typer.Option(metavar="N", min=0.1, help="Requests a second at most.")] = 20.0,
) -> None:
    """Print a new token, which is shown only now.

    It names the key of this gateway's listener, so that its holder cannot be given another's records.
    """
    from auditor.gateway.readers import Readers, Scope

    try:
        scopes = [Scope(one) for one in scope or (Scope.RECORDS,)]
    except ValueError:
        raise InputError(f"--scope is one of {', '.join(Scope)}.") from None
    config = gateway_config(context.obj)
    output.line(Readers(config.path).add(name, scopes, days, rate).text())
    output.note(f"The token of {name} is shown only now. Its holder runs: auditor sync https://GATEWAY:PORT")
    if config.publish is None:
        output.note('Nothing is published yet: set publish = "HOST:PORT" in [proxy], or run with --publish.')


def list_(context: typer.Context, json: Json = False) -> None:
    """The tokens there are, also those whose time is over."""
    readers = _readers(context).all()
    if json:
        output.json_lines(_fields(one) for one in readers)
        return
    output.table(("name", "id", "scopes", "since", "until", "requests/s"), (_row(one) for one in readers))


def revoke(context: typer.Context, name: Annotated[str, typer.Argument(help="Its name or id.")]) -> None:
    """Make a token worthless, at once."""
    _readers(context).revoke(name)
    output.line(f"The token of {name} is revoked.")


def _readers(context: typer.Context) -> "Readers":
    from auditor.gateway.readers import Readers

    return Readers(gateway_config(context.obj).path)


def _fields(one: "Reader") -> dict[str, Any]:
    times = {"created": _moment(one.created), "expires": _moment(one.expires)}
    return {"name": one.name, "id": one.id, "scopes": one.scopes, "rate": one.rate, **times}


def _row(one: "Reader") -> tuple[str, ...]:
    since, until = (output.moment(at) if at else "" for at in (_moment(one.created), _moment(one.expires)))
    return one.name, one.id, ", ".join(one.scopes), since, until, f"{one.rate:g}"


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
