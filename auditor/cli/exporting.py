# SPDX-License-Identifier: Apache-2.0
"""`auditor export`: calls and findings for other programs, without content unless a reason is given."""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from auditor.cli import output
from auditor.cli.arguments import examples
from auditor.cli.asking import Reason, Second, SecondPassphrase, Since, Until, period, stated, within
from auditor.cli.context import TERMINAL, person
from auditor.errors import InputError
from auditor.exports.formats import HOLD_CONTENT, HOLD_MASKED, Format
from auditor.findings import Level

if TYPE_CHECKING:
    from auditor.archive import Archive
    from auditor.findings import Finding

_json = msgspec.json.Encoder().encode


class What(StrEnum):
    """What is exported."""

    CALLS = "calls"
    FINDINGS = "findings"


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        epilog=examples(
            "auditor export --format csv --since -30d --out calls.csv",
            "auditor export --format ocsf --what findings --level high",
            'auditor export --format har --unmasked --reason "ticket 4711" --filter "actor:a-7f3k*" --out calls.har',
        )
    )(export)


def export(
    context: typer.Context,
    format_: Annotated[Format, typer.Option("--format", help="The format.")],
    what: Annotated[What, typer.Option(help="Calls, or findings (csv, jsonl, ocsf).")] = What.CALLS,
    filter_: Annotated[str, typer.Option("--filter", metavar="EXPR", help="Which calls, e.g. 'model:gpt-4o*'.")] = "",
    since: Since = None,
    until: Until = None,
    level: Annotated[Level | None, typer.Option(help="Findings of this level and above.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="The file; without, standard output.")] = None,
    content: Annotated[
        bool, typer.Option("--content", help="With what was said, data found in it masked (jsonl, otel).")
    ] = False,
    unmasked: Annotated[
        bool, typer.Option("--unmasked", help="With what was said as it was captured (jsonl, har, otel).")
    ] = False,
    reason: Reason = None,
    second: Second = None,
    second_passphrase_file: SecondPassphrase = TERMINAL,
) -> None:
    """Export calls or findings.

    Persons are pseudonyms, and nothing of what was said is in it unless --content or --unmasked is given with a
    --reason; the access is recorded first.
    """
    _check(format_, what, content, unmasked)
    from auditor.exports import calls

    why = stated(reason) if content or unmasked else None
    wanted = within(filter_, since, until)
    archive = context.obj.up_to_date()
    if what is What.FINDINGS:
        pieces = _FINDINGS[format_](_findings(archive, level, since, until))
    else:
        other = None if second is None else person(second, second_passphrase_file)
        pieces = calls.pieces(calls.Reading(archive, why, unmasked, other), archive.calls(wanted), format_)
    written = output.pieces(pieces, out)
    if out is not None:
        output.note(f"{out}: {written} bytes.")


def _check(format_: Format, what: What, content: bool, unmasked: bool) -> None:
    if what is What.FINDINGS and format_ not in _FINDINGS:
        raise InputError(f"Findings are not written as {format_}.", "Formats of findings: csv, jsonl, ocsf.")
    said = content or unmasked
    if said and (what is What.FINDINGS or format_ not in HOLD_CONTENT):
        raise InputError(f"{format_} of {what} has no place for content.", "Formats with content: jsonl, har, otel.")
    if content and not unmasked and format_ not in HOLD_MASKED:
        raise InputError("An HTTP archive holds bodies as they were captured.", "Give --unmasked, or take jsonl.")


def _findings(archive: "Archive", level: Level | None, since: str | None, until: str | None) -> "Iterator[Finding]":
    from auditor.cli.findings import at_least

    start, end = period(since, until)
    for case in archive.cases(levels=at_least(level)):
        found = case.finding
        if (start is None or found.last_seen >= start) and (end is None or found.first_seen <= end):
            yield found


def _csv(found: "Iterable[Finding]") -> Iterator[bytes]:
    from auditor.exports.tables import findings_csv

    return findings_csv(found)


def _jsonl(found: "Iterable[Finding]") -> Iterator[bytes]:
    return (_json(one) + b"\n" for one in found)


def _ocsf(found: "Iterable[Finding]") -> Iterator[bytes]:
    from auditor.exports.ocsf import finding_event

    return (_json(finding_event(one)) + b"\n" for one in found)


_FINDINGS: dict[Format, Callable[[Any], Iterator[bytes]]] = {
    Format.CSV: _csv,
    Format.JSONL: _jsonl,
    Format.OCSF: _ocsf,
}
