# SPDX-License-Identifier: Apache-2.0
"""The official SDKs accept what the mock says: every surface, sync and async, streaming and not, with tools."""

import asyncio
import itertools
from pathlib import Path

import httpx2
import pytest

from auditor.demo.mock.model import respond, tokens
from auditor.demo.mock.openai_chat import prompt as chat_prompt
from auditor.demo.mock.replies import SENTENCES
from auditor.demo.sdk.anthropic_messages import AnthropicMessages
from auditor.demo.sdk.asking import Ask, Held, Surface, Tool, atalk, break_off, talk
from auditor.demo.sdk.clients import async_clients, clients
from auditor.demo.sdk.google_genai import GoogleGenAI
from auditor.demo.sdk.openai_chat import OpenAIChat
from auditor.demo.sdk.openai_responses import OpenAIResponses
from auditor.demo.sdk.routes import Keys, Route

KEYS = Keys("sk-proj-test", "sk-ant-test", "AIza-test")
WEATHER = Tool(
    name="get_weather",
    description="The weather at a place.",
    parameters={
        "type": "object",
        "properties": {"place": {"type": "string"}, "days": {"type": "integer"}},
        "required": ["place"],
    },
    returns="4 degrees and rain",
)
SURFACES = {
    "chat": (OpenAIChat(), "gpt-4.1", "gpt-4.1-2025-04-14"),
    "responses": (OpenAIResponses(), "gpt-5.4-mini", "gpt-5.4-mini-2026-03-17"),
    "messages": (AnthropicMessages(), "claude-sonnet-5-5", "claude-sonnet-5-5"),
    "generate": (GoogleGenAI(), "gemini-3.8-flash", "gemini-3.8-flash"),
}


def told(surface: Surface, route: Route, ask: Ask, *, asynchronous: bool) -> list[Held]:
    if not asynchronous:
        with clients(KEYS, route) as ours:
            return talk(surface, ours.of(surface), ask)

    async def run() -> list[Held]:
        async with async_clients(KEYS, route) as ours:
            return await atalk(surface, ours.of(surface), ask)

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("name", "stream", "asynchronous"), list(itertools.product(SURFACES, (False, True), (False, True)))
)
def test_text_and_counts_are_whole(route: Route, name: str, stream: bool, asynchronous: bool) -> None:
    surface, model, answering = SURFACES[name]
    ask = Ask(model=model, prompt="Tell me about pallet returns", system="Be brief.", stream=stream)
    (held,) = told(surface, route, ask, asynchronous=asynchronous)
    assert held.model == answering
    assert held.text.count("pallet returns") == SENTENCES
    assert held.finish in {("stop",), ("completed",), ("end_turn",), ("STOP",)}
    assert held.id
    assert held.input_tokens == tokens("Tell me about pallet returns") + tokens("Be brief.")
    assert held.output_tokens == tokens(held.text) + (held.reasoning_tokens or 0)


@pytest.mark.parametrize(
    ("name", "stream", "asynchronous"), list(itertools.product(SURFACES, (False, True), (False, True)))
)
def test_tools_are_called_and_their_results_answered(route: Route, name: str, stream: bool, asynchronous: bool) -> None:
    surface, model, _ = SURFACES[name]
    ask = Ask(model=model, prompt="What is the weather in Rostock for 3 days?", tools=(WEATHER,), stream=stream)
    called, answered = told(surface, route, ask, asynchronous=asynchronous)
    assert called.tools == (("get_weather", {"place": "Rostock", "days": 3}),)
    assert called.text == ""
    assert called.finish in {("tool_calls",), ("completed",), ("tool_use",), ("STOP",)}
    assert "4 degrees and rain" in answered.text
    assert answered.tools == ()
    assert answered.id != called.id


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("name", ["responses", "messages", "generate"])
def test_thinking_is_told_from_text(route: Route, name: str, stream: bool) -> None:
    surface, model, _ = SURFACES[name]
    ask = Ask(model=model, prompt="Tell me about pallet returns", reasoning=True, stream=stream)
    (held,) = told(surface, route, ask, asynchronous=False)
    assert "pallet returns" in held.reasoning
    assert held.reasoning not in held.text
    assert held.text


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("name", SURFACES)
def test_a_limit_cuts_the_answer_and_says_so(route: Route, name: str, stream: bool) -> None:
    surface, model, _ = SURFACES[name]
    ask = Ask(model=model, prompt="Tell me about pallet returns", max_tokens=5, stream=stream)
    (held,) = told(surface, route, ask, asynchronous=False)
    assert held.finish in {("length",), ("incomplete",), ("max_tokens",), ("MAX_TOKENS",)}
    assert held.text.count(" ") < 6


