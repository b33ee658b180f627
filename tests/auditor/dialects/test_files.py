# SPDX-License-Identifier: Apache-2.0
"""Files uploaded and downloaded, row by row."""

from auditor.calls import Outcome
from tests.auditor.dialects.exchanges import ASK, OPENAI, exchange, form, ndjson, read, texts

ROWS = [
    {"messages": [ASK, {"role": "assistant", "content": "Low."}]},
    {"prompt": "Ebb?", "completion": "Low."},
    {"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "m", "messages": [ASK]}},
    {"custom_id": "2", "body": {"model": "m", "input": "Ebb?"}},
    {"input": {"messages": [ASK]}, "preferred_output": [{"role": "assistant", "content": "Low."}]},
    {"contents": [{"role": "user", "parts": [{"text": "Ebb?"}]}]},
]


SAYS = [["user", "assistant"], ["user", "assistant"], ["user"], ["user"], ["user", "assistant"], ["user"]]


def test_an_uploaded_jsonl_is_read_row_by_row() -> None:
    data = ndjson(*ROWS) + b"broken\n"
    body, headers = form(
        [
            ({"Content-Disposition": 'form-data; name="purpose"'}, b"fine-tune"),
            (
                {
                    "Content-Disposition": 'form-data; name="file"; filename="t.jsonl"',
                    "Content-Type": "application/jsonl",
                },
                data,
            ),
        ]
    )
    reading = read(exchange(f"{OPENAI}/files", body, {"id": "file-1", "object": "file"}, sends=headers))
    described, *rows = texts(reading.content, "input")
    assert described == ("user", [f"document application/jsonl {len(data)}"])
    assert [role for role, _ in rows] == [role for roles in SAYS for role in roles]
    assert {text for role, (text,) in rows if role == "user"} == {"Ebb?"}
    assert (reading.call.operation, reading.call.response_id) == ("files", "file-1")


RESULTS = [
    {
        "custom_id": "1",
        "response": {"status_code": 200, "body": {"choices": [{"message": {"role": "assistant", "content": "Low."}}]}},
    },
    {
        "custom_id": "2",
        "response": {
            "body": {
                "output": [
                    {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Low."}]}
                ]
            }
        },
    },
    {
        "custom_id": "3",
        "result": {
            "type": "succeeded",
            "message": {"role": "assistant", "content": [{"type": "text", "text": "Low."}]},
        },
    },
    {"key": "4", "response": {"candidates": [{"content": {"role": "model", "parts": [{"text": "Low."}]}}]}},
]


def test_downloaded_results_are_read_row_by_row() -> None:
    reading = read(exchange(f"{OPENAI}/files/file-2/content", b"", ndjson(*RESULTS), method="GET"))
    assert texts(reading.content) == [("assistant", ["Low."])] * 4
    assert (reading.call.operation, reading.call.outcome) == ("files", Outcome.COMPLETE)


def test_a_text_file_is_read() -> None:
    body, headers = form([({"Content-Disposition": 'form-data; name="file"; filename="notes.md"'}, b"Low at two.")])
    reading = read(exchange("https://api.anthropic.com/v1/files", body, {"id": "file_1"}, sends=headers))
    assert texts(reading.content, "input") == [("user", ["document None 11", "Low at two."])]
