# SPDX-License-Identifier: Apache-2.0
"""Writer beside its chat: applications, questions, translation and vision."""

from typing import Any

import pytest

from tests.auditor.dialects.exchanges import exchange, read, sse, texts

HOST = "https://api.writer.com/v1"
INPUTS = {"inputs": [{"id": "Topic", "value": ["Ebb?"]}, {"id": "Tone", "value": ["calm", "brief"]}]}


@pytest.mark.parametrize(
    ("path", "asked", "body", "operation", "sent", "said"),
    [
        (
            "applications/a",
            INPUTS,
            {"title": "Tides", "suggestion": "Low."},
            "text_completion",
            ["Ebb?", "calm", "brief"],
            ["Tides", "Low."],
        ),
        (
            "applications/jobs/j",
            {},
            {"id": "j", "status": "completed", "data": {"suggestion": "Low."}},
            "text_completion",
            [],
            ["Low."],
        ),
        (
            "graphs/question",
            {"graph_ids": ["g"], "question": "Ebb?"},
            {"question": "Ebb?", "answer": "Low.", "sources": []},
            "retrieval",
            ["Ebb?"],
            ["Low."],
        ),
        (
            "translation",
            {"model": "palmyra-translate", "text": "Ebb?"},
            {"data": "Ebbe?"},
            "translation",
            ["Ebb?"],
            ["Ebbe?"],
        ),
        ("vision", {"model": "palmyra-vision", "prompt": "Ebb?"}, {"data": "Low."}, "chat", ["Ebb?"], ["Low."]),
    ],
    ids=["application", "job", "question", "translation", "vision"],
)
def test_answers(path: str, asked: Any, body: Any, operation: str, sent: list[str], said: list[str]) -> None:
    reading = read(exchange(f"{HOST}/{path}", asked, body))
    assert (reading.call.provider, reading.call.operation) == ("writer", operation)
    assert [one for _, parts in texts(reading.content, "input") for one in parts] == sent
    assert [one for _, parts in texts(reading.content) for one in parts] == said
    assert reading.call.request_model == asked.get("model")


@pytest.mark.parametrize(
    "stream",
    [
        sse({"delta": {"content": "Lo"}}, {"delta": {"content": "w.", "stages": [{"id": "s", "content": "x"}]}}),
        sse({"data": {"question": "Ebb?", "answer": "Lo"}}, {"data": {"answer": "w."}}),
    ],
    ids=["application", "question"],
)
def test_streams(stream: bytes) -> None:
    reading = read(exchange(f"{HOST}/applications/a", {**INPUTS, "stream": True}, stream))
    assert texts(reading.content) == [("assistant", ["Low."])]
