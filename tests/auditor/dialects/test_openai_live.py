# SPDX-License-Identifier: Apache-2.0
"""OpenAI live sessions: as they begin, and what is said on their sockets."""

import base64

from auditor.calls import Text
from tests.auditor.dialects.exchanges import OPENAI, exchange, read, socket, texts

SOUND = base64.b64encode(b"sound").decode()
SESSION = {
    "model": "gpt-live-1",
    "instructions": "Be a pilot.",
    "delegation": {"type": "responses", "responses": {"instructions": "Look at the gauge."}},
    "input": [{"role": "user", "content": [{"type": "input_text", "text": "I am at sea."}]}],
}
TOLD = (Text(content="Be a pilot."), Text(content="Look at the gauge."))


def test_a_session_that_begins_over_webrtc() -> None:
    request = {"session": SESSION, "transport": {"type": "webrtc", "sdp": "v=0"}}
    body = {"session": {"id": "live_1", "model": "gpt-live-1"}, "transport": {"type": "webrtc", "sdp": "v=0"}}
    reading = read(exchange(f"{OPENAI}/live/sessions", request, body))
    assert (reading.call.operation, reading.call.request_model) == ("realtime", "gpt-live-1")
    assert reading.call.response_id == "live_1"
    assert reading.content.system_instructions == TOLD
    assert texts(reading.content, "input") == [("user", ["I am at sea."])]


def test_a_socket() -> None:
    output = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Three metres."}]}
    returned = {"type": "function_call_output", "call_id": "c", "output": "gauge 12"}
    done = {"type": "response.completed", "response": {"id": "r", "status": "completed", "output": [output]}}
    messages = [
        (">", {"type": "session.start", "session": SESSION}),
        (">", {"type": "session.input_audio.append", "audio": SOUND}),
        ("<", {"type": "session.input_transcript.delta", "delta": "Is it "}),
        ("<", {"type": "session.input_transcript.delta", "delta": "ebb?"}),
        (">", {"type": "session.instructions.append", "content": "Whisper."}),
        (">", {"type": "session.thinking.append", "content": "The moon is full."}),
        (">", {"type": "response.item.create", "item": returned}),
        ("<", {"type": "response.event", "event": done}),
        ("<", {"type": "session.output_audio.delta", "delta": SOUND}),
        ("<", {"type": "session.output_transcript.delta", "delta": "It is."}),
        ("<", {"type": "session.closed", "reason": "close_requested"}),
    ]
    reading = read(socket("wss://api.openai.com/v1/live/sessions", messages))
    assert (reading.call.operation, reading.call.request_model) == ("realtime", "gpt-live-1")
    assert reading.content.system_instructions == (*TOLD, Text(content="Whisper."))
    ((_, sent),) = texts(reading.content, "input")
    assert sent == ["audio None 5", "I am at sea.\nIs it ebb?\nThe moon is full.\ngauge 12"]
    assert texts(reading.content) == [("assistant", ["audio None 5", "Three metres.\nIt is."])]
