# SPDX-License-Identifier: Apache-2.0
"""Calls and findings in the Open Cybersecurity Schema Framework, version 1.6.0 (https://schema.ocsf.io/1.6.0/).

A finding is a Detection Finding (2004), a call an API Activity (6003). Neither holds content; persons are pseudonyms.
What the schema has no place for stands in `unmapped`. A test validates both against the published schema.
"""

from datetime import datetime
from typing import Any, Final

import msgspec

import auditor
from auditor.calls import Call, Outcome
from auditor.findings import Evidence, Finding, Grade, Level, State

VERSION: Final = "1.6.0"
_SEVERITY: Final = {
    Level.INFORMATIONAL: (1, "Informational"),
    Level.LOW: (2, "Low"),
    Level.MEDIUM: (3, "Medium"),
    Level.HIGH: (4, "High"),
    Level.CRITICAL: (5, "Critical"),
}
_STATUS: Final = {
    State.NEW: (1, "New"),
    State.TRIAGE: (2, "In Progress"),
    State.CONFIRMED: (2, "In Progress"),
    State.DISMISSED: (3, "Suppressed"),
    State.ACCEPTED: (3, "Suppressed"),
    State.REMEDIATED: (4, "Resolved"),
}
_CONFIDENCE: Final = {
    Grade.EVIDENCED: (3, "High"),
    Grade.PROBABLE: (2, "Medium"),
    Grade.WATCH: (1, "Low"),
    Grade.INCONCLUSIVE: (1, "Low"),
    Grade.INFORMATIONAL: (1, "Low"),
}
_MANY: Final = 100
"""Points of evidence, and calls, that an event names of a finding."""
_RULE, _BEHAVIOURAL = 1, 2
"""Kinds of analytics."""


def finding_event(finding: Finding) -> dict[str, Any]:
    """A finding as a Detection Finding; raised is "Create", everything later "Update"."""
    severity, confidence, status = _SEVERITY[finding.rule.level], _CONFIDENCE[finding.grade], _STATUS[finding.status]
    activity = (1, "Create") if finding.status is State.NEW else (2, "Update")
    return _present(
        _head(2004, "Detection Finding", 2, "Findings", activity, finding.last_seen, finding.id)
        | {
            "severity_id": severity[0],
            "severity": severity[1],
            "confidence_id": confidence[0],
            "confidence": confidence[1],
            "confidence_score": round(finding.score * 100),
            "status_id": status[0],
            "status": status[1],
            "message": finding.rule.title,
            "count": finding.count,
            "start_time": _ms(finding.first_seen),
            "end_time": _ms(finding.last_seen),
            "is_alert": finding.rule.level is not Level.INFORMATIONAL,
            "finding_info": _info(finding),
            "evidences": [_evidence(one, number) for number, one in enumerate(finding.evidence[:_MANY])] or None,
            "resources": _resources(finding) or None,
            "unmapped": _clause(finding),
        }
    )


def _info(finding: Finding) -> dict[str, Any]:
    kind = _RULE if finding.kind.value in ("terms", "data", "policy", "integrity") else _BEHAVIOURAL
    return _present(
        {
            "uid": finding.id,
            "title": finding.rule.title,
            "desc": finding.explanation,
            "types": [finding.kind.value],
            "first_seen_time": _ms(finding.first_seen),
            "last_seen_time": _ms(finding.last_seen),
            "src_url": finding.clause.url if finding.clause else None,
            "analytic": {
                "type_id": kind,
                "type": "Rule" if kind == _RULE else "Behavioral",
                "uid": finding.rule.id,
                "name": finding.rule.title,
            },
        }
    )


def _evidence(evidence: Evidence, number: int) -> dict[str, Any]:
    return {
        "name": evidence.kind,
        "uid": evidence.call or str(number),
        "data": {"text": evidence.text, "call": evidence.call},
    }


def _resources(finding: Finding) -> list[dict[str, Any]]:
    named = (("actor", finding.actor), ("credential", finding.credential))
    return [{"type": kind, "uid": uid, "name": uid} for kind, uid in named if uid]


def _clause(finding: Finding) -> dict[str, Any]:
    return {
        "grade": finding.grade.value,
        "clause": msgspec.to_builtins(finding.clause),
        "calls": list(finding.calls[:_MANY]),
        "is_verdict": False,
    }


# --- calls ------------------------------------------------------------------------------------------------------

_OUTCOME: Final = {
    Outcome.COMPLETE: (1, "Success"),
    Outcome.ERROR: (2, "Failure"),
    Outcome.BLOCKED: (2, "Failure"),
    Outcome.INTERRUPTED: (2, "Failure"),
}
_SHARED: Final = frozenset(
    {"id", "time", "duration_ms", "path", "method", "status", "user_agent", "server_address", "provider", "operation"}
)
_FIELDS: Final = msgspec.structs.fields(Call)


def call_event(call: Call) -> dict[str, Any]:
    """A call as an API Activity."""
    status = _OUTCOME.get(call.outcome, (99, "Other"))
    return _present(
        _head(6003, "API Activity", 6, "Application Activity", _activity(call), call.time, call.id)
        | {
            "severity_id": 1,
            "severity": "Informational",
            "status_id": status[0],
            "status": status[1],
            "status_detail": call.error,
            "duration": None if call.duration_ms is None else round(call.duration_ms),
            "actor": {"user": _present({"uid": call.actor or "unknown", "credential_uid": call.credential})},
            "src_endpoint": {"name": call.client or "unknown", "uid": call.actor or "unknown"},
            "dst_endpoint": {"hostname": call.server_address} if call.server_address else None,
            "api": _present(
                {
                    "operation": call.operation or "unknown",
                    "service": {"name": call.provider} if call.provider else None,
                }
            ),
            "http_request": _request(call),
            "http_response": {"code": call.status} if call.status is not None else None,
            "unmapped": {
                field.encode_name: msgspec.to_builtins(getattr(call, field.name))
                for field in _FIELDS
                if field.name not in _SHARED
            },
        }
    )


def _activity(call: Call) -> tuple[int, str]:
    """What was done, as the class names it: reading a list, deleting a file, or making an answer."""
    return {"GET": (2, "Read"), "DELETE": (4, "Delete"), "PUT": (3, "Update"), "PATCH": (3, "Update")}.get(
        call.method or "", (1, "Create")
    )


def _request(call: Call) -> dict[str, Any] | None:
    if call.method is None and call.path is None:
        return None
    place = _present({"hostname": call.server_address, "path": call.path, "scheme": "https"})
    return _present({"http_method": call.method, "user_agent": call.user_agent, "url": place})


# --- both -------------------------------------------------------------------------------------------------------


def _head(
    class_uid: int,
    name: str,
    category: int,
    category_name: str,
    activity: tuple[int, str],
    time: datetime,
    uid: str,
) -> dict[str, Any]:
    product = {"name": "AI Usage Auditor", "vendor_name": "AI Usage Auditor", "version": auditor.__version__}
    return {
        "class_uid": class_uid,
        "class_name": name,
        "category_uid": category,
        "category_name": category_name,
        "activity_id": activity[0],
        "activity_name": activity[1],
        "type_uid": class_uid * 100 + activity[0],
        "type_name": f"{name}: {activity[1]}",
        "time": _ms(time),
        "metadata": {"version": VERSION, "product": product, "uid": uid},
    }


def _ms(time: datetime) -> int:
    return round(time.timestamp() * 1000)


def _present(values: dict[str, Any]) -> dict[str, Any]:
    """Only what is known."""
    return {name: value for name, value in values.items() if value is not None}
