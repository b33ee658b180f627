# SPDX-License-Identifier: Apache-2.0
"""Calls as OpenTelemetry log records, one OTLP/JSON request a line (what collectors' file receivers read).

The event and its attributes are those of the GenAI conventions
(https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-events/, `gen_ai.client.inference.operation.details`); what
they have no name for stands under `ai_usage_auditor.`. Encoding: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding.
"""

from datetime import UTC, datetime
from typing import Any, Final

import msgspec

import auditor
from auditor.archive.times import microseconds
from auditor.calls import Call, Content, Outcome

EVENT: Final = "gen_ai.client.inference.operation.details"
_INFO, _WARN = 9, 13
"""Severity numbers."""
_FIELDS: Final = msgspec.structs.fields(Call)
_OWN: Final = frozenset({"id", "time"})
_RESOURCE: Final = {
    "attributes": [
        {"key": "service.name", "value": {"stringValue": "ai-usage-auditor"}},
        {"key": "service.version", "value": {"stringValue": auditor.__version__}},
    ]
}


def call_record(call: Call, content: Content | None = None) -> dict[str, Any]:
    """A call as an ExportLogsServiceRequest with one record; with `content`, the messages as the conventions
    have them."""
    facts = {_name(field): getattr(call, field.name) for field in _FIELDS if field.name not in _OWN}
    facts["ai_usage_auditor.id"] = call.id
    facts["error.type"] = call.error
    if content is not None:
        for name in ("system_instructions", "input_messages", "output_messages", "tool_definitions"):
            facts[f"gen_ai.{name.replace('tool_definitions', 'tool.definitions')}"] = getattr(content, name)
    time = str(microseconds(call.time) * 1000)
    record = {
        "timeUnixNano": time,
        "observedTimeUnixNano": str(microseconds(datetime.now(UTC)) * 1000),
        "severityNumber": _INFO if call.outcome is Outcome.COMPLETE else _WARN,
        "eventName": EVENT,
        "attributes": [
            {"key": name, "value": _value(value)} for name, value in facts.items() if value not in (None, ())
        ],
    }
    scope = {"name": "ai-usage-auditor", "version": auditor.__version__}
    return {"resourceLogs": [{"resource": _RESOURCE, "scopeLogs": [{"scope": scope, "logRecords": [record]}]}]}


def _name(field: msgspec.structs.FieldInfo) -> str:
    return field.encode_name if "." in field.encode_name else f"ai_usage_auditor.{field.encode_name}"


def _value(value: Any) -> dict[str, Any]:
    """A value as OTLP's JSON has it: whole numbers are strings, structures are encoded within."""
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": value}
        case str():
            return {"stringValue": value}
        case tuple() if all(isinstance(one, str) for one in value):
            return {"arrayValue": {"values": [_value(str(one)) for one in value]}}
        case _:
            return {"stringValue": msgspec.json.encode(value).decode()}
