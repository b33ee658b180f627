# SPDX-License-Identifier: Apache-2.0
"""Calls and findings as CSV (RFC 4180), one row each, for spreadsheets.

A cell that a spreadsheet would run as a formula begins with an apostrophe: names in traffic are not ours to trust
(https://owasp.org/www-community/attacks/CSV_Injection).
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from auditor.calls import Call
from auditor.findings import Finding

_RUNS: Final = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS: Final = tuple(field.encode_name for field in msgspec.structs.fields(Call))
_FINDING: Final = (
    *("id", "level", "kind", "grade", "status", "rule", "clause", "document", "section", "provider", "actor"),
    *("credential", "count", "first_seen", "last_seen", "score", "explanation"),
)


def calls_csv(calls: Iterable[Call]) -> Iterator[bytes]:
    """The header, then a line for each call."""
    yield _line(_COLUMNS)
    for call in calls:
        yield _line([_cell(getattr(call, field.name)) for field in msgspec.structs.fields(Call)])


def findings_csv(findings: Iterable[Finding]) -> Iterator[bytes]:
    """The header, then a line for each finding."""
    yield _line(_FINDING)
    for one in findings:
        clause = one.clause
        cited = (clause.id, clause.document, clause.section, clause.provider) if clause else (None,) * 4
        values = (one.id, one.rule.level, one.kind, one.grade, one.status, one.rule.title, *cited, one.actor)
        more = (one.credential, one.count, one.first_seen, one.last_seen, one.score, one.explanation)
        yield _line([_cell(value) for value in (*values, *more)])


def _line(cells: Sequence[str]) -> bytes:
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerow(cells)
    return file.getvalue().encode()


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case tuple():
            return _safe(" ".join(_part(one) for one in value))
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case bool() | int() | float():
            return str(value).lower() if isinstance(value, bool) else str(value)
        case _:
            return _safe(str(value))


def _part(value: Any) -> str:
    return f"{value.type}:{value.direction}:{value.count}" if hasattr(value, "direction") else str(value)


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_RUNS) else text
