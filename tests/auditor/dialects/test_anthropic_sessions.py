# SPDX-License-Identifier: Apache-2.0
"""Sessions of managed agents: what is sent into them, and what comes out as a list or a stream."""

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