@pytest.mark.parametrize("name", SURFACES)
def test_an_unknown_model_and_an_unknown_key_are_the_sdks_own_errors(route: Route, name: str) -> None:
    surface, _, _ = SURFACES[name]
    (held,) = told(surface, route, Ask(model="retired-model", prompt="Hello"), asynchronous=False)
    assert (held.outcome, held.status) == ("error", 404)
    wrong = Keys("sk-invalid", "sk-invalid", "invalid")
    with clients(wrong, route) as ours:
        (held,) = talk(surface, ours.of(surface), Ask(model="retired-model", prompt="Hello"))
    assert held.status in {400, 401}


@pytest.mark.parametrize("name", SURFACES)
def test_a_stream_can_be_broken_off(route: Route, name: str) -> None:
    surface, model, _ = SURFACES[name]
    with clients(KEYS, route) as ours:
        ask = Ask(model=model, prompt="Tell me about pallet returns", stream=True)
        (held,) = break_off(surface, ours.of(surface), ask, after=2)
    assert held.outcome == "interrupted"


def test_a_cached_system_prompt_counts_as_input(route: Route) -> None:
    ask = Ask(model="claude-haiku-5-5", prompt="Hello there", system="Be brief and kind.", cache=True)
    (held,) = told(AnthropicMessages(), route, ask, asynchronous=False)
    assert (held.cached_tokens, held.input_tokens) == (5, 7)


def test_files_and_fine_tuning(route: Route, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}\n')
    with clients(KEYS, route) as ours:
        file = ours.openai.files.create(file=rows, purpose="fine-tune")
        job = ours.openai.fine_tuning.jobs.create(model="gpt-4.1-mini", training_file=file.id, suffix="care")
        assert ours.openai.files.retrieve(file.id).bytes == rows.stat().st_size
        assert ours.openai.fine_tuning.jobs.retrieve(job.id).training_file == file.id
    assert (file.purpose, file.filename, job.status) == ("fine-tune", "rows.jsonl", "validating_files")


def test_a_broken_training_file_is_refused(route: Route) -> None:
    with clients(KEYS, route) as ours:
        with pytest.raises(Exception, match="Line 2 of the training file is not valid JSON") as refused:
            ours.openai.files.create(file=("rows.jsonl", b'{"messages": []}\n{"mess'), purpose="fine-tune")
        assert OpenAIChat().failure(refused.value) == 400
        with pytest.raises(Exception, match="invalid training_file"):
            ours.openai.fine_tuning.jobs.create(model="gpt-4.1-mini", training_file="file-none")


def test_embeddings_are_the_same_however_encoded(route: Route) -> None:
    asked = {"model": "text-embedding-3-small", "input": ["one text", "another"], "dimensions": 16}
    with clients(KEYS, route) as ours:
        packed = ours.openai.embeddings.create(**asked)
        plain = ours.openai.embeddings.create(**asked, encoding_format="float")
    assert [len(item.embedding) for item in plain.data] == [16, 16]
    assert packed.data[1].embedding == pytest.approx(plain.data[1].embedding)
    assert plain.data[0].embedding != plain.data[1].embedding
    assert plain.usage.prompt_tokens == 3


def test_gemini_without_sse_streams_one_json_array(route: Route) -> None:
    body = {"contents": [{"parts": [{"text": "Tell me about pallet returns"}]}]}
    with httpx2.Client(**route.arguments()) as client:
        address = "https://generativelanguage.googleapis.com/v1beta/models/gemini-3.8-flash:streamGenerateContent"
        answer = client.post(address, params={"key": "AIza-test"}, json=body)
    chunks = answer.json()
    assert len(chunks) > 2
    assert [("finishReason" in chunk["candidates"][0]) for chunk in chunks] == [False] * (len(chunks) - 1) + [True]


def test_the_same_prompt_gets_the_same_answer() -> None:
    request = {"model": "gpt-4.1", "messages": [{"role": "user", "content": "Tell me about pallet returns"}]}
    assert respond(chat_prompt(request)) == respond(chat_prompt(request))
