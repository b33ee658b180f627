# SPDX-License-Identifier: Apache-2.0
"""What we read equals what the objects of the official Google SDK hold, streaming and not."""

from typing import Any

import httpx
import pytest
from google import genai
from google.genai import types

from auditor.calls import Reading, Text, ToolCall
from tests.auditor.dialects.exchanges import sse
from tests.auditor.dialects.sdk import EVENT_STREAM, Canned

ANSWER = {
    "candidates": [
        {
            "content": {
                "role": "model",
                "parts": [
                    {"text": "Think of the moon.", "thought": True},
                    {"text": "Spring tide on Friday."},
                    {"functionCall": {"name": "moon", "args": {"day": 5}}},
                ],
            },
            "finishReason": "STOP",
            "index": 0,
        }
    ],
    "usageMetadata": {
        "promptTokenCount": 12,
        "candidatesTokenCount": 9,
        "thoughtsTokenCount": 4,
        "totalTokenCount": 25,
        "cachedContentTokenCount": 3,
    },
    "modelVersion": "gemini-2.5-flash",
    "responseId": "r-3",
}


def _client(http: httpx.Client) -> genai.Client:
    return genai.Client(api_key="k", http_options=types.HttpOptions(httpx_client=http))


def _ask() -> Any:
    tool = types.Tool(function_declarations=[types.FunctionDeclaration(name="moon", description="Phase")])
    config = types.GenerateContentConfig(system_instruction="Speak plainly.", tools=[tool])
    return {"model": "gemini-2.5-flash", "contents": "When is spring tide?", "config": config}


def _same(answers: list[Any], reading: Reading) -> None:
    call, last = reading.call, answers[-1]
    assert (call.response_id, call.response_model) == (last.response_id, last.model_version)
    assert call.finish_reasons == (last.candidates[0].finish_reason.value,)
    usage = last.usage_metadata
    assert call.input_tokens == usage.prompt_token_count
    assert call.output_tokens == usage.candidates_token_count + usage.thoughts_token_count
    assert call.cache_read_input_tokens == usage.cached_content_token_count
    (message,) = reading.content.output_messages
    parts = [part for one in answers for part in one.candidates[0].content.parts]
    said = "".join(part.text for part in parts if part.text and not part.thought)
    assert "".join(part.content for part in message.parts if isinstance(part, Text)) == said
    asked = [(part.name, part.arguments) for part in message.parts if isinstance(part, ToolCall)]
    wanted = [(part.function_call.name, part.function_call.args) for part in parts if part.function_call]
    assert asked == wanted


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_generate_content() -> None:
    canned = Canned(ANSWER)
    with canned.older_client() as http:
        answer = _client(http).models.generate_content(**_ask())
    reading = canned.reading()
    _same([answer], reading)
    assert reading.call.operation == "generate_content"
    assert reading.call.request_model == "gemini-2.5-flash"
    assert [one.name for one in reading.content.tool_definitions] == ["moon"]


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_generate_content_stream() -> None:
    candidate: Any = ANSWER["candidates"][0]  # type: ignore[index]
    parts = candidate["content"]["parts"]
    pieces = [parts[0], {"text": "Spring tide "}, {"text": "on Friday."}]
    chunks: list[Any] = [
        {
            "candidates": [{"content": {"role": "model", "parts": [piece]}, "index": 0}],
            "responseId": "r-3",
            "modelVersion": "gemini-2.5-flash",
        }
        for piece in pieces
    ]
    chunks.append({**ANSWER, "candidates": [{**candidate, "content": {"role": "model", "parts": [parts[2]]}}]})
    canned = Canned(sse(*chunks, newline="\r\n"), EVENT_STREAM)
    with canned.older_client() as http:
        answers = list(_client(http).models.generate_content_stream(**_ask()))
    reading = canned.reading()
    _same(answers, reading)
    assert reading.call.stream is True
