# SPDX-License-Identifier: Apache-2.0
"""`auditor status` and `access-log`: what the record covers, and who read in it."""

from typing import TYPE_CHECKING, Any, cast

import msgspec
import typer

from auditor.cli import output
from auditor.cli.arguments import Json, examples

if TYPE_CHECKING:
    from auditor.archive import LedgerStatus
    from auditor.store.format.records import Access, Record

_COUNTERS = (
    "seen",
    "recorded",
    "sealed",
    "erased",
    "lost",
    "unknown",
    "waiting",
    "unaccounted",
    "blocked",
    "tunnelled",
    "undecryptable",
    "unparsed",
    "backlog",
    "unshipped",
)


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(epilog=examples("auditor status", "auditor status --json"))(status)
    app.command("access-log", epilog=examples("auditor access-log", "auditor access-log --json"))(access_log)


def status(context: typer.Context, json: Json = False) -> None:
    """Account for every call.

    seen = recorded + lost + unknown + waiting + unaccounted, to the unit; what was blocked never left.
    """
    ledgers = context.obj.up_to_date().status()
    if json:
        output.json_lines(ledgers)
        return
    output.table(
        ("ledger", *_COUNTERS, "open", "newest checkpoint"), (_row(one) for one in ledgers), right=(*_COUNTERS, "open")
    )


def _row(one: "LedgerStatus") -> tuple[str, ...]:
    newest = output.moment(one.last_checkpoint) if one.last_checkpoint else ""
    return (one.ledger, *(str(getattr(one, name)) for name in _COUNTERS), str(one.open), newest)


def access_log(context: typer.Context, json: Json = False) -> None:
    """Who read content, when and why; newest first."""
    records = context.obj.up_to_date().access_log()
    if json:
        output.json_lines(_fields(record) for record in records)
        return
    output.table(
        ("time", "auditor", "second", "action", "actor", "calls", "reason"),
        map(_accessed, map(_access, records)),
        right=("calls",),
    )


def _accessed(one: "Access") -> tuple[str, ...]:
    calls, actor = str(len(one.calls)) if one.calls else "", one.actor or ""
    return (output.moment(one.time), one.auditor, one.second or "", one.action, actor, calls, one.reason)


def _fields(record: "Record") -> dict[str, Any]:
    fields = msgspec.structs.asdict(_access(record))
    fields.pop("approval")
    return {"ledger": record.ledger, "seq": record.seq, **fields}


def _access(record: "Record") -> "Access":
    return cast("Access", record.meta)
