# SPDX-License-Identifier: Apache-2.0
"""Nova Sonic: what both sides said in a session of speech, from events in the order the guide gives them."""

import base64
import json
from typing import Any

from auditor.calls import Blob, Message, Outcome, Text, ToolCall, ToolResponse
from tests.auditor.dialects.exchanges import aws_chunks, aws_message, exchange, read

URL = "https://bedrock-runtime.eu-central-1.amazonaws.com/model/amazon.nova-2-sonic-v1%3A0/invoke-with-bidirectional-stream"
AWS = {"content-type": "application/vnd.amazon.eventstream"}


def content(name: str, role: str, kind: str, *pieces: str, **start: Any) -> list[dict[str, Any]]:
    """A content that was sent: its start, its pieces, its end."""
    head = {"promptName": "p", "contentName": name, "role": role, **start}
    return [
        {"contentStart": head},
        *({kind: {"promptName": "p", "contentName": name, "content": piece}} for piece in pieces),
        {"contentEnd": {"promptName": "p", "contentName": name}},
    ]


def said(name: str, role: str, stage: str, *pieces: str) -> list[dict[str, Any]]:
    """A text that was received."""
    return [
        {
            "contentStart": {
                "contentId": name,
                "role": role,
                "additionalModelFields": f'{{"generationStage":"{stage}"}}',
            }
        },
        *({"textOutput": {"contentId": name, "role": role, "content": piece}} for piece in pieces),
        {"contentEnd": {"contentId": name, "stopReason": "END_TURN"}},
    ]


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def signed(stream: bytes) -> bytes:
    """One signed message as a client sends it: the message itself is the payload."""
    return aws_message({"date": "now"}, stream)


TOOL = {"toolSpec": {"name": "tide", "description": "Tides", "inputSchema": {"json": "{}"}}}
SENT = [
    {"sessionStart": {"inferenceConfiguration": {"maxTokens": 9}}},
    {"promptStart": {"promptName": "p", "toolConfiguration": {"tools": [TOOL]}}},
    *content("c1", "SYSTEM", "textInput", "Be ", "brief."),
    *content("c2", "USER", "textInput", "Hello"),
    *content("c3", "USER", "audioInput", encoded(b"ab"), encoded(b"cd")),
    *content(
        "c4", "TOOL", "toolResult", '{"height": 3}', toolResultInputConfiguration={"toolUseId": "t1", "type": "TEXT"}
    ),
    {"sessionEnd": {}},
]
RECEIVED = [
    {"completionStart": {"sessionId": "s", "promptName": "p", "completionId": "k1"}},
    *said("r1", "USER", "FINAL", "How high is the tide?"),
    {"contentStart": {"contentId": "r2", "role": "TOOL", "type": "TOOL"}},
    {"toolUse": {"contentId": "r2", "toolName": "tide", "toolUseId": "t1", "content": '{"at": "Husum"}'}},
    *said("r3", "ASSISTANT", "SPECULATIVE", "Three metres, and rising."),
    {"contentStart": {"contentId": "r4", "role": "ASSISTANT", "type": "AUDIO"}},
    {"audioOutput": {"contentId": "r4", "content": encoded(b"efg")}},
    *said("r5", "ASSISTANT", "FINAL", "Three metres."),
    *said("r6", "ASSISTANT", "FINAL", '{ "interrupted" : true }'),
    {"usageEvent": {"totalInputTokens": 40, "totalOutputTokens": 12, "totalTokens": 52}},
    {"usageEvent": {"totalInputTokens": 43, "totalOutputTokens": 20, "totalTokens": 63}},
]
END = {"completionEnd": {"completionId": "k1", "stopReason": "END_TURN"}}


def session(*received: Any) -> Any:
    sent = b"".join(signed(aws_chunks({"event": one})) for one in SENT)
    answered = aws_chunks(*({"event": one} for one in received))
    return read(exchange(URL, sent, answered, sends=AWS, returns=AWS))


def test_a_session_is_one_call() -> None:
    reading = session(*RECEIVED, END)
    call = reading.call
    assert (call.provider, call.operation, call.outcome) == ("aws.bedrock", "realtime", Outcome.COMPLETE)
    assert (call.request_model, call.response_id, call.stream) == ("amazon.nova-2-sonic-v1:0", "k1", True)
    assert (call.input_tokens, call.output_tokens, call.finish_reasons) == (43, 20, ("END_TURN",))
    assert call.tool_calls == ("tide",)


def test_what_was_said_is_kept_apart_by_who_said_it() -> None:
    read_of = session(*RECEIVED, END).content
    assert read_of.system_instructions == (Text(content="Be brief."),)
    assert [one.name for one in read_of.tool_definitions] == ["tide"]
    hello, spoken, returned, written = read_of.input_messages
    assert hello == Message(role="user", parts=(Text(content="Hello"),))
    assert isinstance(spoken.parts[0], Blob)
    assert (spoken.role, spoken.parts[0].size, spoken.parts[0].modality) == ("user", 4, "audio")
    assert returned == Message(role="tool", parts=(ToolResponse(response={"height": 3}, id="t1"),))
    assert written == Message(role="user", parts=(Text(content="How high is the tide?"),))
    (answered,) = read_of.output_messages
    called, audio, text = answered.parts
    assert called == ToolCall(name="tide", id="t1", arguments={"at": "Husum"})
    assert isinstance(audio, Blob)
    assert (audio.size, text) == (3, Text(content="Three metres."))


def test_what_was_planned_counts_where_nothing_was_spoken() -> None:
    reading = session(*said("r3", "ASSISTANT", "SPECULATIVE", "Three metres."))
    assert reading.call.outcome is Outcome.INTERRUPTED
    assert reading.content.output_messages[0].parts == (Text(content="Three metres."),)


def test_broken_events_are_no_exception() -> None:
    odd = [
        {"contentStart": 1},
        {"textOutput": []},
        {"audioOutput": {"content": "?"}},
        json.loads('{"usageEvent": null}'),
    ]
    assert session(*odd).call.outcome is Outcome.INTERRUPTED
    assert read(exchange(URL, b"\x00", b"\x00", sends=AWS, returns=AWS)).call.operation == "realtime"
