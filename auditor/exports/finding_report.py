# SPDX-License-Identifier: Apache-2.0
"""One finding as a page for people who have no access to the store: what was seen, clause, evidence, what was done.

The page is self-contained HTML without scripts; every text is escaped. It holds what the finding holds: masked
excerpts, measured figures and pseudonyms, never content.
"""

import html
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from auditor.findings import Case, CitedClause, Done, Evidence

VERDICT = "This is an indication for review, not a verdict."

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1a1e26; max-width: 46rem; margin: 3rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .4rem; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
.muted { color: #576072; } .note { background: #fdf0d5; padding: .6rem .9rem; border-radius: .4rem; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top; padding: .35rem .8rem
.35rem 0; border-bottom: 1px solid #dfe3ea; } th { font-weight: 500; color: #576072; width: 9rem; }
td, p { overflow-wrap: anywhere; } footer { margin-top: 2.5rem; font-size: .85rem; color: #576072; }
@media print { body { margin: 0; max-width: none; } }
"""


def finding_html(case: Case, store: str, now: datetime) -> str:
    """The page of a finding of the store of this id, as it stands `now`."""
    finding = case.finding
    body = [
        f"<h1>{_text(finding.rule.title)}</h1>",
        f'<p class="muted">{_text(_line(case))}</p>',
        f'<p class="note">{VERDICT}</p>',
        "<h2>Why it was reported</h2>",
        f"<p>{_text(finding.explanation)}</p>",
        *(_clause(finding.clause) if finding.clause else ()),
        "<h2>Facts</h2>",
        _table(_facts(case)),
        "<h2>Evidence</h2>",
        _table((one.kind, _evidence(one)) for one in finding.evidence) if finding.evidence else "<p>None.</p>",
        "<h2>What was done</h2>",
        _table((_time(done.time), _done(done)) for done in case.history) if case.history else "<p>Nothing yet.</p>",
        f"<footer>Finding {_text(finding.id)} of store {_text(store)}, as of {_time(now)}. Written by AI Usage Auditor."
        " The record it rests on can be verified with “auditor verify”.</footer>",
    ]
    head = f'<meta charset="utf-8"><title>{_text(finding.rule.title)}</title><style>{_STYLE}</style>'
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>\n' + "\n".join(body) + "\n</body></html>\n"


def _line(case: Case) -> str:
    finding = case.finding
    return " · ".join((str(case.severity), f"{finding.grade} (score {finding.score:.2f})", str(finding.status)))


def _facts(case: Case) -> Iterator[tuple[str, str]]:
    finding = case.finding
    yield "About", str(finding.kind)
    yield "Actor", finding.actor or "several"
    if finding.credential:
        yield "Key", finding.credential
    yield "Calls", f"{finding.count:,}"
    yield "First seen", _time(finding.first_seen)
    yield "Last seen", _time(finding.last_seen)
    yield "Owner", case.owner or "nobody"
    if case.due:
        yield "Due", f"{case.due:%Y-%m-%d}"
    if case.accepted_until:
        yield "Accepted until", f"{case.accepted_until:%Y-%m-%d}"
    yield "Rule", finding.rule.id


def _clause(clause: CitedClause) -> Iterator[str]:
    yield "<h2>The clause it touches</h2>"
    where = " · ".join(part for part in (clause.document, clause.section) if part)
    yield f"<p><strong>{_text(where)}</strong></p>"
    yield f"<p>In our words: {_text(clause.paraphrase)}</p>"
    since = f", in effect since {clause.effective}" if clause.effective else ""
    yield f'<p class="muted">{_text(clause.id)}: {_text(str(clause.status))}{_text(since)}. {_link(clause.url)}</p>'


def _link(url: str | None) -> str:
    if not url or urlsplit(url).scheme not in ("https", "http"):
        return ""
    return f'<a href="{html.escape(url, quote=True)}" rel="noreferrer">{_text(url)}</a>'


def _evidence(one: Evidence) -> str:
    return f"{one.text} (call {one.call})" if one.call else one.text


def _done(done: Done) -> str:
    step = done.step
    parts = [step.auditor or ""]
    parts += [f"set it to {step.status}"] if step.status else []
    parts += [f"as {step.reason.replace('_', ' ')}"] if step.reason else []
    parts += [f"until {step.until:%Y-%m-%d}"] if step.until else []
    parts += [f"approved by {step.approver}"] if step.approver else []
    parts += [f"called it {step.severity}"] if step.severity else []
    parts += [f"gave it to {step.owner}"] if step.owner else []
    said = " ".join(part for part in parts if part)
    return f"{said}: {step.comment}" if step.comment else said


def _table(rows: Iterator[tuple[str, str]]) -> str:
    lines = (f"<tr><th>{_text(name)}</th><td>{_text(value)}</td></tr>" for name, value in rows)
    return f"<table>{''.join(lines)}</table>"


def _text(text: str) -> str:
    return html.escape(text)


def _time(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
