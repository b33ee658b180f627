# SPDX-License-Identifier: Apache-2.0
import json
from datetime import UTC, datetime

from auditor.calls import Call, Content, DataCount, Message, Outcome, Text, ToolDefinition
from auditor.exports.call_json import call_json

CALL = Call(
    id="c1",
    seq=3,
    time=datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC),
    provider="openai",
    request_model="gpt-4o",
    input_tokens=12,
    data=(DataCount(type="EMAIL", direction="sent", count=2),),
    outcome=Outcome.COMPLETE,
)

CONTRACT = {
    "id", "seq", "time", "duration_ms", "ttft_ms", "gen_ai.provider.name", "gen_ai.operation.name",
    "gen_ai.request.model", "gen_ai.response.model", "gen_ai.response.id", "gen_ai.response.finish_reasons",
    "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.reasoning.output_tokens", "tool_calls",
    "server.address", "url.path", "http.request.method", "http.response.status_code", "stream", "actor", "credential",
    "user_agent.original", "client", "request_bytes", "response_bytes", "cost_usd", "data", "labels", "outcome",
}  # fmt: skip


def test_every_field_of_the_contract_is_there_and_absent_ones_are_null() -> None:
    told = json.loads(call_json(CALL))
    assert told.keys() >= CONTRACT
    assert told["time"] == "2026-11-23T12:00:00.123456Z"
    assert told["gen_ai.request.model"] == "gpt-4o"
    assert told["data"] == [{"type": "EMAIL", "direction": "sent", "count": 2}]
    assert told["outcome"] == "complete"
    assert told["gen_ai.response.model"] is None
    assert "input_messages" not in told


def test_content_stands_beside_the_facts() -> None:
    content = Content(
        system_instructions=(Text(content="Be brief."),),
        input_messages=(Message(role="user", parts=(Text(content="Hi, “Zoë”"),)),),
        output_messages=(Message(role="assistant", parts=(Text(content="Hello"),), finish_reason="stop"),),
        tool_definitions=(ToolDefinition(name="get_weather"),),
    )
    told = json.loads(call_json(CALL, content))
    assert told.items() >= json.loads(call_json(CALL)).items()
    assert told["system_instructions"] == [{"type": "text", "content": "Be brief."}]
    assert told["input_messages"] == [{"role": "user", "parts": [{"type": "text", "content": "Hi, “Zoë”"}]}]
    assert told["output_messages"][0]["finish_reason"] == "stop"
    assert told["tool_definitions"] == [{"name": "get_weather"}]


def test_empty_content_is_said() -> None:
    assert json.loads(call_json(CALL, Content()))["input_messages"] == []
