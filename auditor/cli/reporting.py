# SPDX-License-Identifier: Apache-2.0
"""`auditor report`: the report of a period, one page of HTML that needs nothing else, or a PDF."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import output
from auditor.cli.arguments import Folders, PolicyFile, examples
from auditor.cli.asking import Since, Until, period
from auditor.errors import CheckFailed, InputError
from auditor.findings import Level

if TYPE_CHECKING:
    from auditor.exports.report import Report

_DAYS: int = 30
_HTML, _PDF = (".html", ".htm"), (".pdf",)


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        epilog=examples(
            "auditor report --out report.html",
            "auditor report --since 2026-10-01 --until 2026-10-31 --out october.pdf",
            "auditor report --since -7d --out week.html --fail-on high      exit 1 where a finding is open",
        )
    )(report)


def report(
    context: typer.Context,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to: *.html or *.pdf.")],
    since: Since = None,
    until: Until = None,
    fail_on: Annotated[
        Level | None, typer.Option("--fail-on", help="Exit 1 where a finding of this level or above is open.")
    ] = None,
    rules: Folders = None,
    policy: PolicyFile = None,
) -> None:
    """Write the report of a period (30 days).

    What data went to whom, findings by clause with their evidence, completeness, method and limits. It names no person
    and holds nothing of what was said but masked excerpts; `auditor analyze` finds what it tells.
    """
    if out.suffix.lower() not in (*_HTML, *_PDF):
        raise InputError(f"{out} is neither *.html nor *.pdf.", "Name the file so.")
    start, end = period(since or f"-{_DAYS}d", until or "now")
    from auditor.exports.report import gather
    from auditor.rules import load
    from auditor.terms import Registry

    said = context.obj.policy(policy)
    archive = context.obj.up_to_date()
    made = gather(
        archive,
        Registry.load(),
        load(rules or ()),
        said,
        since=start,
        until=end,
        made_by=context.obj.identity.name,
    )
    size = output.pieces([_rendered(made, out)], out)
    counts = ", ".join(f"{count} {level}" for level, count in made.by_level.items() if count)
    output.note(f"{out}: {size} bytes; open findings: {counts or 'none above informational'}.")
    _judge(made, fail_on)


def _rendered(made: "Report", out: Path) -> bytes:
    from auditor.exports.report import html

    if out.suffix.lower() in _HTML:
        return html(made).encode()
    from auditor.cli.desktop import loaded

    pdf: bytes = loaded("ui.printing", "A PDF", "desktop").pdf(html(made, paper=True), f"AI usage report, {made.store}")
    return pdf


def _judge(made: "Report", fail_on: Level | None) -> None:
    levels = tuple(Level)
    if fail_on is None:
        return
    found = [
        case.finding
        for one in made.findings
        for case in one.cases
        if levels.index(case.finding.rule.level) >= levels.index(fail_on)
    ]
    if fail_on is Level.INFORMATIONAL and made.notes:
        raise CheckFailed(f"{len(found) + sum(note.findings for note in made.notes)} findings are open.")
    if found:
        raise CheckFailed(f"{len(found)} findings of level {fail_on} or above are open.")
