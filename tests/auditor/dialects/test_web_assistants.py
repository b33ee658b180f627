# SPDX-License-Identifier: Apache-2.0
"""Web assistants: what was asked and what was answered, from streams written in the forms their clients read."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from auditor.calls import Message, Outcome, Reading, Reasoning, Text
from auditor.dialects import parse
from tests.auditor.dialects.exchanges import PROVIDERS, exchange, ndjson, read, socket, sse

GROK = "https://grok.com/rest/app-chat/conversations"
DEEPSEEK = "https://chat.deepseek.com/api/v0/chat/completion"
PERPLEXITY = "https://www.perplexity.ai/rest/sse/perplexity_ask"
GEMINI = (
    "https://gemini.google.com/_/BardChatUi/data/assistant.lamda.BardFrontendService/StreamGenerate?bl=boq&_reqid=1"
)
COPILOT = "wss://copilot.microsoft.com/c/api/chat?api-version=2"
M365 = "wss://substrate.office.com/m365Copilot/Chathub/u@t?chatsessionid=1"


def outcome(reading: Reading) -> tuple[str | None, str | None, Outcome]:
    return reading.call.provider, reading.call.operation, reading.call.outcome


def said(text: str, *before: Reasoning) -> tuple[Message, ...]:
    return (Message(role="assistant", parts=(*before, Text(content=text))),)


def grok(**fields: Any) -> dict[str, Any]:
    return {"result": {"response": {"responseId": "r1", **fields}}}


def test_grok_says_its_answer_whole_at_the_end() -> None:
    body = ndjson(
        {"result": {"conversation": {"conversationId": "c1"}}},
        grok(token="Moon.", isThinking=True),
        grok(token="Eb", isThinking=False),
        grok(token="b", isThinking=False),
        grok(modelResponse={"responseId": "r1", "message": "Ebb.", "metadata": {"request_metadata": {"model": "g-4"}}}),
    )
    asked = {"modelName": "grok-4", "message": "Ebb or flood?", "fileAttachments": ["f1"]}
    reading = read(exchange(f"{GROK}/new", asked, body))
    assert outcome(reading) == ("x_ai", "chat", Outcome.COMPLETE)
    assert (reading.call.request_model, reading.call.response_model, reading.call.response_id) == (
        "grok-4",
        "g-4",
        "r1",
    )
    assert reading.content.output_messages == said("Ebb.", Reasoning(content="Moon."))
    assert Text(content="Ebb or flood?") in reading.content.input_messages[0].parts


def test_grok_cut_off_keeps_its_tokens() -> None:
    body = ndjson({"result": {"token": "Eb", "responseId": "r2"}}, {"result": {"token": "b", "responseId": "r2"}})
    reading = read(exchange(f"{GROK}/c1/responses", {"message": "And now?"}, body))
    assert outcome(reading) == ("x_ai", "chat", Outcome.INTERRUPTED)
    assert reading.content.output_messages == said("Ebb")


@pytest.mark.parametrize(
    "events",
    [
        (
            {"v": {"response": {"message_id": 2, "status": "WIP", "fragments": []}}},
            {
                "p": "response",
                "o": "BATCH",
                "v": [
                    {"p": "fragments", "o": "APPEND", "v": [{"type": "THINK", "content": "Mo"}]},
                    {"p": "has_pending_fragment", "v": False},
                ],
            },
            {"p": "response/fragments/-1/content", "o": "APPEND", "v": "on."},
            {"p": "response/fragments", "o": "APPEND", "v": [{"type": "RESPONSE", "content": "Eb"}]},
            {"p": "response/fragments/1/content", "o": "APPEND", "v": "b"},
            {"v": "."},
            {"p": "response/status", "o": "SET", "v": "FINISHED"},
        ),
        (
            {"v": {"response": {"status": "WIP", "content": "", "thinking_content": ""}}},
            {"p": "response/thinking_content", "o": "APPEND", "v": "Moon."},
            {"p": "response/content", "o": "APPEND", "v": "Eb"},
            {"v": "b."},
            {"p": "response/status", "v": "FINISHED"},
        ),
    ],
)
def test_deepseek_patches_its_answer(events: tuple[Any, ...]) -> None:
    reading = read(exchange(DEEPSEEK, {"prompt": "Ebb?", "chat_session_id": "s"}, sse(*events)))
    assert outcome(reading) == ("deepseek", "chat", Outcome.COMPLETE)
    (message,) = reading.content.output_messages
    assert message.parts == (Reasoning(content="Moon."), Text(content="Ebb."))
    assert reading.content.input_messages[0].parts == (Text(content="Ebb?"),)


@pytest.mark.parametrize(
    "blocks",
    [
        (
            {"intended_usage": "ask_text", "markdown_block": {"chunks": ["Eb"], "chunk_starting_offset": 0}},
            {"intended_usage": "ask_text", "markdown_block": {"chunks": ["b."], "chunk_starting_offset": 1}},
        ),
        (
            {"intended_usage": "ask_text", "markdown_block": {"chunks": ["Eb"]}},
            {"intended_usage": "ask_text", "markdown_block": {"chunks": ["Eb", "b."], "answer": "Ebb."}},
        ),
        (
            {
                "intended_usage": "t",
                "diff_block": {
                    "field": "markdown_block",
                    "patches": [{"op": "replace", "path": "", "value": {"chunks": ["Eb"]}}],
                },
            },
            {
                "intended_usage": "t",
                "diff_block": {
                    "field": "markdown_block",
                    "patches": [{"op": "add", "path": "/chunks/1", "value": "b."}],
                },
            },
        ),
    ],
)
def test_perplexity_grows_its_blocks(blocks: tuple[Any, ...]) -> None:
    events = [{"backend_uuid": "b1", "status": "PENDING", "blocks": [one]} for one in blocks]
    events[-1] |= {"status": "COMPLETED", "final_sse_message": True}
    asked = {"query_str": "Ebb?", "params": {"model_preference": "turbo", "attachments": ["https://files.example/a"]}}
    reading = read(exchange(PERPLEXITY, asked, sse(*events)))
    assert outcome(reading) == ("perplexity", "chat", Outcome.COMPLETE)
    assert (reading.call.request_model, reading.call.response_id) == ("turbo", "b1")
    assert reading.content.output_messages == said("Ebb.")
    assert reading.content.input_messages[0].parts[0] == Text(content="Ebb?")


def framed(*payloads: Any) -> bytes:
    lines = [")]}'", ""]
    for payload in payloads:
        line = json.dumps([["wrb.fr", None, json.dumps(payload)]])
        lines += [str(len(line) + 2), line]
    return "\n".join([*lines, "25", '[["e",4,null,null,131]]', ""]).encode()


def candidate(text: str, thought: str | None = None) -> list[Any]:
    return ["rc_1", [text], *[None] * 35, [[thought]] if thought else None]


def test_gemini_repeats_its_candidate_as_it_grows() -> None:
    inner = [["Ebb?", 0, None, [[["/u/f", 1], "tides.pdf"]]], ["en"], ["", "", ""]]
    form = urlencode({"f.req": json.dumps([None, json.dumps(inner)]), "at": "token"}).encode()
    turn = ["c_1", "r_1"]
    body = framed(
        [None, turn, None, None, [candidate("Eb", "Moon.")]], [None, turn, None, None, [candidate("Ebb.", "Moon.")]]
    )
    kind = {"content-type": "application/x-www-form-urlencoded"}
    reading = read(exchange(GEMINI, form, body, sends=kind, returns={"content-type": "application/json"}))
    assert outcome(reading) == ("google.gemini_app", "chat", Outcome.COMPLETE)
    assert reading.call.response_id == "r_1"
    assert reading.content.input_messages[0].parts == (Text(content="Ebb?"), Text(content="tides.pdf"))
    assert reading.content.output_messages == said("Ebb.", Reasoning(content="Moon."))


def test_gemini_refuses() -> None:
    refusal = json.dumps([["wrb.fr", None, None, None, None, [3, None, [["type.example/ErrorInfo", [1003]]]]]])
    reading = read(exchange(GEMINI, b"f.req=%5B%5D", f")]}}'\n\n{len(refusal)}\n{refusal}\n".encode()))
    assert outcome(reading) == ("google.gemini_app", "chat", Outcome.ERROR)
    assert read(exchange(GEMINI, b"f.req=%5B%5D", b")]}'\n\n")).call.outcome is Outcome.INTERRUPTED


def test_copilot_gives_a_call_a_message() -> None:
    def sends(text: str) -> tuple[str, Any]:
        return ">", {"event": "send", "mode": "smart", "content": [{"type": "text", "text": text}]}

    conversation = [
        ("<", {"event": "connected"}),
        sends("Ebb?"),
        ("<", {"event": "startMessage", "messageId": "m1"}),
        ("<", '{"event":"appendText","messageId":"m1","text":"Eb"}{"event":"appendText","messageId":"m1","text":"b."}'),
        ("<", {"event": "done", "messageId": "m1"}),
        sends("And now?"),
        ("<", {"event": "appendText", "messageId": "m2", "text": "Fl"}),
    ]
    first, second = parse(socket(COPILOT, conversation), PROVIDERS)
    assert outcome(first) == ("microsoft.copilot", "chat", Outcome.COMPLETE)
    assert (first.call.request_model, first.call.response_id) == ("smart", "m1")
    assert first.content.output_messages == said("Ebb.")
    assert outcome(second)[2] is Outcome.INTERRUPTED
    assert second.content.input_messages[0].parts == (Text(content="And now?"),)
    assert second.content.output_messages == said("Fl")


def test_copilot_of_microsoft_365_repeats_its_answer_as_it_grows() -> None:
    def frame(*records: Any) -> str:
        return "".join(f"{json.dumps(one)}\x1e" for one in records)

    def update(text: str, **more: Any) -> dict[str, Any]:
        message = {"author": "bot", "messageId": "m1", "text": text, **more}
        return {"type": 1, "target": "update", "arguments": [{"messages": [message]}]}

    asked = {"type": 4, "target": "chat", "arguments": [{"message": {"author": "user", "text": "Ebb?"}}]}
    conversation = [
        (">", frame({"protocol": "json", "version": 1})),
        (">", frame({"type": 6}, asked)),
        ("<", frame(update("searching", messageType="Progress"), update("Eb"))),
        ("<", frame(update("Ebb."))),
        ("<", frame({"type": 2, "item": {"messages": [{"author": "user", "text": "Ebb?"}]}}, {"type": 3})),
    ]
    (reading,) = parse(socket(M365, conversation), PROVIDERS)
    assert outcome(reading) == ("microsoft.copilot", "chat", Outcome.COMPLETE)
    assert reading.call.response_id == "m1"
    assert reading.content.input_messages[0].parts == (Text(content="Ebb?"),)
    assert reading.content.output_messages == said("Ebb.")


@pytest.mark.parametrize(
    "url", [f"{GROK}/new", DEEPSEEK, PERPLEXITY, GEMINI, "https://chatgpt.com/backend-api/conversation"]
)
def test_a_format_that_changed_is_searched_as_text(url: str) -> None:
    reading = read(exchange(url, {"turn": {"words": "Ebb at noon?"}}, b"?"))
    assert reading.content.input_messages[0].parts == (Text(content="Ebb at noon?"),)
    conversation = [(">", {"event": "say", "words": "Ebb at noon?"}), ("<", {"event": "appendText", "text": "Low."})]
    assert read(socket(COPILOT, conversation)).content.input_messages[0].parts == (Text(content="say\nEbb at noon?"),)


def test_what_else_an_assistant_does_is_told_by_its_path() -> None:
    reading = read(exchange("https://grok.com/rest/app-chat/upload-file", {"fileName": "a", "content": "Ebb"}, {}))
    assert (reading.call.operation, reading.call.path) == ("other", "/rest/app-chat/upload-file")
