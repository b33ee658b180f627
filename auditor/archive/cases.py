# SPDX-License-Identifier: Apache-2.0
"""Findings in the index: a case is made anew from its whole casework whenever some of it arrives.

Casework of several auditors lies in several ledgers, which arrive in any order; it counts in the order of its times,
so the index does not depend on how it came. A step for a finding nobody reported yet waits for the report.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from auditor.archive.schema import among, casework, finding_calls, findings
from auditor.archive.times import microseconds
from auditor.findings import Case, Level
from auditor.findings.triage import reported, stepped
from auditor.store.format.records import Reported, Triaged, decode_meta

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Case).decode


def take(connection: Connection, notes: Sequence[dict[str, Any]]) -> None:
    """Take casework (rows of the table) into the index, and bring its cases up to date."""
    connection.execute(insert(casework), notes)
    for finding in {note["finding"] for note in notes}:
        case = _worked(connection, finding)
        if case is not None:
            _save(connection, case)


def forget(connection: Connection, ledger: str, first: int, last: int) -> None:
    """Forget the casework in a range of a ledger; a finding whose last report goes, goes too."""
    here = (casework.c.ledger == ledger, casework.c.seq.between(first, last))
    touched = set(connection.scalars(select(casework.c.finding).where(*here)))
    connection.execute(delete(casework).where(*here))
    for finding in touched:
        case = _worked(connection, finding)
        if case is not None:
            _save(connection, case)
        else:
            connection.execute(delete(findings).where(findings.c.id == finding))
            connection.execute(delete(finding_calls).where(finding_calls.c.finding == finding))


def load(connection: Connection, ids: Iterable[str]) -> dict[str, Case]:
    """The cases of those ids that are known."""
    query = select(findings.c.id, findings.c.value).where(among(findings.c.id, list(ids)))
    return {row.id: _decode(row.value) for row in connection.execute(query)}


def beginning_with(connection: Connection, prefix: str) -> list[Case]:
    """The cases whose ids begin so, two at most."""
    query = select(findings.c.value).where(findings.c.id.startswith(prefix, autoescape=True)).limit(2)
    return [_decode(row.value) for row in connection.execute(query)]


def listed(
    connection: Connection, levels: Sequence[Level] = (), clause: str | None = None, call: str | None = None
) -> Iterator[Case]:
    """Cases, the last seen first: of these levels, on this clause, resting on this call, where given."""
    query = select(findings.c.value).order_by(findings.c.last_seen.desc(), findings.c.id)
    if levels:
        query = query.where(findings.c.level.in_(levels))
    if clause is not None:
        query = query.where(findings.c.clause == clause)
    if call is not None:
        query = query.where(findings.c.id.in_(select(finding_calls.c.finding).where(finding_calls.c.call == call)))
    return (_decode(row.value) for row in connection.execute(query))


def _worked(connection: Connection, finding: str) -> Case | None:
    query = select(casework.c.meta).where(casework.c.finding == finding)
    case: Case | None = None
    waiting: list[Triaged] = []
    for row in connection.execute(query.order_by(casework.c.time, casework.c.ledger, casework.c.seq)):
        case = _after(case, row, waiting)
    return case


def _after(case: Case | None, row: Row[Any], waiting: list[Triaged]) -> Case | None:
    match decode_meta(row.meta):
        case Reported(finding=finding):
            case = reported(case, finding)
            for early in waiting:
                case = stepped(case, early.time, early.step)
            waiting.clear()
        case Triaged() as done:
            if case is None:
                waiting.append(done)
            else:
                case = stepped(case, done.time, done.step)
        case _:  # pragma: no cover - the table holds nothing else
            raise AssertionError("casework of another kind")
    return case


def _save(connection: Connection, case: Case) -> None:
    finding = case.finding
    row = {
        "id": finding.id,
        "level": finding.rule.level.value,
        "clause": finding.clause.id if finding.clause else None,
        "last_seen": microseconds(finding.last_seen),
        "value": _encode(case),
    }
    statement = upsert(findings).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=row))
    connection.execute(delete(finding_calls).where(finding_calls.c.finding == finding.id))
    rests = [{"call": call, "finding": finding.id} for call in dict.fromkeys(finding.calls)]
    if rests:
        connection.execute(insert(finding_calls), rests)
