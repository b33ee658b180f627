# SPDX-License-Identifier: Apache-2.0
"""`auditor verify`: whether the record is whole."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from auditor.cli import output
from auditor.cli.arguments import Json, examples
from auditor.cli.context import Context
from auditor.errors import CheckFailed, EnvironmentFailure

if TYPE_CHECKING:
    from auditor.store.verification.pins import Roots, Statement
    from auditor.store.verification.verify import Report
    from auditor.store.verification.walk import LedgerReport

_MOST_FAULTS = 20


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        epilog=examples(
            "auditor verify",
            "auditor verify --json",
            "auditor verify --incremental   only what came since the last time",
            "auditor verify --public   what a third party can prove, without any key",
            "auditor verify --export seen.json    keep what was seen where the store's keepers cannot reach it",
            "auditor verify --public --against seen.json    find a tail cut off or a ledger rolled back since",
        )
    )(verify)


def verify(
    context: typer.Context,
    json: Json = False,
    public: Annotated[bool, typer.Option("--public", help="Do without the identity: records are not opened.")] = False,
    incremental: Annotated[
        bool,
        typer.Option("--incremental", help="Read only what came since the last time, and prove it continues that."),
    ] = False,
    export: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write sizes, roots and signed checkpoints for a third party.")
    ] = None,
    against: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Compare with what was exported before; repeatable.")
    ] = None,
) -> None:
    """Verify every record, chain and checkpoint.

    The first bad record is named. What was seen is kept beside the identity and compared with the next time, so that a
    ledger cut or rolled back is noticed.
    """
    from auditor.store import files
    from auditor.store.verification import pins

    work: Context = context.obj
    store = work.existing.facts().id
    statements = [pins.read(path, store) for path in against or ()]
    verified = _verified_alone if public else _verified_with_pins
    report = verified(work, statements, incremental)
    if report.holds and export:
        files.write(export, pins.encode(pins.stated(report)))
    if json:
        output.json_line({"holds": report.holds, "faults": [], **msgspec.to_builtins(report)})
    elif report.holds:
        _say_it_holds(report, opened=not public)
    if not report.holds:
        raise CheckFailed(_faults(report, said_before=json))


def _verified_alone(work: Context, statements: "list[Statement]", incremental: bool) -> "Report":
    """What can be proved without any key."""
    from auditor.store.verification import verify

    with output.count_progress("Verifying") as progress:
        return verify.verify(work.existing, None, progress, *_compared(statements, incremental))


def _verified_with_pins(work: Context, statements: "list[Statement]", incremental: bool) -> "Report":
    """What the identity proves, against what it saw before; what it saw now is kept."""
    from auditor.store.verification import pins, verify

    kept = pins.PinFile(work.identity_file, work.identity, work.existing.facts().id)
    if before := kept.load():
        statements = [*statements, before]
    with output.count_progress("Verifying") as progress:
        report = verify.verify(work.existing, work.identity, progress, *_compared(statements, incremental))
    try:
        if report.holds:
            kept.advance(report)
    except EnvironmentFailure as e:
        output.note(f"auditor: what was seen could not be kept to compare with: {e.diagnostics()}")
    return report


def _compared(statements: "list[Statement]", incremental: bool) -> "tuple[Roots, bool, frozenset[str]]":
    """What a verification is to compare with."""
    from auditor.store.verification import pins

    known = frozenset(fact for statement in statements for fact in statement.facts)
    return pins.merged(statement.roots() for statement in statements), incremental, known


def _say_it_holds(report: "Report", opened: bool) -> None:
    output.table(
        ("ledger", "records", "segments", "checkpoints", "newest checkpoint", "root"),
        (_row(ledger) for ledger in report.ledgers),
        right=("records", "segments", "checkpoints"),
    )
    records = sum(ledger.records for ledger in report.ledgers)
    how = "proved and opened" if opened else "proved; none was opened"
    ledgers = "1 ledger" if len(report.ledgers) == 1 else f"{len(report.ledgers)} ledgers"
    output.line(f"The record holds: {records} records in {ledgers} {how}.")
    for ledger in report.ledgers:
        for seq, by_ms in ledger.set_back:
            output.line(f"{ledger.ledger}: at record {seq} the clock had been set back by {by_ms / 1000:.0f} s.")
        if ledger.since:
            output.line(f"{ledger.ledger}: records before {ledger.since} were verified earlier and not read again.")
    if erased := sum(ledger.erased for ledger in report.ledgers):
        output.line(f"{erased} of them were erased by an auditor.")
    if destroyed := sum(ledger.destroyed for ledger in report.ledgers):
        output.line(f"{destroyed} of them no longer open: their epoch keys were destroyed.")


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
