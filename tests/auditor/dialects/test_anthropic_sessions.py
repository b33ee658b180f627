# SPDX-License-Identifier: Apache-2.0
"""Sessions of managed agents: what is sent into them, and what comes out as a list or a stream."""

from auditor.calls import Text
from tests.auditor.dialects.exchanges import exchange, read, sse, texts

SESSION = "https://api.anthropic.com/v1/sessions/sesn_1"
SAID = {"type": "user.message", "content": [{"type": "text", "text": "Ebb?"}]}
HAPPENED = [
    SAID,
    {"type": "agent.thinking"},
    {"type": "agent.custom_tool_use", "id": "t", "name": "tide", "input": {"a": 1}},
    {"type": "user.custom_tool_result", "custom_tool_use_id": "t", "content": [{"type": "text", "text": "Low"}]},
    {"type": "agent.message", "content": [{"type": "text", "text": "Low."}]},
    {"type": "session.status_idle"},
]
READ = [
    ("user", ["Ebb?"]),
    ("assistant", ['call tide({"a": 1}) #t']),
    ("tool", ["result [{'type': 'text', 'text': 'Low'}] #t"]),
    ("assistant", ["Low."]),
]


def test_events_that_are_sent() -> None:
    reading = read(exchange(f"{SESSION}/events", {"events": [SAID]}, {"data": []}))
    assert texts(reading.content, "input") == [("user", ["Ebb?"])]
    assert reading.call.operation == "invoke_agent"


def test_events_as_a_list_and_as_a_stream() -> None:
    listed = read(exchange(f"{SESSION}/events", b"", {"data": HAPPENED}, method="GET"))
    streamed = read(exchange(f"{SESSION}/events/stream", b"", sse(*HAPPENED, named=True), method="GET"))
    assert texts(streamed.content) == texts(listed.content)
    assert [role for role, _ in texts(listed.content)] == [role for role, _ in READ]
    assert listed.call.tool_calls == ("tide",)


def test_a_session_names_its_model_and_usage() -> None:
    body = {"id": "sesn_1", "agent": {"model": {"id": "claude"}}, "usage": {"input_tokens": 5, "output_tokens": 2}}
    call = read(exchange("https://api.anthropic.com/v1/sessions", {"agent": "a"}, body)).call
    assert (call.response_id, call.response_model, call.input_tokens, call.output_tokens) == ("sesn_1", "claude", 5, 2)


def test_what_agents_deployments_and_dreams_are_told() -> None:
    host = "https://api.anthropic.com/v1"
    told = {"model": "claude", "system": "Mind the tide.", "tools": [{"type": "custom", "name": "tide"}]}
    made = read(exchange(f"{host}/agents", {**told, "description": "A pilot"}, {"id": "agent_1", "model": "claude"}))
    assert (made.call.operation, made.call.request_model) == ("create_agent", "claude")
    assert [part.content for part in made.content.system_instructions if isinstance(part, Text)] == ["Mind the tide."]
    assert [one.name for one in made.content.tool_definitions] == ["tide"]
    outcome = {"type": "user.define_outcome", "description": "A table", "rubric": {"type": "text", "content": "Twelve"}}
    context = {"type": "system.message", "content": [{"type": "text", "text": "It is night."}]}
    planned = read(
        exchange(f"{host}/deployments", {"agent": "agent_1", "initial_events": [SAID, outcome, context]}, {})
    )
    sent = texts(planned.content, "input")
    assert sent == [("user", ["Ebb?"]), ("user", ["A table", "Twelve"]), ("system", ["It is night."])]
    dreamt = read(exchange(f"{host}/dreams", {"model": {"id": "claude"}, "instructions": "Keep the gauges."}, {}))
    assert dreamt.call.request_model == "claude"
    assert dreamt.content.system_instructions == (Text(content="Keep the gauges."),)


def test_memories_are_texts_written_and_read() -> None:
    store = "https://api.anthropic.com/v1/memory_stores/memstore_1"
    memory = {"id": "mem_1", "type": "memory", "path": "/pier.md", "content": "The pier is closed."}
    written = read(exchange(f"{store}/memories", {"path": "/pier.md", "content": "The pier is closed."}, memory))
    assert texts(written.content, "input") == [("user", ["The pier is closed."])]
    got = read(exchange(f"{store}/memories/mem_1", b"", memory, method="GET"))
    assert (got.call.operation, got.call.response_id) == ("other", "mem_1")
    assert texts(got.content) == [("assistant", ["The pier is closed."])]
