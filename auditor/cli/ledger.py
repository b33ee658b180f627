# SPDX-License-Identifier: Apache-2.0
"""`auditor verify`: whether the record is whole."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from auditor.cli import output
from auditor.cli.arguments import Json, examples
from auditor.cli.context import Context
from auditor.errors import CheckFailed

if TYPE_CHECKING:
    from auditor.store.verify import Report
    from auditor.store.walk import LedgerReport

_MOST_FAULTS = 20


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        epilog=examples(
            "auditor verify",
            "auditor verify --json",
            "auditor verify --public   what a third party can prove, without any key",
        )
    )(verify)


def verify(
    context: typer.Context,
    json: Json = False,
    public: Annotated[bool, typer.Option("--public", help="Do without the identity: records are not opened.")] = False,
) -> None:
    """Verify every record, chain and checkpoint.

    The first bad record is named.
    """
    from auditor.store.verify import verify as verified

    work: Context = context.obj
    location = work.existing
    identity = None if public else work.identity
    with output.count_progress("Verifying") as progress:
        report = verified(location, identity, progress)
    if json:
        output.json_line({"holds": report.holds, "faults": [], **msgspec.to_builtins(report)})
    elif report.holds:
        _say_it_holds(report, opened=identity is not None)
    if not report.holds:
        raise CheckFailed(_faults(report, said_before=json))


def _say_it_holds(report: "Report", opened: bool) -> None:
    output.table(
        ("ledger", "records", "segments", "checkpoints", "newest checkpoint", "root"),
        (_row(ledger) for ledger in report.ledgers),
        right=("records", "segments", "checkpoints"),
    )
    records = sum(ledger.records for ledger in report.ledgers)
    how = "proved and opened" if opened else "proved; none was opened"
    output.line(f"The record holds: {records} records in {len(report.ledgers)} ledgers {how}.")


def _row(ledger: "LedgerReport") -> tuple[str, ...]:
    newest = "" if ledger.newest_ms is None else output.moment(datetime.fromtimestamp(ledger.newest_ms / 1000, UTC))
    return ledger.ledger, str(ledger.records), str(ledger.segments), str(ledger.checkpoints), newest, ledger.root[:16]


def _faults(report: "Report", said_before: bool) -> str:
    """The first fault as a sentence; the others in lines of their own, unless they were printed as JSON."""
    first, *others = (fault.sentence() for fault in report.faults)
    for sentence in () if said_before else others[: _MOST_FAULTS - 1]:
        output.line(sentence)
    more = f" ({len(others)} more faults)" if others else ""
    return f"The record does not hold: {first}{more}."
