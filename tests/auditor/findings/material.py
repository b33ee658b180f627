# SPDX-License-Identifier: Apache-2.0
"""Findings of the tests' own making."""

from datetime import UTC, datetime, timedelta

from auditor.findings import Evidence, Finding, Grade, Kind, Level, RuleName

T0 = datetime(2026, 11, 20, 8, tzinfo=UTC)


def finding(id_: str = "f-one", days: int = 0, **facts: object) -> Finding:
    """A finding on two calls, last seen so many days after T0."""
    known = {
        "id": id_,
        "rule": RuleName(id="rule-one", title="Something to look at", level=Level.MEDIUM),
        "kind": Kind.DATA,
        "actor": "a-one",
        "first_seen": T0,
        "last_seen": T0 + timedelta(days=days),
        "count": 2 + days,
        "calls": ("call-0001", "call-0002"),
        "score": 0.5,
        "grade": Grade.WATCH,
        "explanation": "An indication for review.",
        "evidence": (Evidence(call="call-0001", kind="data", text="sent: EMAIL"),),
    }
    return Finding(**{**known, **facts})  # type: ignore[arg-type]
