# SPDX-License-Identifier: Apache-2.0
"""`auditor export`: calls and findings for other programs, without content unless a reason is given."""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import msgspec
import typer

from auditor.cli import output
from auditor.cli.arguments import examples
from auditor.cli.asking import Reason, Second, SecondPassphrase, Since, Until, period, stated
from auditor.cli.context import TERMINAL, person
from auditor.errors import InputError
from auditor.findings import Level

if TYPE_CHECKING:
    from auditor.archive import Archive, Opened
    from auditor.calls import Call, Content
    from auditor.findings import Finding
    from auditor.store import Identity

_ACCESS = 1000
"""Calls that one access record stands for, at most."""
_json = msgspec.json.Encoder().encode


class Format(StrEnum):
    """What is written."""

    CSV = "csv"
    JSONL = "jsonl"
    HAR = "har"
    OCSF = "ocsf"
    OTEL = "otel"


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
    why = stated(reason) if content or unmasked else None
    wanted = period(filter_, since, until)
    archive = context.obj.up_to_date()
    if what is What.FINDINGS:
        pieces = _FINDINGS[format_](_findings(archive, level, since, until))
    else:
        other = None if second is None else person(second, second_passphrase_file)
        pieces = _calls(_Reading(archive, why, unmasked, other), archive.calls(wanted), format_)
    written = output.pieces(pieces, out)
    if out is not None:
        output.note(f"{out}: {written} bytes.")


def _check(format_: Format, what: What, content: bool, unmasked: bool) -> None:
    if what is What.FINDINGS and format_ not in _FINDINGS:
        raise InputError(f"Findings are not written as {format_}.", "Formats of findings: csv, jsonl, ocsf.")
    said = content or unmasked
    if said and (what is What.FINDINGS or format_ in (Format.CSV, Format.OCSF)):
        raise InputError(f"{format_} of {what} has no place for content.", "Formats with content: jsonl, har, otel.")
    if content and not unmasked and format_ is Format.HAR:
        raise InputError("An HTTP archive holds bodies as they were captured.", "Give --unmasked, or take jsonl.")


def _findings(archive: "Archive", level: Level | None, since: str | None, until: str | None) -> "Iterator[Finding]":
    from auditor.cli.findings import at_least, moment

    start = None if since is None else moment("--since", since)
    end = None if until is None else moment("--until", until)
    for case in archive.cases(levels=at_least(level)):
        found = case.finding
        if (start is None or found.last_seen >= start) and (end is None or found.first_seen <= end):
            yield found


class _Reading(NamedTuple):
    """How calls are read: without content where no reason is given."""

    archive: "Archive"
    reason: str | None
    unmasked: bool
    second: "Identity | None"

    def opened(self, calls: "Iterable[Call]") -> "Iterator[tuple[Call, Opened | None]]":
        """The calls, with their content where a reason is given."""
        if self.reason is None:
            yield from ((call, None) for call in calls)
            return
        for block in batched(calls, _ACCESS):
            ids = [call.id for call in block]
            opened = self.archive.content(ids, self.reason, action="export", unmasked=self.unmasked, second=self.second)
            yield from ((one.call, one) for one in opened)

    def said(self, opened: "Opened | None") -> "Content | None":
        """What was said in a call, as far as it may be shown."""
        from auditor.privacy import masked

        if opened is None or self.unmasked:
            return opened.content if opened else None
        return masked(opened.content, opened.sealed.matches if opened.sealed else ())


def _calls(reading: _Reading, calls: "Iterable[Call]", format_: Format) -> Iterator[bytes]:
    from auditor.exports import har, ocsf, otel
    from auditor.exports.call_json import call_json
    from auditor.exports.tables import calls_csv

    match format_:
        case Format.CSV:
            yield from calls_csv(calls)
        case Format.OCSF:
            yield from (_json(ocsf.call_event(call)) + b"\n" for call in calls)
        case Format.HAR:
            opened = reading.opened(calls)
            yield from har.har((one, more.sealed.exchange if more and more.sealed else None) for one, more in opened)
        case Format.JSONL:
            yield from (call_json(one, reading.said(more)) + b"\n" for one, more in reading.opened(calls))
        case Format.OTEL:
            yield from (_json(otel.call_record(one, reading.said(more))) + b"\n" for one, more in reading.opened(calls))


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
