# SPDX-License-Identifier: Apache-2.0
"""OpenAI's hosted agents and its decisions: what is sent in, and what comes out as a list or a stream."""

from typing import Any

import pytest

from auditor.calls import Outcome, Text
from tests.auditor.dialects.exchanges import OPENAI, exchange, read, sse, texts

SESSIONS = f"{OPENAI}/agents/sessions"
AGENT = {"model": "m", "instructions": "Mind the tide.", "tools": [{"type": "function", "name": "tide"}]}
ASKED = [{"role": "user", "content": [{"type": "input_text", "text": "Ebb?"}]}]
SAID = {"id": "i", "type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Low."}]}
USAGE = {"input_tokens": 5, "output_tokens": 3}
TURN = {"id": "t", "status": "completed", "usage": USAGE}


def turn(kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": f"agent.session.turn.{kind}", "session_id": "s", **fields}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("sessions", {"agent": AGENT, "input": "Ebb?"}),
        ("sessions", {"agent": AGENT, "input": ASKED}),
        ("automations", {"type": "once", "target": {"type": "new_session", "agent": AGENT, "input": ASKED}}),
    ],
    ids=["text", "messages", "automation"],
)
def test_what_a_session_begins_with(path: str, body: Any) -> None:
    reading = read(exchange(f"{OPENAI}/agents/{path}", body, {"id": "s", "agent": {"model": "m-1"}, "status": "idle"}))
    assert texts(reading.content, "input") == [("user", ["Ebb?"])]
    assert reading.content.system_instructions == (Text(content="Mind the tide."),)
    assert [one.name for one in reading.content.tool_definitions] == ["tide"]
    call = reading.call
    assert (call.operation, call.request_model, call.response_model, call.response_id) == (
        "invoke_agent",
        "m",
        "m-1",
        "s",
    )


def test_events_sent_into_a_session() -> None:
    events = [
        {"type": "agent.session.input.message", "input": ASKED},
        {"type": "agent.session.input.tool_result", "call_id": "c", "success": True, "output": "Low"},
        {"type": "agent.session.input.tool_result", "call_id": "d", "success": False, "error": "no gauge"},
        {"type": "agent.session.input.cancel"},
    ]
    reading = read(exchange(f"{SESSIONS}/s/events", {"events": events}, {}))
    sent = texts(reading.content, "input")
    assert sent == [("user", ["Ebb?"]), ("tool", ["result Low #c"]), ("tool", ["result no gauge #d"])]


def test_items_as_a_list_and_as_a_stream() -> None:
    items = [
        {"id": "k", "type": "command_execution", "command": "tide", "cwd": "/sea", "output": "3 m"},
        {"id": "a", "type": "agent_message", "content": [{"type": "output_text", "text": "Look at the gauge."}]},
        {"id": "f", "type": "function_call", "call_id": "c", "name": "tide", "arguments": {"a": 1}},
        {"id": "o", "type": "function_call_output", "call_id": "c", "output": None, "error": "no gauge"},
        SAID,
    ]
    listed = read(exchange(f"{SESSIONS}/s/items", b"", {"object": "list", "data": items}, method="GET"))
    done = [turn("item.done", item=one) for one in items]
    body = sse(
        {"type": "agent.session.created", "session": {"id": "s", "agent": {"model": "m-1"}}},
        turn("item.added", item={**SAID, "content": []}),
        turn("output_text.delta", item_id="i", delta="Lo"),
        *done,
        turn("completed", turn=TURN, usage=USAGE),
    )
    streamed = read(exchange(SESSIONS, {"agent": AGENT, "input": "Ebb?", "stream": True}, body))
    found = [one for _, parts in texts(listed.content) for one in parts]
    assert found == [
        "ran command_execution({'command': 'tide', 'cwd': '/sea'}) #k".replace("'", '"'),
        "result 3 m #k",
        "Look at the gauge.",
        'call tide({"a": 1}) #c',
        "result no gauge #c",
        "Low.",
    ]
    assert sorted(one for _, parts in texts(streamed.content) for one in parts) == sorted(found)
    call = streamed.call
    assert (call.outcome, call.response_id, call.response_model) == (Outcome.COMPLETE, "s", "m-1")
    assert (call.input_tokens, call.output_tokens, call.finish_reasons) == (5, 3, ("completed",))


def test_a_cut_stream_keeps_what_came() -> None:
    body = sse(turn("output_text.delta", item_id="i", delta="Lo"), turn("output_text.delta", item_id="i", delta="w."))
    reading = read(exchange(SESSIONS, {"agent": AGENT, "input": "Ebb?", "stream": True}, body))
    assert texts(reading.content) == [("assistant", ["Low."])]
    assert reading.call.outcome == Outcome.INTERRUPTED


def test_a_session_that_waits_for_a_tool() -> None:
    wanted = {"type": "function_call", "call_id": "c", "name": "tide", "arguments": "{}", "turn_id": "t"}
    body = {"id": "s", "agent": {"model": "m"}, "status": "requires_action", "required_actions": [wanted]}
    assert read(exchange(f"{SESSIONS}/s", b"", body, method="GET")).call.tool_calls == ("tide",)


def test_decisions() -> None:
    piers = [{"value": "north", "description": "the old one"}]
    questions = [
        {"type": "predicate", "instructions": "Is it ebb?"},
        {"type": "choice", "instructions": "Which pier?", "choices": piers},
        {"type": "score", "instructions": "How foggy?", "levels": [{"label": "thick"}]},
    ]
    answers = [
        {"type": "predicate", "probability": 0.9},
        {"type": "choice", "choice": "north", "confidence": 0.8},
        {"type": "score", "score": 2.5},
    ]
    body = {"model": "m-1", "answers": answers, "usage": USAGE}
    reading = read(exchange(f"{OPENAI}/decisions", {"model": "m", "input": "Log", "questions": questions}, body))
    asked = ["Is it ebb?", "Which pier?", "north", "the old one", "How foggy?", "thick"]
    assert texts(reading.content, "input") == [("user", ["Log"]), ("user", asked)]
    assert texts(reading.content) == [("assistant", ["0.9", "north", "2.5"])]
    assert (reading.call.response_model, reading.call.input_tokens) == ("m-1", 5)
